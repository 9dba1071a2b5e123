/** What stands on the command line of `trapgate fuzz`. */
export interface FuzzArguments {
  readonly calls: readonly string[];
  readonly target?: string;
  readonly runs?: number;
  /** Seconds. */
  readonly time?: number;
  readonly seed?: number;
  readonly workers?: number;
  readonly steps?: number;
  readonly detector?: readonly string[];
  readonly profile?: string;
  readonly corpus?: string;
  readonly live?: true;
  readonly out?: string;
  readonly replay?: string;
  /** Seconds. */
  readonly hang?: number;
  readonly queue?: string;
  /** Seconds. */
  readonly lease?: number;
  readonly json?: true;
}

/** Runs where neither their number nor a time is given. */
export const DEFAULT_RUNS = 1_000_000;
/** Seconds without an answer that are a hang. */
export const DEFAULT_HANG = 10;
/** Seconds after which the work of one who is not heard of is given to another. */
export const DEFAULT_LEASE = 30;
