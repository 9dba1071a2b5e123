import type { Executor } from "../../conform/answer.ts";
import type { EmulatedKernel } from "../../conform/on-emulator.ts";
import type { PlacedVector } from "../../conform/parse.ts";
import { type Rehearsed, rehearse } from "../../conform/rehearsal.ts";
import { type TranscriptLine, transcriptOf } from "../../conform/transcript.ts";
import type { Vector } from "../../conform/vector.ts";
import type { Judged, Verdict } from "../../conform/verdict.ts";
import { EXIT } from "../exit.ts";
import { paintFor } from "../paint.ts";
import type { Terminal } from "../terminal.ts";
import { failureLines } from "./failure.ts";
import { judgedJson, rateOf, tallyJson } from "./json.ts";
import { progressOn } from "./progress.ts";
import { summaryLines, tally, tallyText } from "./summary.ts";

/** A kernel that is asked. */
export interface Asked {
  readonly executor: Executor;
  /** Cases under way at a time. */
  readonly jobs: number;
}

/** A run over cases: who answers, and how it is judged. */
export interface Suite {
  readonly cases: readonly PlacedVector[];
  readonly kernels: readonly Asked[];
  /** The verdict on a case. @param said gives what a kernel has said already */
  readonly verdict: (said: (kernel: Executor) => Executor) => (vector: Vector) => Promise<Verdict>;
  /** Whose calls stand below a failed case; null where that would show another kernel than the one that failed. */
  readonly shown: EmulatedKernel | null;
  /** What the two sides of a failure are called. */
  readonly sides?: readonly [expected: string, got: string];
  /** A live kernel is part of it: cases may be skipped. */
  readonly live: boolean;
}

/** Failed cases that are written out; of the others there are the figures. */
const MOST_SHOWN = 20;

/** Runs a suite and writes its page, or its lines of JSON. The exit code says whether a case failed. */
export async function runSuite(suite: Suite, terminal: Terminal, json: boolean): Promise<void> {
  const { cases, kernels } = suite;
  const rehearsed = await rehearseAll(
    kernels,
    cases.map(({ vector }) => vector),
    terminal,
  );
  const verdict = suite.verdict(
    (kernel) => rehearsed[kernels.findIndex(({ executor }) => executor === kernel)]?.executor ?? kernel,
  );
  const judged: Judged[] = [];
  for (const placed of cases) judged.push({ placed, verdict: await verdict(placed.vector) });
  if (json) {
    for (const each of judged) terminal.out(`${judgedJson(each)}\n`);
    terminal.out(`${tallyJson(judged, rehearsed)}\n`);
  } else terminal.out(page(suite, judged, rehearsed, terminal));
  if (tally(judged).failed > 0) terminal.exitCode = EXIT.failed;
}

/** Asks each kernel every case, with progress on the terminal. */
export async function rehearseAll(
  kernels: readonly Asked[],
  vectors: readonly Vector[],
  terminal: Terminal,
): Promise<Rehearsed[]> {
  const progress = progressOn(terminal, vectors.length * kernels.length);
  const all: Rehearsed[] = [];
  for (const { executor, jobs } of kernels) {
    const before = all.length * vectors.length;
    all.push(await rehearse(executor, vectors, { jobs, done: (count) => progress.show(before + count) }));
  }
  progress.clear();
  return all;
}

function page(
  suite: Suite,
  judged: readonly Judged[],
  rehearsed: readonly Rehearsed[],
  terminal: Terminal,
): string {
  const { columns } = terminal;
  const paint = paintFor(terminal.color);
  const { shown, sides } = suite;
  const style = { paint, columns, ...(sides === undefined ? {} : { sides }) };
  const failed = judged.filter(({ verdict }) => verdict.status === "failed");
  const failures = failed.slice(0, MOST_SHOWN).flatMap(({ placed, verdict }) => {
    if (verdict.status !== "failed") return [];
    const lines: ReadonlyMap<string, TranscriptLine> =
      shown === null ? new Map() : transcriptOf(shown, placed.vector).lines;
    return [...failureLines(placed, verdict.differences, lines, style), ""];
  });
  const hidden = failed.length - MOST_SHOWN;
  const lines = [
    ...failures,
    ...(hidden > 0
      ? [paint("faint", `… and ${hidden} more cases failed: --only shows some of them`), ""]
      : []),
    ...summaryLines(judged, paint, columns),
    "",
    ...rehearsed.map((each) => paint("faint", speedText(each))),
    tallyText(tally(judged), suite.live),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

/** `116 cases on trapgate clone3-614 in 0.1 s, 1400 a second` */
export function speedText({ cases, executor, seconds }: Rehearsed): string {
  return `${cases} cases on ${executor.name} in ${seconds.toFixed(1)} s, ${rateOf({ cases, seconds })} a second`;
}
