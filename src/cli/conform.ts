import { EmulatedKernel } from "../conform/on-emulator.ts";
import type { PlacedVector } from "../conform/parse.ts";
import { vectorSchema } from "../conform/schema.ts";
import { verdictOf } from "../conform/verdict.ts";
import { PROFILES } from "../kernel/profile/index.ts";
import { choice } from "./choice.ts";
import { readCases } from "./conform/cases.ts";
import { runSuite, type Suite } from "./conform/suite.ts";
import type { Verb } from "./verb.ts";
import { WrongArgument } from "./wrong-argument.ts";

interface Options {
  readonly profile?: string;
  readonly only?: string;
  readonly json?: true;
  readonly schema?: true;
}

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
      const kernel = new EmulatedKernel(options.profile);
      const suite: Suite = {
        cases: recordedOnly(readCases(files, options.only)),
        name: kernel.name,
        verdict: verdictOf(kernel),
        shown: kernel,
        live: false,
        jobs: 1,
      };
      await runSuite(suite, terminal, options.json === true);
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
