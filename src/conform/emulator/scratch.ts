/**
 * Room for images of memory that are needed for one case alone: the same bytes again for the next one. A buffer of its
 * own for each would cost more than many a case.
 */
export class Scratch {
  private room: ArrayBuffer = new ArrayBuffer(1 << 16);
  private used = 0;

  /** `size` bytes that hold anything, good until {@link reset}; they begin at a multiple of 8. */
  take(size: number): Uint8Array {
    const at = this.used;
    const end = at + size;
    // What was handed out keeps the room it lies in.
    if (end > this.room.byteLength) return this.more(size);
    this.used = (end + 7) & ~7;
    return new Uint8Array(this.room, at, size);
  }

  /** Everything that was taken is free again. */
  reset(): void {
    this.used = 0;
  }

  private more(size: number): Uint8Array {
    this.room = new ArrayBuffer(2 * (this.room.byteLength + size));
    this.used = 0;
    return this.take(size);
  }
}
