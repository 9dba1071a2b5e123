import {
  mmap2 as mmap2Decl,
  mmap as mmapDecl,
  mprotect as mprotectDecl,
  munmap as munmapDecl,
  old_mmap as oldMmapDecl,
} from "../../abi/calls/index.ts";
import { mmap_arg_struct } from "../../abi/structs/index.ts";
import type { Word64 } from "../../abi/word64.ts";
import { PAGE_SIZE } from "../../mm/frames.ts";
import { indexAbove } from "../../mm/vma.ts";
import { type Implementation, implement } from "../call.ts";
import { doMmap, MAX_MAP_COUNT } from "../memory/do-mmap.ts";
import { protectRange } from "../memory/do-mprotect.ts";
import { memoryOf } from "../memory/memory-limits.ts";

const PROT_GROWSDOWN = 0x100_0000;
const PROT_GROWSUP = 0x200_0000;
/** PROT_READ, PROT_WRITE, PROT_EXEC, and PROT_SEM, which means nothing here. */
const PROT_KNOWN = 0xf;
const WORD = 2 ** 32;

/** `mmap`. Source: arch/x86/kernel/sys_x86_64.c. */
export const mmap: Implementation = implement(mmapDecl, (k, { prot, flags, fd }) => {
  const { lo, hi } = k.word("off");
  if (lo % PAGE_SIZE !== 0) return k.fail("offset-unaligned");
  const pageOffset = (hi * WORD) / PAGE_SIZE + lo / PAGE_SIZE;
  return doMmap(k, { addr: k.word("addr"), length: k.word("len"), prot: prot.lo, flags, fd, pageOffset });
});

/** `mmap2`. Source: mm/mmap.c sys_mmap_pgoff. */
export const mmap2: Implementation = implement(mmap2Decl, (k, { prot, flags, fd, pgoff }) =>
  doMmap(k, { addr: k.word("addr"), length: k.word("len"), prot: prot.lo, flags, fd, pageOffset: pgoff }),
);

/** `old_mmap`. Source: arch/x86/ia32/sys_ia32.c ia32_mmap. */
export const old_mmap: Implementation = implement(oldMmapDecl, (k, { arg }) => {
  const layout = k.layout(mmap_arg_struct);
  const at = k.kstack(layout.size);
  if (k.uaccess.copyFromUser(at, arg, layout.size) !== 0) return k.fail("arguments-unreadable");
  const word = (name: string): number => layout.field(name).lo(k.view, at);
  const offset = word("offset");
  if (offset % PAGE_SIZE !== 0) return k.fail("offset-unaligned");
  return doMmap(k, {
    addr: { lo: word("addr"), hi: 0 },
    length: { lo: word("len"), hi: 0 },
    prot: word("prot"),
    flags: { lo: word("flags"), hi: 0 },
    fd: word("fd"),
    pageOffset: offset / PAGE_SIZE,
  });
});

/** `munmap`. Source: mm/vma.c do_vmi_munmap. */
export const munmap: Implementation = implement(munmapDecl, (k, { addr, len }) => {
  const mm = memoryOf(k.task);
  if (k.word("addr").lo % PAGE_SIZE !== 0) return k.fail("address-unaligned");
  if (addr > mm.taskSize || len > mm.taskSize - addr) return k.fail("beyond-user-space");
  if (len === 0) return k.fail("length-zero");
  const end = addr + Math.ceil(len / PAGE_SIZE) * PAGE_SIZE;
  const first = mm.mappings[indexAbove(mm.mappings, addr)];
  if (first === undefined || first.start >= end) return 0;
  const splits = first.start < addr && end < first.end;
  if (splits && mm.mappings.length >= MAX_MAP_COUNT) return k.fail("too-many-mappings");
  return mm.unmap(addr, end - addr) === null ? 0 : k.fail("too-many-mappings");
});

/** `mprotect`. Source: mm/mprotect.c do_mprotect_pkey. */
export const mprotect: Implementation = implement(mprotectDecl, (k, { start, len, prot }) => {
  const growsDown = (prot.lo & PROT_GROWSDOWN) !== 0;
  const growsUp = (prot.lo & PROT_GROWSUP) !== 0;
  const wanted = prot.lo & ~(PROT_GROWSDOWN | PROT_GROWSUP);
  if (growsDown && growsUp) return k.fail("both-growths");
  const from = k.word("start");
  if (from.lo % PAGE_SIZE !== 0) return k.fail("address-unaligned");
  if (len === 0) return 0;
  const end = endOf(from, k.word("len"), k.path.kernel === "i386" ? 32 : 64);
  if (end === null) return k.fail("range-wraps");
  if (prot.hi !== 0 || (wanted & ~PROT_KNOWN) !== 0) return k.fail("unknown-prot");
  if (growsUp) {
    const { mappings } = memoryOf(k.task);
    const first = mappings[indexAbove(mappings, start)];
    const there = first !== undefined && first.start <= start;
    return k.fail(there ? "does-not-grow" : "hole");
  }
  return protectRange(k, start, end, wanted & 7, growsDown);
});

/** The end of a range, its length rounded up to pages, in a kernel's long; null when it wraps around. */
function endOf(start: Word64, length: Word64, bits: 32 | 64): number | null {
  const lo = Math.ceil(length.lo / PAGE_SIZE) * PAGE_SIZE + start.lo;
  const hi = length.hi + start.hi + Math.floor(lo / WORD);
  if (bits === 32 ? hi !== 0 : hi >= WORD) return null;
  const end = hi * WORD + (lo % WORD);
  return end > start.hi * WORD + start.lo ? end : null;
}
