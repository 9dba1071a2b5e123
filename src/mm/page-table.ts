import type { FramePool } from "./frames.ts";
import { LEAF_PAGES, Leaf, LeafTable, spare } from "./leaf-table.ts";

/** In a page-table word (0: a page nobody has touched): reads go through. */
export const PTE_READ = 1;
/** Writes go through: the frame is this address space's own, or shared on purpose. */
export const PTE_WRITE = 2;
/** The page belongs to a shared mapping: fork keeps it writable in both. */
export const PTE_SHARED = 4;
/** The frame number stands above the three flag bits. */
export const PTE_SHIFT = 3;

/** The leaves of one address space; shared by reference count after a fork, too. */
export class Directory {
  refs = 1;
  readonly leaves: LeafTable;

  constructor(leaves: LeafTable) {
    this.leaves = leaves;
  }
}

/** The directory of every address space without a page: in use by somebody else, so that the first page copies it. */
const NO_DIRECTORY = new Directory(new LeafTable());

/** {@link NO_DIRECTORY}, with one user more. */
export function noDirectory(): Directory {
  NO_DIRECTORY.refs++;
  return NO_DIRECTORY;
}

/** A directory of its own: the same leaves, each with one reference more. */
export function copyDirectory(old: Directory): Directory {
  old.refs--;
  return new Directory(old.leaves.share());
}

/**
 * A leaf of its own: every frame gets one reference more, and private pages lose the right to be written in place in
 * both copies, so that the next write makes a copy of the page.
 */
export function copyLeaf(pool: FramePool, old: Leaf): Leaf {
  const copy = new Leaf(old.region);
  const from = old.entries;
  const to = copy.entries;
  for (let i = 0; i < LEAF_PAGES; i++) {
    let entry = from[i] as number;
    if (entry === 0) continue;
    if ((entry & PTE_SHARED) === 0) {
      entry &= ~PTE_WRITE;
      from[i] = entry;
    }
    pool.share(entry >>> PTE_SHIFT);
    to[i] = entry;
  }
  old.refs--;
  return copy;
}

/** Lets go of a directory; the last reference frees its leaves, and theirs the frames. */
export function releaseDirectory(pool: FramePool, directory: Directory): void {
  if (--directory.refs > 0) return;
  for (const leaf of directory.leaves.values()) releaseLeaf(pool, leaf);
  directory.leaves.clear();
}

/** Lets go of a leaf. */
export function releaseLeaf(pool: FramePool, leaf: Leaf): void {
  if (--leaf.refs > 0) return;
  const { entries } = leaf;
  for (let i = 0; i < LEAF_PAGES; i++) {
    const entry = entries[i] as number;
    if (entry === 0) continue;
    pool.release(entry >>> PTE_SHIFT);
    entries[i] = 0;
  }
  spare(leaf);
}

/** Points an entry at `frame`, with the reference that goes with it. */
export function setEntry(pool: FramePool, leaf: Leaf, index: number, frame: number, flags: number): void {
  const old = (leaf.entries[index] as number) >>> PTE_SHIFT;
  if (old !== frame) {
    pool.share(frame);
    pool.release(old);
  }
  leaf.entries[index] = ((frame << PTE_SHIFT) | (flags & (PTE_READ | PTE_WRITE | PTE_SHARED))) >>> 0;
}

/** Entries of a directory that have a frame. */
export function countResident(directory: Directory): number {
  let count = 0;
  for (const leaf of directory.leaves.values()) {
    for (const entry of leaf.entries) if (entry >>> PTE_SHIFT !== 0) count++;
  }
  return count;
}
