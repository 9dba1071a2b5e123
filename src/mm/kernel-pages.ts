import type { FramePool } from "./frames.ts";

/**
 * Frames a kernel object holds for itself: what user programs make the kernel keep counts against the same memory as
 * their own pages, so it is bounded like them.
 */
export class KernelPages {
  private readonly pool: FramePool;
  private held: number[] = [];

  constructor(pool: FramePool) {
    this.pool = pool;
  }

  /** Frames held now. */
  get count(): number {
    return this.held.length;
  }

  /** Takes a zeroed frame; 0 when none is left. */
  take(): number {
    const frame = this.pool.alloc();
    if (frame === 0) return 0;
    if (this.held.push(frame) === 1) this.pool.holders.add(this);
    return frame;
  }

  /** Takes frames until `count` are held; false, and as many as before, when there are not enough. */
  grow(count: number): boolean {
    const before = this.held.length;
    while (this.held.length < count) {
      if (this.take() !== 0) continue;
      this.shrink(before);
      return false;
    }
    return true;
  }

  /** Gives the youngest frames back until `count` are held. */
  shrink(count: number): void {
    const { held, pool } = this;
    if (held.length <= count) return;
    while (held.length > count) pool.release(held.pop() as number);
    if (count === 0) pool.holders.delete(this);
  }

  /** Gives one frame back. */
  give(frame: number): void {
    const at = this.held.lastIndexOf(frame);
    if (at < 0) throw new RangeError(`frame ${frame} is not held here`);
    this.held.splice(at, 1);
    this.pool.release(frame);
    if (this.held.length === 0) this.pool.holders.delete(this);
  }

  /** Keeps the frames of this moment, whatever becomes of this object, until {@link discard}. */
  snapshot(): readonly number[] {
    for (const frame of this.held) this.pool.share(frame);
    return this.held.slice();
  }

  /** The frames of a snapshot, and no others, are held. */
  isAt(frames: readonly number[]): boolean {
    const { held } = this;
    if (held.length !== frames.length) return false;
    for (let i = 0; i < held.length; i++) if (held[i] !== frames[i]) return false;
    return true;
  }

  /** Goes back to a snapshot, which stays good. */
  restore(frames: readonly number[]): void {
    if (this.isAt(frames)) return;
    for (const frame of frames) this.pool.share(frame);
    this.shrink(0);
    this.held = frames.slice();
    if (frames.length > 0) this.pool.holders.add(this);
  }

  /** Lets go of a snapshot. */
  discard(frames: readonly number[]): void {
    for (const frame of frames) this.pool.release(frame);
  }
}
