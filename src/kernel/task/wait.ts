import { WAIT } from "../../abi/structs/index.ts";
import type { Machine } from "../machine.ts";
import type { Pid } from "../pid/pid.ts";
import { releaseTask } from "./release.ts";
import { SIG } from "./signal-queue.ts";
import type { Task } from "./task.ts";

/** Whom a wait is for, resolved once at entry: the numbers are struct pids from then on. */
export interface WaitTarget {
  readonly kind: "any" | "pid" | "pgid";
  /** Null for "any", and for a number that names nothing: such a wait finds no child. */
  readonly pid: Pid | null;
}

/** A child that changed state. */
export interface WaitResult {
  /** Its number in the caller's namespace. */
  readonly nr: number;
  /** Wait status, as wait4 stores it. */
  readonly status: number;
}

/** What a look at the children says: a result, nothing yet, or no child that fits. */
export type WaitOutcome = WaitResult | "none-yet" | "no-child";

/** Wait status of a task that SIGCONT continued. */
const CONTINUED = 0xffff;

/**
 * One pass of `do_wait`: the caller's children, then those of the other threads of its group unless __WNOTHREAD.
 * A zombie that is reported is reaped.
 */
export function lookForChild(machine: Machine, task: Task, target: WaitTarget, options: number): WaitOutcome {
  let eligible = false;
  const group =
    (options & WAIT.WNOTHREAD) !== 0 ? [task] : [task, ...task.signal.threads.filter((t) => t !== task)];
  for (const thread of group) {
    for (const child of thread.children ?? []) {
      if (!isEligible(child, target, options)) continue;
      eligible = true;
      const result = stateChange(machine, task, child, options);
      if (result !== null) return result;
    }
  }
  return eligible ? "none-yet" : "no-child";
}

function isEligible(child: Task, target: WaitTarget, options: number): boolean {
  if (target.kind === "pid" && child.pid !== target.pid) return false;
  if (target.kind === "pgid" && child.signal.pgrp !== target.pid) return false;
  if ((options & WAIT.WALL) !== 0) return true;
  const clone = child.exitSignal !== SIG.CHLD;
  return clone === ((options & WAIT.WCLONE) !== 0);
}

function stateChange(machine: Machine, task: Task, child: Task, options: number): WaitResult | null {
  const nr = child.nrIn(task.pidNs);
  // A leader whose threads still run is not waited for yet (delay_group_leader).
  if (child.state === "zombie") {
    if (child.signal.threads.length > 1) return null;
    // The group's status, where it ended as a group, even if the leader had gone before.
    const status = child.signal.groupExitStatus ?? child.exitStatus;
    releaseTask(machine, child);
    return { nr, status };
  }
  const { signal } = child;
  if (signal.stopReport !== 0 && (options & WAIT.WUNTRACED) !== 0) {
    const status = (signal.stopReport << 8) | 0x7f;
    signal.stopReport = 0;
    return { nr, status };
  }
  if (signal.continueReport && (options & WAIT.WCONTINUED) !== 0) {
    signal.continueReport = false;
    return { nr, status: CONTINUED };
  }
  return null;
}
