import type { FramePool } from "./frames.ts";
import { KernelPages } from "./kernel-pages.ts";
import { letGo } from "./shared-pages.ts";
import { VM_NORESERVE, type Vma } from "./vma.ts";

/** Mappings that cost nothing. */
const FEW = 64;

/** A struct vm_area_struct is 256 bytes long. */
const PER_FRAME = 16;

/**
 * The mappings of one address space: an immutable list, replaced as a whole. A long one takes guest memory; one that
 * came by a fork is its maker's until it is replaced.
 */
export class MappingList {
  /** In ascending order. */
  all: readonly Vma[] = [];
  /** A mapping has flags: forks and faults take a closer look. */
  flagged = false;
  /** Null while the list never was a long one of its own. */
  pages: KernelPages | null = null;
  private readonly pool: FramePool;

  constructor(pool: FramePool) {
    this.pool = pool;
  }

  /** Frames it takes. */
  get frames(): number {
    return this.pages?.count ?? 0;
  }

  /**
   * Accounts for `list`, which may be {@link replace}d with afterwards; false, and nothing has changed, when there is
   * no memory for it.
   */
  makeRoom(list: readonly Vma[]): boolean {
    return this.take(framesOf(list));
  }

  /** Replaces the mappings; every one of them counts as a user of the shared pages behind it. */
  replace(list: readonly Vma[]): void {
    const old = this.all;
    this.all = list;
    this.flagged = hasFlags(list);
    this.share();
    this.pages?.shrink(framesOf(list));
    letGo(this.pool, old);
  }

  /** One user more of the shared pages behind every mapping: for a fork, or a snapshot. */
  share(): readonly Vma[] {
    for (const { shared } of this.all) if (shared !== null) shared.users++;
    return this.all;
  }

  /** Takes over a list whose users are counted already; what was there has been {@link release}d. */
  adopt(list: readonly Vma[], frames = 0): void {
    this.all = list;
    this.flagged = hasFlags(list);
    this.take(frames);
  }

  /** Lets go of everything. */
  release(): void {
    letGo(this.pool, this.all);
    this.all = [];
    this.flagged = false;
    this.pages?.shrink(0);
  }

  /** Holds at least so many frames; false, and as many as before, when there are not enough. */
  private take(frames: number): boolean {
    if (frames === 0) return true;
    this.pages ??= new KernelPages(this.pool);
    return this.pages.grow(frames);
  }
}

function hasFlags(list: readonly Vma[]): boolean {
  return list.some(({ flags }) => (flags & ~VM_NORESERVE) !== 0);
}

function framesOf(list: readonly Vma[]): number {
  return Math.ceil(Math.max(0, list.length - FEW) / PER_FRAME);
}
