/** Work to time: does `n` units and returns something that depends on all of them. */
export type Work = (n: number) => number;

/** One timed row, in nanoseconds a unit. */
export interface Row {
  readonly title: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Median in units of the calibration loop of the same run. */
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

/** Units that fill a round, found while the code warms up. */
function warmUp(work: Work): number {
  let n = 1;
  let took = 0;
  const start = now();
  for (;;) {
    const before = now();
    sink ^= work(n) | 0;
    took = now() - before;
    if (took > ROUND_MS * 1e6 || now() - start > WARM_MS * 1e6) break;
    if (took < ROUND_MS * 0.5e6) n *= 2;
  }
  return Math.max(1, Math.round((n * ROUND_MS * 1e6) / Math.max(took, 1)));
}

/** Times every variant in interleaved rounds beside the calibration loop, and returns medians. */
export function measure(variants: readonly Variant[]): Row[] {
  const timed = [{ title: "cal", work: calibration } as Variant, ...variants].map((variant) => ({
    variant,
    n: warmUp(variant.work),
    times: [] as number[],
  }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const row of timed) {
      const before = now();
      sink ^= row.variant.work(row.n) | 0;
      row.times.push((now() - before) / row.n);
    }
  }
  const median = (times: number[]): number => times.sort((x, y) => x - y)[times.length >> 1] as number;
  const cal = median((timed[0] as (typeof timed)[0]).times);
  return timed.slice(1).map(({ variant, times }) => {
    const middle = median(times);
    return {
      title: variant.title,
      median: middle,
      min: times[0] as number,
      max: times[times.length - 1] as number,
      cal: middle / cal,
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
