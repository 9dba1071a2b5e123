import { CLONE } from "../../abi/structs/index.ts";
import { boot } from "../../kernel/boot.ts";
import { Guest } from "../../kernel/guest.ts";
import type { Machine } from "../../kernel/machine.ts";
import { SIG } from "../../kernel/task/signal-queue.ts";
import type { Task } from "../../kernel/task/task.ts";
import type { Dialect } from "../../restart/follow/dialect.ts";
import { differencesOf } from "../../restart/follow/difference.ts";
import { followSchedule } from "../../restart/follow/follow.ts";
import { portraitOf } from "../../restart/follow/portrait.ts";
import { planRestart } from "../../restart/plan/plan.ts";
import { isRefusal } from "../../restart/plan/step.ts";
import type { Tree } from "../../restart/tree/tree.ts";
import { paintFor } from "../paint.ts";
import type { Terminal } from "../terminal.ts";
import { actorText, deedText } from "./names.ts";
import { type Page, refusalLines, summary } from "./plan-page.ts";

/** Where and how a tree comes back. */
export interface RunOptions {
  readonly arch: "x86_64" | "i386";
  readonly dialect: Dialect;
  readonly depth?: number;
}

/** The era in which each dialect is spoken. */
const PROFILES: Readonly<Record<Dialect, string>> = {
  clone_with_pids: "cwp-v3",
  eclone: "eclone",
  clone3: "clone3-614",
};

/** Frames of a machine: room for the page tables and stacks of a hundred thousand tasks. */
const FRAMES = 65_536;

/** Brings a tree back on an emulated machine, and compares it with the one that was asked for. */
export function runPage(file: string, tree: Tree, options: RunOptions, terminal: Terminal): Page {
  const paint = paintFor(terminal.color);
  const { arch, dialect, depth = 0 } = options;
  const title = `${paint("title", file)}  ${dialect} on ${arch}${depth > 0 ? `, ${depth} deeper` : ""}`;
  const page = (lines: readonly string[], ok: boolean): Page => ({
    text: `${[title, ...lines, ""].join("\n")}\n`,
    ok,
  });
  const plan = planRestart(tree);
  if (isRefusal(plan)) return page(refusalLines(plan, terminal), false);
  const machine = boot({ arch, profile: PROFILES[dialect], frames: FRAMES });
  const restarter = deeper(machine, depth);
  const { root, base, failure, steps } = followSchedule(machine, plan, { dialect, restarter });
  if (failure !== null || root === null) {
    const { step } = failure ?? {};
    const who = step === undefined ? "nobody" : `${actorText(step.by)} ${deedText(step)}`;
    return page([`  step ${steps + 1} fails: ${who}: ${failure?.reason}`], false);
  }
  const differences = differencesOf(tree, portraitOf(root, base));
  const threads = tree.tasks.reduce((sum, task) => sum + (task.threads?.length ?? 0), 0);
  const tasks = `${tree.tasks.length} task${tree.tasks.length === 1 ? "" : "s"}${threads > 0 ? ` and ${threads} more thread${threads === 1 ? "" : "s"}` : ""}`;
  if (differences.length === 0) return page([`  ${tasks} back in ${summary(plan)}; no difference`], true);
  return page(
    [
      `  ${summary(plan)}; what came back is not what was asked for:`,
      ...differences.map((line) => `    ${line}`),
    ],
    false,
  );
}

/** The task that restarts, in a pid namespace `depth` levels below the machine's own. */
function deeper(machine: Machine, depth: number): Task {
  let task = machine.init;
  for (let level = 0; level < depth; level++) {
    const guest = new Guest(machine, task);
    task = guest.child(guest.call("clone", { flags: CLONE.NEWPID | SIG.CHLD })).task;
    machine.start(task);
  }
  return task;
}
