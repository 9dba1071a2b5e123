import { disagreementOf } from "../conform/disagree.ts";
import { LiveKernel } from "../conform/live/live-kernel.ts";
import { EmulatedKernel } from "../conform/on-emulator.ts";
import type { PlacedVector } from "../conform/parse.ts";
import { vectorSchema } from "../conform/schema.ts";
import { verdictOf } from "../conform/verdict.ts";
import { PROFILES } from "../kernel/profile/index.ts";
import { choice } from "./choice.ts";
import { readCases } from "./conform/cases.ts";
import { writeElf } from "./conform/elf.ts";
import { underWay } from "./conform/jobs.ts";
import { runRandom } from "./conform/random.ts";
import { runSuite, type Suite } from "./conform/suite.ts";
import { count } from "./count.ts";
import type { Terminal } from "./terminal.ts";
import type { Verb } from "./verb.ts";
import { WrongArgument } from "./wrong-argument.ts";

interface Options {
  readonly profile?: string;
  readonly only?: string;
  readonly live?: true;
  readonly diff?: true;
  readonly random?: number;
  readonly seed?: number;
  readonly jobs?: number;
  readonly elf?: string;
  readonly out?: string;
  readonly json?: true;
  readonly schema?: true;
}

/** `trapgate conform`: recorded cases against the emulated kernel, the live one, or one against the other. */
export const conform: Verb = (program, terminal) => {
  program
    .command("conform")
    .description("run recorded cases and compare: results, memory, pids, registers")
    .argument("[files...]", "files of cases (.jsonl), or folders of them")
    .addOption(choice("--profile <profile>", "run all under one era", Object.keys(PROFILES)))
    .option("--only <glob>", "cases whose id fits: * for any characters, ? for one")
    .option("--live", "ask the kernel below instead of the emulated one")
    .option("--diff", "ask both, and print where they disagree")
    .addOption(
      count("--random <n>", "ask both random clone and clone3 calls, and small programs", 1, 1_000_000),
    )
    .addOption(
      count("--seed <n>", "which random calls: the same seed, the same calls (default 1)", 0, 2 ** 32 - 1),
    )
    .addOption(count("--jobs <n>", "processors that run live cases (default 1)", 1, 64))
    .option("--elf <id>", "write one case as a program of its own, for a tracer or a debugger")
    .option("-o, --out <file>", "where to write it")
    .option("--json", "a line of JSON for each case, and one with the figures")
    .option("--schema", "print the JSON Schema of a case")
    .action(async (files: string[], options: Options) => {
      if (options.schema) {
        terminal.out(`${JSON.stringify(vectorSchema, null, 2)}\n`);
        return;
      }
      checkTogether(files, options);
      if (options.elf !== undefined) {
        writeElf(readCases(files, undefined), options.elf, options.out ?? "", terminal);
        return;
      }
      const emulated = new EmulatedKernel(options.profile);
      if (!options.live && !options.diff && options.random === undefined) {
        await runSuite(recordedSuite(files, options, emulated), terminal, options.json === true);
        return;
      }
      const live = new LiveKernel({ jobs: options.jobs ?? 1 });
      try {
        await runLive(files, options, live, emulated, terminal);
      } finally {
        await live.close();
      }
    });
};

async function runLive(
  files: readonly string[],
  options: Options,
  live: LiveKernel,
  emulated: EmulatedKernel,
  terminal: Terminal,
): Promise<void> {
  const { random, seed = 1, json = false } = options;
  const jobs = underWay(options.jobs);
  if (random !== undefined) {
    await runRandom(live, emulated, { count: random, seed, jobs, json }, terminal);
    return;
  }
  const cases = readCases(files, options.only);
  const kernel = { executor: live, jobs };
  const suite: Suite = options.diff
    ? {
        cases,
        kernels: [kernel, { executor: emulated, jobs: 1 }],
        verdict: (said) => disagreementOf(said(live), said(emulated)),
        shown: emulated,
        sides: [live.name, emulated.name],
        live: true,
      }
    : {
        cases: recordedOnly(cases),
        kernels: [kernel],
        verdict: (said) => verdictOf(said(live)),
        shown: null,
        live: true,
      };
  await runSuite(suite, terminal, json);
}

function recordedSuite(files: readonly string[], options: Options, kernel: EmulatedKernel): Suite {
  return {
    cases: recordedOnly(readCases(files, options.only)),
    kernels: [{ executor: kernel, jobs: 1 }],
    verdict: (said) => verdictOf(said(kernel)),
    shown: kernel,
    live: false,
  };
}

/** @throws WrongArgument for options that do not go together, and for none of what is needed */
function checkTogether(
  files: readonly string[],
  { live, diff, random, seed, jobs, profile, only, elf, out }: Options,
): void {
  if (elf !== undefined && out === undefined)
    throw new WrongArgument("--elf needs -o <file>: where the program is to be written");
  if (out !== undefined && elf === undefined)
    throw new WrongArgument("-o goes with --elf: nothing else is written");
  const asked = [
    live && "--live",
    diff && "--diff",
    random !== undefined && "--random",
    elf !== undefined && "--elf",
  ].filter((o) => o !== false && o !== undefined);
  if (asked.length > 1)
    throw new WrongArgument(`${asked.join(" and ")} do not go together: give one of them`);
  if (live && profile !== undefined)
    throw new WrongArgument("--profile is the emulated kernel's: --live asks the kernel there is");
  if (seed !== undefined && random === undefined) throw new WrongArgument("--seed goes with --random");
  if (jobs !== undefined && asked.length === 0)
    throw new WrongArgument("--jobs goes with --live, --diff or --random: the emulated kernel is one");
  if (random !== undefined) {
    if (files.length > 0 || only !== undefined)
      throw new WrongArgument("--random makes its own cases: give it no files");
    return;
  }
  if (files.length === 0)
    throw new WrongArgument("conform needs <files...>: files of cases (.jsonl), or folders of them");
}

/** Cases that say what the kernel answered. @throws WrongArgument for the first that does not */
function recordedOnly(cases: readonly PlacedVector[]): readonly PlacedVector[] {
  const bare = cases.find(({ vector }) => vector.expect === undefined);
  if (bare === undefined) return cases;
  throw new WrongArgument(
    `${bare.file}:${bare.line}: expect: is missing: trapgate record ${bare.file} asks the kernel and writes it`,
  );
}
