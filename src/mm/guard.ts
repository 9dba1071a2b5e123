import type { AddressSpace } from "./address-space.ts";
import { PAGE_SIZE } from "./frames.ts";
import { PROT_READ, PROT_WRITE, type Prot } from "./vma.ts";

/** Where a guarded object lies. */
export interface GuardOptions {
  /** Protection of its pages. Default read and write. */
  readonly prot?: Prot;
  /** "end": the byte after the object is unmapped (the default). "start": the byte before it is. */
  readonly side?: "end" | "start";
}

/**
 * Maps memory for an object of `size` bytes so that one edge of it touches an unmapped page: an access one byte too
 * far faults. Returns its address; 0 when there is no room.
 */
export function guardAlloc(mm: AddressSpace, size: number, options: GuardOptions = {}): number {
  const prot = options.prot ?? PROT_READ | PROT_WRITE;
  const pages = Math.max(1, Math.ceil(size / PAGE_SIZE));
  // One page more on either side, which stays unmapped.
  const room = mm.findFree((pages + 2) * PAGE_SIZE);
  if (room === 0) return 0;
  const start = room + PAGE_SIZE;
  if (mm.map(start, pages * PAGE_SIZE, prot) !== null) return 0;
  return options.side === "start" ? start : start + pages * PAGE_SIZE - size;
}
