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

/** VM_GROWSDOWN: an access below the mapping makes it longer, as a stack. */
export const VM_GROWSDOWN = 1;
/** VM_LOCKED: the pages count against RLIMIT_MEMLOCK. */
export const VM_LOCKED = 2;
/** VM_WIPEONFORK: a forked child sees zeros. */
export const VM_WIPEONFORK = 4;
/** VM_NORESERVE: no memory is set aside for the mapping. */
export const VM_NORESERVE = 8;

/** stack_guard_gap: bytes below a growing mapping that nothing is placed in. */
const STACK_GUARD_GAP = 256 * 4096;

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
  /** {@link VM_GROWSDOWN}, {@link VM_LOCKED}, {@link VM_WIPEONFORK}, {@link VM_NORESERVE}. */
  readonly flags: number;
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
  readonly flags: number;
  readonly shared: boolean;
}

/** What a host sees of a mapping. */
export function mappingOf({ start, end, prot, flags, shared }: Vma): Mapping {
  return { start, end, prot, flags, shared: shared !== null };
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

/** Where the first mapping that ends above `address` stands in the list; its length when there is none. */
export function indexAbove(vmas: readonly Vma[], address: number): number {
  let low = 0;
  let high = vmas.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((vmas[middle] as Vma).end > address) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** `vm_start_gap`: where a mapping begins, with what it keeps free below it. */
function startWithGap(vma: Vma): number {
  return (vma.flags & VM_GROWSDOWN) === 0 ? vma.start : Math.max(0, vma.start - STACK_GUARD_GAP);
}

/**
 * Whether [start, end) may be handed out: nothing is mapped there, and no mapping above keeps it free to grow into.
 */
export function isFree(vmas: readonly Vma[], start: number, end: number): boolean {
  const above = vmas[indexAbove(vmas, start)];
  return above === undefined || end <= startWithGap(above);
}

/** Whether something is mapped in [start, end). */
export function intersects(vmas: readonly Vma[], start: number, end: number): boolean {
  const above = vmas[indexAbove(vmas, start)];
  return above !== undefined && above.start < end;
}

/**
 * `expand_downwards`: the list with the mapping above `address` grown down to the page of `address`; null when no
 * mapping above grows, or one below is too near.
 */
export function grown(vmas: readonly Vma[], address: number, lowest: number, longest: number): Vma[] | null {
  const at = indexAbove(vmas, address);
  const vma = vmas[at];
  if (vma === undefined || (vma.flags & VM_GROWSDOWN) === 0 || vma.start <= address) return null;
  const start = address - (address % 4096);
  if (start < lowest || vma.end - start > longest) return null;
  const below = vmas[at - 1];
  const near = below !== undefined && start - below.end < STACK_GUARD_GAP;
  if (near && (below.flags & VM_GROWSDOWN) === 0 && isReadable(below.prot)) return null;
  return [...vmas.slice(0, at), { ...vma, start }, ...vmas.slice(at + 1)];
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
      last.flags === next.flags &&
      !last.shared &&
      !next.shared;
    if (joins) merged[merged.length - 1] = { ...last, end: next.end };
    else merged.push(next);
  }
  return merged;
}

/** The highest free range of `size` bytes (whole pages) in [lowest, below); 0 when there is none. */
export function findGap(vmas: readonly Vma[], size: number, lowest: number, below: number): number {
  if (!(size > 0)) return 0;
  let top = below;
  for (let i = vmas.length - 1; i >= 0; i--) {
    const vma = vmas[i] as Vma;
    if (startWithGap(vma) >= top) continue;
    if (vma.end + size <= top) break;
    top = startWithGap(vma);
  }
  const at = top - size;
  return at >= lowest ? at : 0;
}
