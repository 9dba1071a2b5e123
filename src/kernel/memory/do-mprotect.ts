import type { mprotect as mprotectDecl } from "../../abi/calls/index.ts";
import { PAGE_SIZE } from "../../mm/frames.ts";
import { indexAbove, isWritable, VM_GROWSDOWN, VM_NORESERVE, type Vma } from "../../mm/vma.ts";
import type { Call, Rungs } from "../call.ts";
import type { Result } from "../outcome.ts";
import { MAX_MAP_COUNT } from "./do-mmap.ts";
import { memoryOf } from "./memory-limits.ts";

type MprotectCall = Call<Rungs<typeof mprotectDecl>>;

/** `do_mprotect_pkey` once the range is known to be one: mapping by mapping, up to the first that refuses. */
export function protectRange(
  k: MprotectCall,
  start: number,
  end: number,
  prot: number,
  growsDown: boolean,
): Result {
  const mm = memoryOf(k.task);
  let at = start;
  if (growsDown) {
    const first = mm.mappings[indexAbove(mm.mappings, start)];
    if (first === undefined || first.start >= end) return k.fail("hole");
    if ((first.flags & VM_GROWSDOWN) === 0) return k.fail("does-not-grow");
    at = first.start;
  }
  while (at < end) {
    const vma = mm.mappings[indexAbove(mm.mappings, at)];
    if (vma === undefined || vma.start > at) return k.fail("hole");
    const stop = Math.min(end, vma.end);
    if (needsMemory(vma, prot) && (stop - at) / PAGE_SIZE > k.machine.ramPages) return k.fail("no-memory");
    const splits = vma.prot !== prot && (at > vma.start || stop < vma.end);
    if (splits && mm.mappings.length >= MAX_MAP_COUNT) return k.fail("too-many-mappings");
    if (mm.protect(at, stop - at, prot) !== null) return k.fail("no-memory");
    at = stop;
  }
  return 0;
}

/** Private memory that becomes writable is reserved, unless its mapping said not to. */
function needsMemory(vma: Vma, prot: number): boolean {
  return isWritable(prot) && !isWritable(vma.prot) && vma.shared === null && (vma.flags & VM_NORESERVE) === 0;
}
