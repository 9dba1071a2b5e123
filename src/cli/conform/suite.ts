import type { EmulatedKernel } from "../../conform/on-emulator.ts";
import { inParallel } from "../../conform/parallel.ts";
import type { PlacedVector } from "../../conform/parse.ts";
import { type TranscriptLine, transcriptOf } from "../../conform/transcript.ts";
import type { Vector } from "../../conform/vector.ts";
import type { Judged, Verdict } from "../../conform/verdict.ts";
import { EXIT } from "../exit.ts";
import { paintFor } from "../paint.ts";
import type { Terminal } from "../terminal.ts";
import { failureLines } from "./failure.ts";
import { judgedJson, tallyJson } from "./json.ts";
import { progressOn } from "./progress.ts";
import { summaryLines, tally, tallyText } from "./summary.ts";

/** A run over cases: who answers, and how it is judged. */
export interface Suite {
  readonly cases: readonly PlacedVector[];
  /** What the figures are of: "trapgate clone3-614". */
  readonly name: string;
  readonly verdict: (vector: Vector) => Promise<Verdict>;
  /** Whose calls stand below a failed case; null where that would show another kernel than the one that failed. */
  readonly shown: EmulatedKernel | null;
  /** What the two sides of a failure are called. */
  readonly sides?: readonly [expected: string, got: string];
  /** A live kernel is part of it: cases may be skipped. */
  readonly live: boolean;
  readonly jobs: number;
}

/** Failed cases that are written out; of the others there are the figures. */
const MOST_SHOWN = 20;

/** Runs a suite and writes its page, or its lines of JSON. The exit code says whether a case failed. */
export async function runSuite(suite: Suite, terminal: Terminal, json: boolean): Promise<void> {
  const { cases, verdict } = suite;
  const progress = progressOn(terminal, cases.length);
  const started = performance.now();
  const judged = await inParallel(
    cases,
    async (placed): Promise<Judged> => ({ placed, verdict: await verdict(placed.vector) }),
    { jobs: suite.jobs, done: progress.show },
  );
  const seconds = (performance.now() - started) / 1000;
  progress.clear();
  if (json) {
    for (const each of judged) terminal.out(`${judgedJson(each)}\n`);
    terminal.out(`${tallyJson(judged, suite.name)}\n`);
  } else terminal.out(page(suite, judged, seconds, terminal));
  if (tally(judged).failed > 0) terminal.exitCode = EXIT.failed;
}

function page(suite: Suite, judged: readonly Judged[], seconds: number, terminal: Terminal): string {
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
    paint("faint", speedText(judged.length, suite.name, seconds)),
    tallyText(tally(judged), suite.live),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

/** `116 cases on trapgate clone3-614 in 0.1 s, 1400 a second` */
export function speedText(cases: number, name: string, seconds: number): string {
  const rate = Math.round(cases / Math.max(seconds, 0.001));
  return `${cases} cases on ${name} in ${seconds.toFixed(1)} s, ${rate} a second`;
}
