/** A 64-bit word as two unsigned 32-bit halves: exact, and without a BigInt. */
export interface Word64 {
  readonly lo: number;
  readonly hi: number;
}

/** Reads the eight bytes at `at` in a byte order. */
export function getWord64(view: DataView, at: number, littleEndian: boolean): Word64 {
  const first = view.getUint32(at, littleEndian);
  const second = view.getUint32(at + 4, littleEndian);
  return littleEndian ? { lo: first, hi: second } : { lo: second, hi: first };
}

/** Writes eight bytes at `at` in a byte order. */
export function setWord64(view: DataView, at: number, { lo, hi }: Word64, littleEndian: boolean): void {
  view.setUint32(at, littleEndian ? lo : hi, littleEndian);
  view.setUint32(at + 4, littleEndian ? hi : lo, littleEndian);
}
