import { RLIMIT } from "../../abi/structs/index.ts";
import type { AddressSpace } from "../../mm/address-space.ts";
import { PAGE_SIZE } from "../../mm/frames.ts";
import { isWritable, VM_LOCKED, type Vma } from "../../mm/vma.ts";
import type { Task } from "../task/task.ts";

/** The memory of a task in the kernel: it has some. */
export function memoryOf(task: Task): AddressSpace {
  if (task.mm === null) throw new Error("a task without memory is in the kernel");
  return task.mm;
}

/** Bytes of the mappings `counts` says yes to, without what lies in [from, to). */
function bytesOf(vmas: readonly Vma[], counts: (vma: Vma) => boolean, from = 0, to = 0): number {
  let bytes = 0;
  for (const vma of vmas) {
    if (!counts(vma)) continue;
    const within = Math.max(0, Math.min(vma.end, to) - Math.max(vma.start, from));
    bytes += vma.end - vma.start - within;
  }
  return bytes;
}

/** Bytes that are locked (`locked_vm`). */
export function lockedBytes(mm: AddressSpace): number {
  return bytesOf(mm.mappings, ({ flags }) => (flags & VM_LOCKED) !== 0);
}

/** `may_expand_vm`: whether a mapping of [start, start + length) stays within RLIMIT_AS, and RLIMIT_DATA if it is data. */
export function mayExpand(task: Task, start: number, length: number, data: boolean): boolean {
  const { signal } = task;
  const mm = memoryOf(task);
  const pages = (limit: number): number => Math.floor(limit / PAGE_SIZE);
  const fits = (resource: number, counts: (vma: Vma) => boolean): boolean => {
    const limit = pages(signal.rlimit(resource));
    if (limit === Number.POSITIVE_INFINITY) return true;
    return (bytesOf(mm.mappings, counts, start, start + length) + length) / PAGE_SIZE <= limit;
  };
  return fits(RLIMIT.AS, () => true) && (!data || fits(RLIMIT.DATA, isData));
}

/** Private and writable: what RLIMIT_DATA counts (since 4.5). */
function isData(vma: Vma): boolean {
  return vma.shared === null && isWritable(vma.prot);
}
