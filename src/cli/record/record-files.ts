import { isDeepStrictEqual } from "node:util";
import type { Executor } from "../../conform/answer.ts";
import { inParallel } from "../../conform/parallel.ts";
import { recordCase } from "../../conform/record.ts";
import { oneLine } from "../../kernel/trace/escape.ts";
import { parsed, readCases, textOf } from "../conform/cases.ts";
import { failureLines } from "../conform/failure.ts";
import { progressOn } from "../conform/progress.ts";
import { EXIT } from "../exit.ts";
import { wrap } from "../layout.ts";
import { paintFor } from "../paint.ts";
import type { Terminal } from "../terminal.ts";
import { WrongArgument, word } from "../wrong-argument.ts";
import { answerLines } from "./answer-lines.ts";
import { type Change, changeOf, lineWith, type RecordedCase } from "./change.ts";
import { replaceFile, withLines } from "./rewrite.ts";

/** New answers that are written out. */
const MOST_SHOWN = 5;

/** How cases are recorded. */
export interface RecordOptions {
  /** Cases whose id fits. */
  readonly only?: string;
  /** Times each case is asked. */
  readonly runs: number;
  /** Cases under way at a time. */
  readonly jobs: number;
}

/**
 * Asks a kernel the cases of files and writes its answers into them. A case that is not stable keeps what it has, and
 * so does one that was not run; every other byte of a file stays as it is.
 */
export async function recordFiles(
  files: readonly string[],
  executor: Executor,
  options: RecordOptions,
  terminal: Terminal,
): Promise<void> {
  const cases = readCases(files, options.only);
  const progress = progressOn(terminal, cases.length);
  const all = await inParallel(
    cases,
    async (placed): Promise<RecordedCase> => ({
      placed,
      recorded: await recordCase(placed.vector, executor, options.runs),
    }),
    { jobs: options.jobs, done: progress.show },
  );
  progress.clear();
  for (const file of new Set(cases.map((placed) => placed.file))) writeAnswers(file, all);
  terminal.out(page(all, executor, terminal));
  const changes = all.map(changeOf);
  if (changes.includes("unstable") || changes.every((change) => change === "skipped"))
    terminal.exitCode = EXIT.failed;
}

function writeAnswers(file: string, all: readonly RecordedCase[]): void {
  const lines = new Map<number, string>();
  const before = textOf(file);
  const still = new Map(parsed(file, before).map((placed) => [placed.line, placed.vector]));
  for (const each of all) {
    const { placed, recorded } = each;
    if (placed.file !== file || recorded.status !== "recorded" || changeOf(each) === "same") continue;
    if (!isDeepStrictEqual(still.get(placed.line), placed.vector))
      throw new WrongArgument(`${word(file)}: has changed while it was recorded: run it again`);
    lines.set(placed.line, lineWith(placed.vector, recorded.expect));
  }
  if (lines.size === 0) return;
  const text = withLines(before, lines);
  // What is written can be read again, or it is not written.
  parsed(file, text);
  replaceFile(file, text);
}

function page(all: readonly RecordedCase[], executor: Executor, terminal: Terminal): string {
  const { columns } = terminal;
  const paint = paintFor(terminal.color);
  const changed = all.flatMap(({ placed, recorded }) => {
    if (recorded.status !== "recorded" || recorded.differences.length === 0) return [];
    const style = { paint, columns, word: "CHANGED", sides: ["was", "is"] } as const;
    return [...failureLines(placed, recorded.differences, new Map(), style), ""];
  });
  const fresh = all.filter((each) => changeOf(each) === "new");
  const answers = fresh.slice(0, MOST_SHOWN).flatMap(({ placed, recorded }) => {
    if (recorded.status !== "recorded") return [];
    return [...answerLines(placed, recorded.expect, paint, columns), ""];
  });
  const others = all.flatMap(({ placed, recorded }) => {
    if (recorded.status === "recorded") return [];
    const where = `${oneLine(placed.vector.id)}  ${oneLine(placed.file)}:${placed.line}`;
    const what =
      recorded.status === "unstable"
        ? `UNSTABLE ${where}: ${recorded.places.join(", ")}`
        : `SKIPPED ${where}: ${recorded.reason}`;
    return wrap(what, columns, 4);
  });
  const count = (change: Change): number => all.filter((each) => changeOf(each) === change).length;
  const figures = [
    `${count("new")} new`,
    `${count("changed")} changed`,
    `${count("same")} as before`,
    `${count("unstable")} unstable`,
    `${count("skipped")} skipped`,
  ].join(", ");
  const hidden = fresh.length - MOST_SHOWN;
  const lines = [
    ...answers,
    ...(hidden > 0 ? [paint("faint", `… and ${hidden} more new answers`), ""] : []),
    ...changed,
    ...others,
    paint("faint", `${all.length} cases asked on ${executor.name}`),
    figures,
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}
