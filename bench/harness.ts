/**
 * Times small pieces of work.
 *
 * A file of benchmarks is `bench/N-name.bench.ts`, listed in main.ts. It exports a `title` and `rows`, in the order of
 * the report:
 *
 *     export const title = "User memory";
 *     export const rows: BenchRow[] = [
 *       { title: "copy_from_user 16 B", setup: () => { const pool = …; return (n) => { …n copies…; return left; }; }, goal: 25 },
 *     ];
 *
 * `setup` sets the scene and returns the work. The work holds the loop itself, does `n` units, and returns a number that
 * depends on all of them: the harness sinks it, so that nothing is optimised away. Take inputs from tables (xorshift),
 * never from constants. A gauge is read once instead: a size, or a latency.
 *
 * A row warms up for at least 150 ms of processor time; then come rounds of about 25 ms, the calibration loop's between them, so that a slow
 * moment of the machine falls on both. The figure is the median of the rounds, with [min .. max] beside it.
 *
 * A goal is in nanoseconds on a machine where a turn of the calibration loop takes {@link REFERENCE_CAL}; it is held
 * against the ratio to that loop, for nanoseconds do not travel from machine to machine. A goal in bytes is held as it is.
 */

/** Work to time: does `n` units and returns something that depends on all of them. */
export type Work = (n: number) => number;

/** One line of the report. */
export type BenchRow = Timed | Gauge;

/** A row that is timed, in nanoseconds a unit. */
export interface Timed {
  readonly title: string;
  readonly setup: () => Work;
  readonly goal?: number;
}

/** A row that is read once. */
export interface Gauge {
  readonly title: string;
  readonly unit: "ns" | "bytes";
  readonly read: () => number;
  readonly goal?: number;
}

/** What came out. */
export interface Figure {
  readonly title: string;
  readonly unit: "ns" | "bytes";
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Nanoseconds of one turn of the calibration loop, in the same run. */
  readonly cal: number;
  readonly goal: number | null;
  /** Whether the goal is met; null without one. */
  readonly met: boolean | null;
}

/** Nanoseconds of a turn of the calibration loop where the goals were set. */
const REFERENCE_CAL = 2.05;

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
 * The unit of comparison: one turn is ten dependent 32-bit operations, about 2 ns on a machine of 2024.
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

/** Processor time of this process, in milliseconds: what a busy machine takes away is not in it. */
const busy = (): number => process.cpuUsage().user / 1e3;

/** Units that fill a round, found while the code warms up: the speed of its last, longest stretch counts. */
function warmUp(work: Work): number {
  const end = busy() + WARM_MS;
  let n = 1;
  let took = 0;
  do {
    if (took < (ROUND_MS / 4) * 1e6) n *= 2;
    else if (took > ROUND_MS * 1e6 && n > 1) n >>= 1;
    took = time(work, n);
  } while (busy() < end);
  return Math.max(1, Math.round((n * ROUND_MS * 1e6) / Math.max(took, 1)));
}

/** Times or reads rows, all in this process. */
export function measure(rows: readonly BenchRow[]): Figure[] {
  const cal = { work: calibration, n: warmUp(calibration), times: [] as number[] };
  const all = rows.map((row) => {
    if ("read" in row) return { row, times: [row.read()] };
    const work = row.setup();
    return { row, times: [] as number[], work, n: warmUp(work) };
  });
  for (let round = 0; round < ROUNDS; round++) {
    cal.times.push(time(cal.work, cal.n) / cal.n);
    for (const { work, n, times } of all) if (work !== undefined) times.push(time(work, n) / n);
  }
  const turn = median(cal.times);
  return all.map(({ row, times }) => figure(row, times, turn));
}

function figure(row: BenchRow, times: number[], cal: number): Figure {
  const unit = "read" in row ? row.unit : "ns";
  const middle = median(times);
  const { title, goal = null } = row;
  const scale = unit === "ns" ? cal / REFERENCE_CAL : 1;
  const met = goal === null ? null : middle <= goal * scale;
  return { title, unit, median: middle, min: Math.min(...times), max: Math.max(...times), cal, goal, met };
}

function median(times: readonly number[]): number {
  return [...times].sort((x, y) => x - y)[times.length >> 1] as number;
}

/** A line of the report. */
export function line(figure: Figure, width: number): string {
  const { title, unit, median, min, max, cal, goal, met } = figure;
  const say = unit === "ns" ? duration : size;
  const spread = min === max ? "" : `[${say(min)} .. ${say(max)}]`;
  const ratio = unit === "ns" ? `${(median / cal).toFixed(1)} cal` : "";
  const wanted = goal === null ? "" : `  goal ${wantedText(goal, unit)} ${met ? "met" : "MISSED"}`;
  return `  ${title.padEnd(width)}  ${say(median).padStart(9)}  ${spread.padEnd(26)} ${ratio.padStart(13)}${wanted}`;
}

function wantedText(goal: number, unit: Figure["unit"]): string {
  return unit === "ns" ? `${(goal / REFERENCE_CAL).toFixed(1)} cal` : size(goal);
}

/** Nanoseconds in the unit a person would use. */
function duration(ns: number): string {
  if (ns < 1_000) return `${ns.toFixed(ns < 100 ? 1 : 0)} ns`;
  if (ns < 1_000_000) return `${(ns / 1e3).toFixed(2)} µs`;
  return `${(ns / 1e6).toFixed(2)} ms`;
}

function size(bytes: number): string {
  return bytes < 1024 ? `${bytes.toFixed(0)} B` : `${(bytes / 1024).toFixed(2)} KiB`;
}

/** Keeps the results of the work alive. */
export function sunk(): number {
  return sink;
}

/** Memory of this process that is in use, after what is not has been collected: objects, and buffers beside the heap. */
export function hostBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  // What Node calls arrayBuffers is a part of external.
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
