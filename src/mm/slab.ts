import { type FramePool, PAGE_SIZE } from "./frames.ts";
import { KernelPages } from "./kernel-pages.ts";

/** Kernel objects of one size, so many to a frame: how the memory that small objects take is accounted for. */
export class Slab {
  /** Objects that exist now. */
  used = 0;
  private readonly pages: KernelPages;
  private readonly perFrame: number;

  /** @param bytes the size of one object, at most a page */
  constructor(pool: FramePool, bytes: number) {
    this.pages = new KernelPages(pool);
    this.perFrame = Math.floor(PAGE_SIZE / bytes);
  }

  /** Accounts for one object more; false when there is no memory for it. */
  alloc(): boolean {
    if (!this.pages.grow(Math.ceil((this.used + 1) / this.perFrame))) return false;
    this.used++;
    return true;
  }

  /** One object less. */
  free(): void {
    this.used--;
    this.pages.shrink(Math.ceil(this.used / this.perFrame));
  }
}
