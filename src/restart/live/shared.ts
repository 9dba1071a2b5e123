/** Where the parts of a restart's program lie, in both widths. */
export const PLACES = { code: 0x0800_0000, table: 0x1000_0000, shared: 0x4000_0000 } as const;

/** Fields at the start of shared memory. */
export const HEAD = {
  /** Which call failed, counted from 1; 0 for none. */
  failed: 0,
  /** The number of the init of the outermost namespace, as the program's first task knows it. */
  init: 8,
  /** Nobody ever writes there, 16 bytes: who waits for it waits for ever. */
  never: 16,
  /** For what nobody reads. */
  spare: 32,
  size: 64,
} as const;

/** The memory that all tasks of a restart share: a word for each call that says it may be made, and one for its answer. */
export class Shared {
  readonly size: number;
  readonly never: number = PLACES.shared + HEAD.never;
  /** 16 bytes that stay 0. */
  readonly zeros: number = this.never;
  readonly spare: number = PLACES.shared + HEAD.spare;
  readonly failed: number = PLACES.shared + HEAD.failed;
  readonly init: number = PLACES.shared + HEAD.init;
  private readonly calls: number;

  constructor(calls: number) {
    this.calls = calls;
    this.size = HEAD.size + (calls + 2) * 4 + calls * 4;
  }

  /** Where the restarter's report is let go. */
  get report(): number {
    return this.go(this.calls);
  }

  /** Where call `i` is let go. */
  go(i: number): number {
    return PLACES.shared + HEAD.size + i * 4;
  }

  result(i: number): number {
    return this.go(this.calls + 2 + i);
  }

  /** What a report says of the call that failed: which, counted from 0, and its answer; null when none did. */
  failureIn(report: DataView): { readonly call: number; readonly answer: number } | null {
    const failed = report.getUint32(HEAD.failed, true);
    if (failed === 0) return null;
    const at = this.result(failed - 1) - PLACES.shared;
    return { call: failed - 1, answer: report.getInt32(at, true) };
  }
}
