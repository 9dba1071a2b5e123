import type { Judged } from "../../conform/verdict.ts";
import { type Tally, tally } from "./summary.ts";

/** What became of one case, as a line of JSON. */
export function judgedJson({ placed, verdict }: Judged): string {
  const { vector, file, line } = placed;
  return JSON.stringify({ id: vector.id, group: vector.group, file, line, ...verdict });
}

/** The last line: how many cases came to what. */
export function tallyJson(judged: readonly Judged[], executor: string): string {
  const counts: Tally = tally(judged);
  return JSON.stringify({ kernel: executor, cases: judged.length, ...counts });
}
