/**
 * A system-call table: dense rows indexed by number. Anything outside, and every hole, is the `missing` row.
 */
export class SyscallTable<R> {
  /** The row of numbers nobody has. */
  readonly missing: R;
  /** Dense: holes hold {@link missing}. */
  readonly rows: R[] = [];

  constructor(missing: R) {
    this.missing = missing;
  }

  /** Puts a row at number `nr` (a non-negative integer). @throws RangeError for any other */
  set(nr: number, row: R): void {
    if (!Number.isSafeInteger(nr) || nr < 0) throw new RangeError(`${nr} is not a syscall number`);
    while (this.rows.length < nr) this.rows.push(this.missing);
    this.rows[nr] = row;
  }

  /** The row of `nr`; never undefined, whatever the number. */
  get(nr: number): R {
    return nr >= 0 && nr < this.rows.length ? (this.rows[nr] as R) : this.missing;
  }

  /** One more than the highest number (`NR_syscalls`). */
  get size(): number {
    return this.rows.length;
  }
}
