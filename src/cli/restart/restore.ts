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
import { runLive } from "../../restart/node/live-run.ts";
import type { Schedule, Step } from "../../restart/plan/step.ts";
import type { Tree } from "../../restart/tree/tree.ts";
import { actorText, deedText } from "./names.ts";

/** Where and how a tree comes back. */
export interface Place {
  readonly arch: "x86_64" | "i386";
  /** Null for the kernel below, which is asked with clone3. */
  readonly dialect: Dialect | null;
  /** Pid namespaces around the tree that it did not have. */
  readonly depth: number;
}

/** What came of it, in words. */
export type Restored =
  /** The tree is back, or something else is. */
  | { readonly differences: readonly string[] }
  /** Nothing came of it: a call failed, or it could not be tried. */
  | { readonly failed: string }
  /** The dialect has no word for a step. */
  | { readonly unspeakable: string };

/** The era in which each dialect is spoken. */
const PROFILES: Readonly<Record<Dialect, string>> = {
  clone_with_pids: "cwp-v3",
  eclone: "eclone",
  clone3: "clone3-614",
};

/** Frames of a machine: room for the page tables and stacks of a hundred thousand tasks. */
const FRAMES = 65_536;
/** threads-max at boot. */
const USUAL_THREADS_MAX = 32_768;
/** pid_max at boot, and where it can be set to on a 64-bit machine. */
const USUAL_PID_MAX = 32_768;
const PID_MAX_LIMIT = 4_194_304;

/** Brings a tree back by its schedule, and looks at what came back. */
export async function restore(tree: Tree, plan: Schedule, place: Place): Promise<Restored> {
  const { dialect } = place;
  if (dialect === null) return restoreLive(tree, plan, place);
  const tasks = tree.tasks.reduce((n, { threads = [] }) => n + 1 + threads.length, plan.helpers);
  const machine = boot({
    arch: place.arch,
    profile: PROFILES[dialect],
    frames: FRAMES,
    ...(place.arch === "x86_64" && highestOf(tree) >= USUAL_PID_MAX ? { pidMax: PID_MAX_LIMIT } : {}),
    // As an administrator would who has so many tasks: the machine's own count too.
    maxThreads: Math.max(USUAL_THREADS_MAX, tasks + place.depth + 2),
  });
  const restarter = deeper(machine, place.depth);
  const { root, base, failure, steps } = followSchedule(machine, plan, { dialect, restarter });
  if (failure !== null) {
    const { step, reason } = failure;
    return failure.unspeakable
      ? { unspeakable: `step ${steps + 1}: ${wordsOf(step)}: ${reason}` }
      : { failed: failureText(steps, step, reason) };
  }
  return { differences: root === null ? ["nobody is there"] : differencesOf(tree, portraitOf(root, base)) };
}

async function restoreLive(tree: Tree, plan: Schedule, { arch, depth }: Place): Promise<Restored> {
  const run = await runLive(tree, plan, { arch, depth });
  if ("cannot" in run) return { failed: `cannot be tried: ${run.cannot}` };
  if ("reason" in run) {
    const { step, reason } = run;
    return { failed: step === null ? reason : failureText(plan.steps.indexOf(step), step, reason) };
  }
  return { differences: run.differences };
}

function failureText(before: number, step: Step, reason: string): string {
  return `step ${before + 1} fails: ${wordsOf(step)}: ${reason}`;
}

function wordsOf(step: Step): string {
  return `${actorText(step.by)} ${deedText(step)}`;
}

function highestOf(tree: Tree): number {
  const numbers = [...tree.tasks, ...(tree.gone ?? [])].flatMap(({ pid }) => pid);
  const threads = tree.tasks.flatMap(({ threads: list = [] }) => list.flat());
  return [...numbers, ...threads].reduce((most, number) => Math.max(most, number), 0);
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
