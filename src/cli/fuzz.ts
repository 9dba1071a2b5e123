import { Option } from "commander";
import { DETECTORS } from "../fuzz/detectors/index.ts";
import { PROFILES } from "../kernel/profile/index.ts";
import { choice } from "./choice.ts";
import { count } from "./count.ts";
import { duration } from "./duration.ts";
import type { FuzzArguments } from "./fuzz/arguments.ts";
import type { Verb } from "./verb.ts";
import { unknown, WrongArgument } from "./wrong-argument.ts";

/** `trapgate fuzz`: breaks the handling of user pointers, of trapgate's own calls or of a handler of the user's. */
export const fuzz: Verb = (program, terminal) => {
  const names = DETECTORS.map(({ name }) => name);
  program
    .command("fuzz")
    .description("search calls for defects in how they treat user memory")
    .argument("[calls...]", "calls to test; all there are when none is named")
    .option("--target <file>", "a module with handlers of your own (.ts or .js)")
    .addOption(count("--runs <n>", "programs to run (default 1000000, without --time)", 1, 1e12))
    .addOption(duration("--time <time>", "how long to search, such as 30s, 10m or 8h"))
    .addOption(count("--seed <n>", "same seed and workers, same findings (default 1)", 0, 2 ** 32 - 1))
    .addOption(count("--workers <n>", "threads that search (default 1)", 1, 256))
    .addOption(count("--steps <n>", "calls in a program at most (default 1)", 1, 64))
    .addOption(
      new Option("--detector <name>", `ask this one only, or these: ${names.join(", ")}`).argParser(
        (given: string, before: readonly string[] | undefined) => [
          ...(before ?? []),
          ...detectorsIn(given, names),
        ],
      ),
    )
    .addOption(choice("--profile <profile>", "the era of the machine", Object.keys(PROFILES)))
    .option("--corpus <dir>", "a folder to go on from, and to keep what is found in")
    .option("--live", "ask the kernel below what is worth keeping, and tell where it answers otherwise")
    .option("-o, --out <dir>", "a folder for reports, cases of conform and vitest tests of what is found")
    .option("--replay <program>", "run one program again: JSON as a report prints it, or a file")
    .addOption(duration("--hang <time>", "no answer for so long is a hang (default 10s)"))
    .option("--queue <url>", "share the work over a NATS server: nats://host:4222, or nats://host:4222/NAME")
    .addOption(
      duration("--lease <time>", "with --queue: work of who is silent so long is another's (default 30s)"),
    )
    .option("--json", "a line of JSON for each finding, and one with the figures")
    .action(async (calls: string[], options: Omit<FuzzArguments, "calls">) => {
      const given = { ...options, calls };
      checkTogether(given);
      // The lab is large: no other command is to wait for it.
      const { runFuzz } = await import("./fuzz/run.ts");
      await runFuzz(given, terminal);
    });
};

function detectorsIn(given: string, names: readonly string[]): string[] {
  const found = given.split(",").map((name) => name.trim());
  for (const name of found) if (!names.includes(name)) throw unknown("detector", name, names);
  return found;
}

/** Options that do not go with another one, and why. */
const APART: readonly (readonly [
  with_: "replay" | "queue" | "live",
  not: readonly (keyof FuzzArguments)[],
  why: string,
])[] = [
  [
    "replay",
    ["runs", "time", "seed", "workers", "steps", "corpus", "queue", "live"],
    "one program is run once",
  ],
  ["live", ["target", "profile"], "the kernel below has its own calls and its own era"],
  ["queue", ["corpus", "out", "live"], "the server keeps what is found"],
];

/** @throws WrongArgument for options that do not go together */
function checkTogether(given: FuzzArguments): void {
  for (const [one, others, why] of APART) {
    const odd = given[one] === undefined ? undefined : others.find((name) => given[name] !== undefined);
    if (odd !== undefined) throw new WrongArgument(`--${odd} does not go with --${one}: ${why}`);
  }
  if (given.lease !== undefined && given.queue === undefined)
    throw new WrongArgument("--lease goes with --queue");
}
