import { userPtr } from "../abi/pointer.ts";
import type { Iovec } from "./iovec.ts";
import type { Uaccess } from "./uaccess.ts";

/** `struct iov_iter`: the user memory a call moves bytes to or from, and how far it has come. */
export class IovIter {
  /** Bytes still to move. */
  count: number;
  private readonly segments: readonly Iovec[];
  private index = 0;
  private done = 0;

  constructor(segments: readonly Iovec[]) {
    this.segments = segments;
    let count = 0;
    for (const { length } of segments) count += length;
    this.count = count;
  }

  /** `copy_to_iter`: up to `n` bytes from kernel memory; returns how many were copied, fewer at a fault. */
  copyTo(u: Uaccess, kernel: number, n: number): number {
    return this.move(u, kernel, n, true);
  }

  /** `copy_from_iter`: up to `n` bytes into kernel memory; returns how many were copied, fewer at a fault. */
  copyFrom(u: Uaccess, kernel: number, n: number): number {
    return this.move(u, kernel, n, false);
  }

  private move(u: Uaccess, kernel: number, n: number, out: boolean): number {
    const want = Math.min(n, this.count);
    let moved = 0;
    while (moved < want) {
      const { base, length } = this.segments[this.index] as Iovec;
      const run = Math.min(want - moved, length - this.done);
      const at = kernel + moved;
      const user = userPtr(base + this.done);
      const left = out ? u.copyToUser(user, at, run) : u.copyFromUser(at, user, run);
      moved += run - left;
      this.done += run - left;
      this.count -= run - left;
      if (left > 0) break;
      if (this.done === length) {
        this.index++;
        this.done = 0;
      }
    }
    return moved;
  }
}
