import { REGION, regionOf } from "./address.ts";
import { type FramePool, PAGE_SIZE } from "./frames.ts";
import { Leaf } from "./leaf-table.ts";
import {
  copyDirectory,
  copyLeaf,
  countResident,
  type Directory,
  noDirectory,
  PTE_READ,
  PTE_WRITE,
  releaseDirectory,
  releaseLeaf,
  setEntry,
} from "./page-table.ts";

/** The page tables of one address space, shared with its relatives until one side changes them. */
export class PageDirectory {
  private readonly pool: FramePool;
  private directory: Directory = noDirectory();

  constructor(pool: FramePool) {
    this.pool = pool;
  }

  /** Nobody else has this directory, so what its own leaves say goes for this address space alone. */
  get owned(): boolean {
    return this.directory.refs === 1;
  }

  /** Entries that have a frame, shared ones included. */
  get resident(): number {
    return countResident(this.directory);
  }

  /** This very directory is in use: as long as somebody else refers to it too, nothing in it has changed. */
  is(directory: Directory): boolean {
    return this.directory === directory;
  }

  /** One reference more to everything there is: for a fork, or a snapshot. */
  reference(): Directory {
    this.directory.refs++;
    return this.directory;
  }

  /** Takes over a directory with a reference that is the caller's, in place of what was there. */
  adopt(directory: Directory): void {
    releaseDirectory(this.pool, this.directory);
    this.directory = directory;
  }

  /** Lets go of everything. */
  release(): void {
    releaseDirectory(this.pool, this.directory);
    this.directory = noDirectory();
  }

  /** The leaf of a region, for reading alone; null when nothing was touched there. */
  leaf(region: number): Leaf | null {
    return this.directory.leaves.get(region);
  }

  /** The leaf of a region, this address space's own, to be written. */
  ownLeaf(region: number): Leaf {
    if (this.directory.refs > 1) this.directory = copyDirectory(this.directory);
    const old = this.directory.leaves.get(region);
    if (old !== null && old.refs === 1) return old;
    const leaf = old === null ? new Leaf(region) : copyLeaf(this.pool, old);
    this.directory.leaves.set(leaf);
    return leaf;
  }

  /** Forgets the pages of a range. */
  drop(start: number, end: number): void {
    for (const region of this.directory.leaves.regionsIn(regionOf(start), regionOf(end - 1))) {
      const from = Math.max(start, region * REGION);
      const to = Math.min(end, (region + 1) * REGION);
      if (to - from === REGION) {
        if (this.directory.refs > 1) this.directory = copyDirectory(this.directory);
        const leaf = this.directory.leaves.delete(region);
        if (leaf !== null) releaseLeaf(this.pool, leaf);
        continue;
      }
      const leaf = this.ownLeaf(region);
      for (let at = from; at < to; at += PAGE_SIZE) setEntry(this.pool, leaf, (at >>> 12) & 511, 0, 0);
    }
  }

  /** Takes every right from the pages of a range; the next access looks at the mapping again. */
  narrow(start: number, end: number): void {
    for (const region of this.directory.leaves.regionsIn(regionOf(start), regionOf(end - 1))) {
      const leaf = this.ownLeaf(region);
      const from = Math.max(start, region * REGION);
      const to = Math.min(end, (region + 1) * REGION);
      for (let at = from; at < to; at += PAGE_SIZE) {
        const index = (at >>> 12) & 511;
        leaf.entries[index] = (leaf.entries[index] as number) & ~(PTE_READ | PTE_WRITE);
      }
    }
  }
}
