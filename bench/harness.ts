/**
 * Times small pieces of work beside one another.
 *
 * A file of benchmarks is `bench/N-name.bench.ts`, listed in main.ts. It exports a `title` and `variants()`, which sets
 * the scene and returns the rows in the order of the report:
 *
 *     export const title = "User memory";
 *     export function variants(): Variant[] {
 *       const pool = …;
 *       return [{ title: "copy_from_user 16 B", work: (n) => { …n copies…; return left; }, goal: 25 }];
 *     }
 *
 * `work(n)` holds the loop itself, does `n` units, and returns a number that depends on all of them: the harness sinks
 * it, so that nothing is optimised away. Take inputs from tables (xorshift), never from constants. A goal is in
 * nanoseconds a unit.
 *
 * Every variant warms up for at least 150 ms; then come interleaved rounds of about 25 ms each, the calibration loop
 * among them, so that a slow moment of the machine falls on all rows alike. The figure is the median of the rounds, with
 * [min .. max] beside it. Rows of one group share a process and what its compiler has learnt; `--row` times some alone.
 */

/** Work to time: does `n` units and returns something that depends on all of them. */
export type Work = (n: number) => number;

/** One timed row, in nanoseconds a unit. */
export interface Row {
  readonly title: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Median in turns of the calibration loop of the same run. */
  readonly cal: number;
  /** The goal in nanoseconds, where there is one. */
  readonly goal: number | null;
}

/** A row to be timed. */
export interface Variant {
  readonly title: string;
  readonly work: Work;
  readonly goal?: number;
}

const ROUNDS = 9;
const WARM_MS = 150;
const ROUND_MS = 25;

let sink = 0;

const now = (): number => Number(process.hrtime.bigint());

/** Runs `n` units, and returns the nanoseconds they took. */
function time(work: Work, n: number): number {
  const before = now();
  sink ^= work(n) | 0;
  return now() - before;
}

/**
 * The unit of comparison: one turn is ten dependent 32-bit operations, about 2 ns on a machine of 2024. Ratios to it
 * travel from machine to machine; nanoseconds do not.
 */
function calibration(n: number): number {
  let a = 1;
  let b = 0x9e3779b9 | 0;
  for (let i = n; i > 0; i--) {
    a = (a + b) | 0;
    b = b ^ a;
    a = (a << 5) | (a >>> 27);
    b = (b + a) | 0;
    a = Math.imul(a, 1664525);
    b = b ^ (a >>> 3);
    a = (a - b) | 0;
    b = b & 0x7fffffff;
    a = a ^ i;
    b = (b + 1) | 0;
  }
  return a ^ b;
}

/** Units that fill a round, found while the code warms up: the speed of its last, longest stretch counts. */
function warmUp(work: Work): number {
  const end = now() + WARM_MS * 1e6;
  let n = 1;
  let took = 0;
  do {
    if (took < (ROUND_MS / 4) * 1e6) n *= 2;
    else if (took > ROUND_MS * 1e6 && n > 1) n >>= 1;
    took = time(work, n);
  } while (now() < end);
  return Math.max(1, Math.round((n * ROUND_MS * 1e6) / Math.max(took, 1)));
}

/** Times every variant in interleaved rounds; the calibration loop, whose row comes first, is one of them. */
export function measure(variants: readonly Variant[]): Row[] {
  const all: readonly Variant[] = [{ title: "cal", work: calibration }, ...variants];
  const timed = all.map((variant) => ({ variant, n: warmUp(variant.work), times: [] as number[] }));
  for (let round = 0; round < ROUNDS; round++)
    for (const { variant, n, times } of timed) times.push(time(variant.work, n) / n);
  let cal = 0;
  return timed.map(({ variant, times }) => {
    times.sort((x, y) => x - y);
    const median = times[ROUNDS >> 1] as number;
    if (cal === 0) cal = median;
    return {
      title: variant.title,
      median,
      min: times[0] as number,
      max: times[ROUNDS - 1] as number,
      cal: median / cal,
      goal: variant.goal ?? null,
    };
  });
}

/** Nanoseconds in the unit a person would use. */
export function duration(ns: number): string {
  if (ns < 1_000) return `${ns.toFixed(ns < 100 ? 1 : 0)} ns`;
  if (ns < 1_000_000) return `${(ns / 1e3).toFixed(2)} µs`;
  return `${(ns / 1e6).toFixed(2)} ms`;
}

/** Keeps the results of the work alive. */
export function sunk(): number {
  return sink;
}
