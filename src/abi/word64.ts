/** A 64-bit word as two unsigned 32-bit halves: exact, and without a BigInt. */
export interface Word64 {
  readonly lo: number;
  readonly hi: number;
}
