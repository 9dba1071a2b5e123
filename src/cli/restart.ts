import { choice } from "./choice.ts";
import { count } from "./count.ts";
import { EXIT } from "./exit.ts";
import { planPage } from "./restart/plan-page.ts";
import { readTree } from "./restart/read-tree.ts";
import { type RunOptions, runPage } from "./restart/run-page.ts";
import { treePage } from "./restart/tree-page.ts";
import type { Verb } from "./verb.ts";

/** `trapgate restart show|plan|run FILE…`: how a checkpointed process tree comes back with its pids. */
export const restart: Verb = (program, terminal) => {
  const verb = program
    .command("restart")
    .description("how a checkpointed process tree comes back with its pids, and whether it can");
  verb
    .command("show")
    .description("draw trees, one column of numbers for each pid namespace level")
    .argument("<files...>", "process trees, as JSON")
    .action((files: string[]) => {
      for (const file of files) terminal.out(treePage(file, readTree(file), terminal));
    });
  verb
    .command("plan")
    .description("devise the schedule: who makes whom, when, with which numbers")
    .argument("<files...>", "process trees, as JSON")
    .option("--json", "print the schedule as JSON lines")
    .action((files: string[], { json }: { json?: true }) => {
      for (const file of files) {
        const page = planPage(file, readTree(file), json === true, terminal);
        terminal.out(page.text);
        if (!page.ok) terminal.exitCode = EXIT.failed;
      }
    });
  verb
    .command("run")
    .description("follow the schedule on an emulated machine, and compare what came back")
    .argument("<files...>", "process trees, as JSON")
    .addOption(choice("--arch <arch>", "the machine's architecture", ["x86_64", "i386"], "x86_64"))
    .addOption(
      choice(
        "--dialect <call>",
        "the call that makes children",
        ["clone_with_pids", "eclone", "clone3"],
        "clone3",
      ),
    )
    .addOption(count("--depth <n>", "pid namespaces around the tree that it did not have", 0, 16))
    .action((files: string[], options: RunOptions) => {
      for (const file of files) {
        const page = runPage(file, readTree(file), options, terminal);
        terminal.out(page.text);
        if (!page.ok) terminal.exitCode = EXIT.failed;
      }
    });
};
