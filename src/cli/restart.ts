import type { Option } from "commander";
import type { Dialect } from "../restart/follow/dialect.ts";
import { choice } from "./choice.ts";
import { count } from "./count.ts";
import { EXIT } from "./exit.ts";
import { type CaptureVerbOptions, capturePage } from "./restart/capture-page.ts";
import { sketchOf } from "./restart/picture/sketch.ts";
import { svgOf } from "./restart/picture/svg.ts";
import { type Page, planPage } from "./restart/plan-page.ts";
import { readTree } from "./restart/read-tree.ts";
import type { Place } from "./restart/restore.ts";
import { runPage } from "./restart/run-page.ts";
import { treePage } from "./restart/tree-page.ts";
import { verifyPage } from "./restart/verify-page.ts";
import type { Terminal } from "./terminal.ts";
import type { Verb } from "./verb.ts";
import { WrongArgument } from "./wrong-argument.ts";

/** Tasks that a picture has room for. */
const MOST_DRAWN = 2000;

/** `trapgate restart capture`, `show|plan|run|verify FILE…`: how a checkpointed process tree comes back with its pids. */
export const restart: Verb = (program, terminal) => {
  const verb = program
    .command("restart")
    .description("how a checkpointed process tree comes back with its pids, and whether it can");
  verb
    .command("capture")
    .description("write down a process tree of this machine, from /proc, without stopping it")
    .addOption(count("--root <pid>", "the process at its root", 1, 4_194_303).default(1))
    .option("--inside", "leave out the numbers it has outside of its root's pid namespace")
    .action((options: CaptureVerbOptions) => terminal.out(capturePage(options, terminal)));
  verb
    .command("show")
    .description("draw trees, one column of numbers for each pid namespace level")
    .argument("<files...>", TREES)
    .option("--svg", "as a picture, namespaces as boxes and the schedule's steps on the edges; of one tree")
    .action((files: string[], { svg }: { svg?: true }) => {
      if (svg === true && files.length > 1)
        throw new WrongArgument(`--svg is a picture of one tree, and there are ${files.length} files`);
      for (const file of files) {
        const tree = readTree(file, terminal);
        const size = tree.tasks.length + (tree.gone?.length ?? 0);
        if (svg === true && size > MOST_DRAWN)
          throw new WrongArgument(
            `--svg: ${file} has ${size} tasks, and a picture of more than ${MOST_DRAWN} nobody can read: draw it without --svg`,
          );
        terminal.out(svg === true ? svgOf(sketchOf(tree), file) : treePage(file, tree, terminal));
      }
    });
  verb
    .command("plan")
    .description("devise the schedule: who makes whom, when, with which numbers")
    .argument("<files...>", TREES)
    .option("--json", "print the schedule as JSON lines")
    .action((files: string[], { json }: { json?: true }) => {
      for (const file of files)
        show(planPage(file, readTree(file, terminal), json === true, terminal), terminal);
    });
  verb
    .command("run")
    .description(
      "follow the schedule on an emulated machine, or the kernel below, and compare what came back",
    )
    .argument("<files...>", TREES)
    .addOption(choice("--arch <arch>", "the machine's architecture", ["x86_64", "i386"], "x86_64"))
    .addOption(choice("--dialect <call>", "the call that makes children", DIALECTS, "clone3"))
    .addOption(DEPTH())
    .option("--live", "on the kernel below, in pid namespaces made for it; all of it ends afterwards")
    .action(async (files: string[], { arch, dialect, depth, live }: RunVerbOptions) => {
      if (live === true && dialect !== "clone3")
        throw new WrongArgument(`--live speaks clone3: a kernel of today has no ${dialect}`);
      const place: Place = { arch, dialect: live === true ? null : dialect, depth };
      for (const file of files)
        show(await runPage(file, readTree(file, terminal), place, terminal), terminal);
    });
  verb
    .command("verify")
    .description("bring trees back in every dialect on both architectures, and compare")
    .argument("<files...>", TREES)
    .addOption(DEPTH())
    .option("--live", "on the kernel below too")
    .action(async (files: string[], { depth, live = false }: { depth: number; live?: boolean }) => {
      for (const file of files)
        show(await verifyPage(file, readTree(file, terminal), { depth, live }, terminal), terminal);
    });
};

interface RunVerbOptions {
  readonly arch: "x86_64" | "i386";
  readonly dialect: Dialect;
  readonly depth: number;
  readonly live?: true;
}

const TREES = "process trees: JSON, or folders of CRIU's images";
const DIALECTS = ["clone_with_pids", "eclone", "clone3"];
const DEPTH = (): Option =>
  count("--depth <n>", "pid namespaces around the tree that it did not have", 0, 16).default(0);

function show({ text, ok }: Page, terminal: Terminal): void {
  terminal.out(text);
  if (!ok) terminal.exitCode = EXIT.failed;
}
