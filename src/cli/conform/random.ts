import type { Executor } from "../../conform/answer.ts";
import type { Difference } from "../../conform/compare.ts";
import { disagreementOf } from "../../conform/disagree.ts";
import type { EmulatedKernel } from "../../conform/on-emulator.ts";
import type { PlacedVector } from "../../conform/parse.ts";
import { randomQuestion, shrink } from "../../conform/random/campaign.ts";
import { recordCase } from "../../conform/record.ts";
import type { Rehearsed } from "../../conform/rehearsal.ts";
import { transcriptOf } from "../../conform/transcript.ts";
import type { Judged } from "../../conform/verdict.ts";
import { EXIT } from "../exit.ts";
import { paintFor } from "../paint.ts";
import { lineWith } from "../record/change.ts";
import type { Terminal } from "../terminal.ts";
import { failureLines } from "./failure.ts";
import { rehearseAll, speedText } from "./suite.ts";
import { summaryLines, tally, tallyText } from "./summary.ts";

/** What a campaign of random calls is made of. */
export interface RandomOptions {
  readonly count: number;
  readonly seed: number;
  readonly jobs: number;
  readonly json: boolean;
}

/** Cases that are held in memory with their answers at a time. */
const BATCH = 5_000;
/** Different disagreements that are shown; more of them mostly have the same few causes. */
const MOST_SHRUNK = 5;
/** Disagreements that are shrunk to find those. */
const MOST_LOOKED_AT = 40;

/**
 * Holds two kernels against each other over random clone and clone3 calls and small programs. What they disagree about is made as plain as
 * it can be, and printed as a program and as a case to keep.
 */
export async function runRandom(
  live: Executor,
  emulated: EmulatedKernel,
  options: RandomOptions,
  terminal: Terminal,
): Promise<void> {
  const { count, seed } = options;
  const judged: Judged[] = [];
  let speeds: readonly Rehearsed[] = [];
  for (let from = 0; from < count; from += BATCH) {
    const batch = Array.from(
      { length: Math.min(BATCH, count - from) },
      (_, i) => randomQuestion(seed, from + i).vector,
    );
    const kernels = await rehearseAll(
      [
        { executor: emulated, jobs: 1 },
        { executor: live, jobs: options.jobs },
      ],
      batch,
      terminal,
    );
    const [ours, theirs] = kernels.map(({ executor }) => executor) as [Executor, Executor];
    const verdict = disagreementOf(theirs, ours);
    for (const [i, vector] of batch.entries())
      judged.push({ placed: { vector, file: "random", line: from + i }, verdict: await verdict(vector) });
    speeds = kernels.map((each, i) => together(each, speeds[i]));
  }
  const found = await shrinkAll(judged, live, emulated, seed);
  if (options.json) terminal.out(found.map(({ line }) => `${line}\n`).join(""));
  else {
    const { columns } = terminal;
    const paint = paintFor(terminal.color);
    const style = { paint, columns, sides: [live.name, emulated.name] } as const;
    const lines = [
      ...found.flatMap(({ placed, differences, line }) => [
        ...failureLines(placed, differences, transcriptOf(emulated, placed.vector).lines, style),
        line,
        "",
      ]),
      ...summaryLines(judged, paint, columns),
      "",
      ...speeds.map((each) => paint("faint", speedText(each))),
      tallyText(tally(judged), true),
    ];
    terminal.out(lines.map((line) => `${line.trimEnd()}\n`).join(""));
  }
  if (tally(judged).failed > 0) terminal.exitCode = EXIT.failed;
}

function together(last: Rehearsed, before: Rehearsed | undefined): Rehearsed {
  if (before === undefined) return last;
  return { ...last, cases: last.cases + before.cases, seconds: last.seconds + before.seconds };
}

/** A disagreement in its plainest form. */
interface Found {
  readonly placed: PlacedVector;
  readonly differences: readonly Difference[];
  /** The case with the reference's answer, as a line of a file. */
  readonly line: string;
}

/** Shrinks disagreements until there are enough different ones. */
async function shrinkAll(
  judged: readonly Judged[],
  live: Executor,
  emulated: EmulatedKernel,
  seed: number,
): Promise<Found[]> {
  const found = new Map<string, Found>();
  for (const { placed } of judged
    .filter((each) => each.verdict.status === "failed")
    .slice(0, MOST_LOOKED_AT)) {
    const question = randomQuestion(seed, placed.line);
    const { vector, verdict } = await shrink(question, disagreementOf(live, emulated));
    if (verdict.status !== "failed") continue;
    const key = JSON.stringify({ ...vector, id: "" });
    if (found.has(key)) continue;
    const recorded = await recordCase(vector, live, 2);
    const line = recorded.status === "recorded" ? lineWith(vector, recorded.expect) : JSON.stringify(vector);
    found.set(key, { placed: { ...placed, vector }, differences: verdict.differences, line });
    if (found.size === MOST_SHRUNK) break;
  }
  return [...found.values()];
}
