/** Protection bits of a mapping, as mmap takes them. */
export type Prot = number;

/** No access at all. */
export const PROT_NONE = 0;
/** The page can be read. */
export const PROT_READ = 1;
/** The page can be written; on x86 also read. */
export const PROT_WRITE = 2;
/** The page can be executed; on x86 also read. */
export const PROT_EXEC = 4;

/** On x86 a page that can be written or executed can be read. */
export function isReadable(prot: Prot): boolean {
  return (prot & (PROT_READ | PROT_WRITE | PROT_EXEC)) !== 0;
}

/** Whether a page can be written. */
export function isWritable(prot: Prot): boolean {
  return (prot & PROT_WRITE) !== 0;
}

/** Frames of a shared mapping by page index: the same ones in every address space that maps it. */
export class SharedPages {
  readonly frames: Map<number, number> = new Map();
  /** Mappings that refer to this object. */
  users = 0;
}

/** One mapping: [start, end), page aligned, immutable. */
export interface Vma {
  readonly start: number;
  readonly end: number;
  readonly prot: Prot;
  /** The pages behind a shared mapping; null for a private one. */
  readonly shared: SharedPages | null;
  /** Page index into {@link shared} of the first page. */
  readonly offset: number;
}

/** A mapping as a host sees it. */
export interface Mapping {
  readonly start: number;
  readonly end: number;
  readonly prot: Prot;
  readonly shared: boolean;
}

/** The mapping that holds `address`, found by bisection in a sorted list; undefined in a hole. */
export function findVma(vmas: readonly Vma[], address: number): Vma | undefined {
  let low = 0;
  let high = vmas.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const vma = vmas[middle] as Vma;
    if (address < vma.start) high = middle - 1;
    else if (address >= vma.end) low = middle + 1;
    else return vma;
  }
  return undefined;
}

/** The list without [start, end): mappings that straddle an edge are split. */
export function cutOut(vmas: readonly Vma[], start: number, end: number): Vma[] {
  const rest: Vma[] = [];
  for (const vma of vmas) {
    if (vma.end <= start || vma.start >= end) {
      rest.push(vma);
      continue;
    }
    if (vma.start < start) rest.push({ ...vma, end: start });
    if (vma.end > end) rest.push(tail(vma, end));
  }
  return rest;
}

/** The part of a mapping from `start` on. */
export function tail(vma: Vma, start: number): Vma {
  return { ...vma, start, offset: vma.offset + (start - vma.start) / 4096 };
}

/** The list with one mapping more; private neighbours of the same protection become one. */
export function insert(vmas: readonly Vma[], vma: Vma): Vma[] {
  const list = [...vmas, vma].sort((a, b) => a.start - b.start);
  const merged: Vma[] = [];
  for (const next of list) {
    const last = merged[merged.length - 1];
    const joins =
      last !== undefined &&
      last.end === next.start &&
      last.prot === next.prot &&
      !last.shared &&
      !next.shared;
    if (joins) merged[merged.length - 1] = { ...last, end: next.end };
    else merged.push(next);
  }
  return merged;
}

/** Where mmap looks no lower by itself. */
const LOWEST = 0x1_0000;

/** The highest free range of `size` bytes (whole pages) below `below`; 0 when there is none. */
export function findGap(vmas: readonly Vma[], size: number, below: number): number {
  if (!(size > 0)) return 0;
  let top = below;
  for (let i = vmas.length - 1; i >= 0; i--) {
    const vma = vmas[i] as Vma;
    if (vma.start >= top) continue;
    if (vma.end + size <= top) break;
    top = vma.start;
  }
  const at = top - size;
  return at >= LOWEST ? at : 0;
}
