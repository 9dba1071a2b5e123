import type { Rehearsed } from "../../conform/rehearsal.ts";
import type { Judged } from "../../conform/verdict.ts";
import { type Tally, tally } from "./summary.ts";

/** What became of one case, as a line of JSON. */
export function judgedJson({ placed, verdict }: Judged): string {
  const { vector, file, line } = placed;
  return JSON.stringify({ id: vector.id, group: vector.group, file, line, ...verdict });
}

/** The last line: how many cases came to what, and how fast each kernel answered. */
export function tallyJson(judged: readonly Judged[], kernels: readonly Rehearsed[]): string {
  const counts: Tally = tally(judged);
  const speeds = kernels.map((each) => ({
    kernel: each.executor.name,
    seconds: Number(each.seconds.toFixed(3)),
    perSecond: rateOf(each),
  }));
  return JSON.stringify({ cases: judged.length, ...counts, kernels: speeds });
}

/** Cases a second. */
export function rateOf({ cases, seconds }: Pick<Rehearsed, "cases" | "seconds">): number {
  return Math.round(cases / Math.max(seconds, 0.001));
}
