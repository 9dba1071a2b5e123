import { EmulatedKernel } from "../conform/on-emulator.ts";
import { inParallel } from "../conform/parallel.ts";
import type { PlacedVector } from "../conform/parse.ts";
import { vectorSchema } from "../conform/schema.ts";
import { transcriptOf } from "../conform/transcript.ts";
import { type Judged, verdictOf } from "../conform/verdict.ts";
import { PROFILES } from "../kernel/profile/index.ts";
import { choice } from "./choice.ts";
import { readCases } from "./conform/cases.ts";
import { failureLines } from "./conform/failure.ts";
import { judgedJson, tallyJson } from "./conform/json.ts";
import { progressOn } from "./conform/progress.ts";
import { summaryLines, tally, tallyText } from "./conform/summary.ts";
import { EXIT } from "./exit.ts";
import { paintFor } from "./paint.ts";
import type { Terminal } from "./terminal.ts";
import type { Verb } from "./verb.ts";
import { WrongArgument } from "./wrong-argument.ts";

interface Options {
  readonly profile?: string;
  readonly only?: string;
  readonly json?: true;
  readonly schema?: true;
}

/** Failed cases that are written out; of the others there are the figures. */
const MOST_SHOWN = 20;

/** `trapgate conform`: recorded cases against the emulated kernel. */
export const conform: Verb = (program, terminal) => {
  program
    .command("conform")
    .description("run recorded cases and compare: results, memory, pids, registers")
    .argument("[files...]", "files of cases (.jsonl), or folders of them")
    .addOption(choice("--profile <profile>", "run all under one era", Object.keys(PROFILES)))
    .option("--only <glob>", "cases whose id fits: * for any characters, ? for one")
    .option("--json", "a line of JSON for each case, and one with the figures")
    .option("--schema", "print the JSON Schema of a case")
    .action(async (files: string[], options: Options) => {
      if (options.schema) {
        terminal.out(`${JSON.stringify(vectorSchema, null, 2)}\n`);
        return;
      }
      if (files.length === 0)
        throw new WrongArgument("conform needs <files...>: files of cases (.jsonl), or folders of them");
      await conformTo(recordedOnly(readCases(files, options.only)), options, terminal);
    });
};

/** Cases that say what the kernel answered. @throws WrongArgument for the first that does not */
function recordedOnly(cases: readonly PlacedVector[]): readonly PlacedVector[] {
  const bare = cases.find(({ vector }) => vector.expect === undefined);
  if (bare === undefined) return cases;
  throw new WrongArgument(
    `${bare.file}:${bare.line}: expect: is missing: trapgate record ${bare.file} asks the kernel and writes it`,
  );
}

async function conformTo(
  cases: readonly PlacedVector[],
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const kernel = new EmulatedKernel(options.profile);
  const progress = progressOn(terminal, cases.length);
  const started = performance.now();
  const verdict = verdictOf(kernel);
  const judged = await inParallel(
    cases,
    async (placed): Promise<Judged> => ({ placed, verdict: await verdict(placed.vector) }),
    { done: progress.show },
  );
  const seconds = (performance.now() - started) / 1000;
  progress.clear();
  if (options.json) {
    for (const each of judged) terminal.out(`${judgedJson(each)}\n`);
    terminal.out(`${tallyJson(judged, kernel.name)}\n`);
  } else terminal.out(page(judged, kernel, seconds, terminal));
  if (tally(judged).failed > 0) terminal.exitCode = EXIT.failed;
}

function page(
  judged: readonly Judged[],
  kernel: EmulatedKernel,
  seconds: number,
  terminal: Terminal,
): string {
  const { columns } = terminal;
  const paint = paintFor(terminal.color);
  const failed = judged.filter(({ verdict }) => verdict.status === "failed");
  const failures = failed.slice(0, MOST_SHOWN).flatMap(({ placed, verdict }) => {
    if (verdict.status !== "failed") return [];
    const { lines } = transcriptOf(kernel, placed.vector);
    return [...failureLines(placed, verdict.differences, lines, { paint, columns }), ""];
  });
  const hidden = failed.length - MOST_SHOWN;
  const lines = [
    ...failures,
    ...(hidden > 0
      ? [paint("faint", `… and ${hidden} more cases failed: --only shows some of them`), ""]
      : []),
    ...summaryLines(judged, paint, columns),
    "",
    paint(
      "faint",
      `${judged.length} cases on ${kernel.name} in ${seconds.toFixed(1)} s, ${Math.round(judged.length / seconds)} a second`,
    ),
    tallyText(tally(judged), false),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}
