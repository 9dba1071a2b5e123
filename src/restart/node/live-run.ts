import type { ChildProcess } from "node:child_process";
import { errnoName } from "../../abi/errno.ts";
import type { Bits } from "../../conform/live/asm/encodings.ts";
import { CannotStart, startProgram } from "../../conform/live/server/executable.ts";
import type { ProcTask } from "../capture/proc-task.ts";
import { treeOfTasks } from "../capture/tree-of-tasks.ts";
import { differencesOf } from "../follow/difference.ts";
import { callsOf } from "../live/calls.ts";
import { programOf } from "../live/program.ts";
import { type Table, tableOf } from "../live/table.ts";
import { rootIsInit, type Schedule, type Step } from "../plan/step.ts";
import type { Tree } from "../tree/tree.ts";
import { neverEnds } from "./never-ends.ts";
import { readProc } from "./read-proc.ts";

/** How a tree comes back on the kernel below. */
export interface LiveRunOptions {
  /** Default x86_64. */
  readonly arch?: "x86_64" | "i386";
  /** Pid namespaces around the tree's outermost, beside the one that is always made. Default 0. */
  readonly depth?: number;
}

/** What became of it. */
export type LiveRun =
  /** It was not tried: one line. */
  | { readonly cannot: string }
  /** A call failed: whose step it was, and the errno's name; or it was not done in time, at a step that is not known. */
  | { readonly step: Step | null; readonly reason: string }
  /** It was followed to the end, and this is what `/proc` showed then. */
  | { readonly tree: Tree; readonly differences: readonly string[] };

/** Milliseconds a schedule may take, for each of its calls and on top; and what came back may take to settle. */
const PATIENCE = { each: 5, more: 10_000, settle: 2000 } as const;

/**
 * Brings a tree back on the kernel below, in pid namespaces made for it: a static program follows the schedule with clone3
 * and set_tid, the tree is read back from `/proc`, and all of it ends. Nothing outside of those namespaces is touched.
 * @param tree what the schedule is a plan for
 */
export async function runLive(
  tree: Tree,
  schedule: Schedule,
  options: LiveRunOptions = {},
): Promise<LiveRun> {
  const { arch = "x86_64", depth = 0 } = options;
  const stuck = neverEnds(tree);
  if (stuck !== null) return { cannot: stuck };
  const bits: Bits = arch === "x86_64" ? 64 : 32;
  const calls = callsOf(schedule);
  const table = tableOf(calls, bits);
  const elf = programOf(table, bits, { depth, userns: process.geteuid?.() !== 0 });
  let child: ChildProcess;
  try {
    child = await startProgram(elf);
  } catch (error) {
    if (error instanceof CannotStart)
      return { cannot: `a program of ours does not run here: ${error.message}` };
    throw error;
  }
  const over = new Promise<void>((resolve) => child.once("close", () => resolve()));
  try {
    const report = await reportOf(child, table, PATIENCE.more + PATIENCE.each * calls.length);
    if (report === "late") return { step: null, reason: "it is not done in time" };
    if (report === "ended") return { cannot: "no pid namespace can be made here" };
    const failure = table.shared.failureIn(report);
    if (failure !== null) {
      const { step, name } = calls[failure.call] as (typeof calls)[number];
      return { step, reason: `${name}: ${errnoName(-failure.answer) ?? failure.answer}` };
    }
    return await settled(tree, child.pid as number, depth, rootIsInit(schedule));
  } finally {
    child.stdin?.end();
    await over;
  }
}

/** What the restarter tells, or why it does not. */
function reportOf(
  child: ChildProcess,
  { shared }: Table,
  patience: number,
): Promise<DataView | "late" | "ended"> {
  const bytes = new Uint8Array(shared.size);
  let length = 0;
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve("late"), patience);
    const end = (result: DataView | "late" | "ended"): void => {
      clearTimeout(timer);
      resolve(result);
    };
    child.once("exit", () => end("ended"));
    child.stdout?.on("data", (part: Uint8Array) => {
      bytes.set(part.subarray(0, bytes.length - length), length);
      length += part.length;
      if (length >= bytes.length) end(new DataView(bytes.buffer));
    });
  });
}

/** What `/proc` shows, once nothing is different or it has had time enough: an exit is over a moment after its call. */
async function settled(tree: Tree, warden: number, depth: number, isInit: boolean): Promise<LiveRun> {
  const end = Date.now() + PATIENCE.settle;
  for (;;) {
    const got = look(warden, depth, isInit);
    const differences = got === null ? ["no root is there"] : differencesOf(tree, got);
    if (differences.length === 0 || Date.now() > end)
      return { tree: got ?? { ...tree, tasks: [] }, differences };
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The tree below the restarter, which is the innermost of a line of inits below the first task. */
function look(warden: number, depth: number, isInit: boolean): Tree | null {
  const { tasks } = readProc();
  const childOf = (number: number | undefined): ProcTask | undefined =>
    tasks.find(({ parent }) => parent === number);
  let restarter = childOf(warden);
  for (let level = 0; level < depth; level++) restarter = childOf(restarter?.pid[0]);
  const root = childOf(restarter?.pid[0]);
  if (restarter === undefined || root === undefined) return null;
  const skipLevels = restarter.pid.length - 1 + (isInit ? 1 : 0);
  return treeOfTasks(tasks, { root: root.pid[0] as number, skipLevels }).tree;
}
