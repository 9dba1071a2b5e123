import { CLD, WAIT } from "../../abi/structs/index.ts";
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
  /** Its real user, as the kernel counts users. */
  readonly uid: number;
  /** What happened, one of CLD. */
  readonly cause: number;
  /** Exit code, or the signal that killed, stopped or continued it. */
  readonly status: number;
}

/** What a look at the children says: a result, nothing yet, or no child that fits. */
export type WaitOutcome = WaitResult | "none-yet" | "no-child";

/** Wait status of a task that SIGCONT continued. */
const CONTINUED = 0xffff;

/** The status word wait4 stores. */
export function waitStatus({ cause, status }: WaitResult): number {
  switch (cause) {
    case CLD.EXITED:
      return status << 8;
    case CLD.STOPPED:
      return (status << 8) | 0x7f;
    case CLD.CONTINUED:
      return CONTINUED;
    default:
      return status;
  }
}

/**
 * One pass of `do_wait`: the caller's children, then those of the other threads of its group unless __WNOTHREAD.
 * A zombie that is reported is reaped, but for WNOWAIT.
 */
export function lookForChild(machine: Machine, task: Task, target: WaitTarget, options: number): WaitOutcome {
  if (target.kind === "pid") {
    const child = theChild(task, target.pid, options);
    const fits = child !== null && isEligible(child, target, options);
    return fits ? stateChange(machine, task, child, options) : "no-child";
  }
  let somebody = false;
  const { threads } = task.signal;
  const others = (options & WAIT.WNOTHREAD) !== 0 ? 1 : threads.length;
  const first = threads.indexOf(task);
  for (let i = 0; i < others; i++) {
    const thread = threads[(first + i) % threads.length] as Task;
    for (const child of thread.children ?? []) {
      if (!isEligible(child, target, options)) continue;
      const result = stateChange(machine, task, child, options);
      if (typeof result !== "string") return result;
      if (result === "none-yet") somebody = true;
    }
  }
  return somebody ? "none-yet" : "no-child";
}

/** The child with a number, found without a walk past all the others (do_wait_pid); null when it is not theirs. */
function theChild(task: Task, pid: Pid | null, options: number): Task | null {
  const child = (pid?.task("pid") ?? null) as Task | null;
  if (child === null || child.sibling === null) return null;
  const parent = child.realParent;
  const theirs = (options & WAIT.WNOTHREAD) !== 0 ? parent === task : parent.signal === task.signal;
  return theirs ? child : null;
}

/** Whether a child is one the wait is for by its number (eligible_pid). */
export function isTarget(child: Task, { kind, pid }: WaitTarget): boolean {
  if (kind === "pid") return child.pid === pid;
  return kind === "any" || child.signal.pgrp === pid;
}

function isEligible(child: Task, target: WaitTarget, options: number): boolean {
  if (!isTarget(child, target)) return false;
  if ((options & WAIT.WALL) !== 0) return true;
  const clone = child.exitSignal !== SIG.CHLD;
  return clone === ((options & WAIT.WCLONE) !== 0);
}

/** What there is to say of one child (wait_consider_task). */
function stateChange(machine: Machine, task: Task, child: Task, options: number): WaitOutcome {
  const { signal } = child;
  const keep = (options & WAIT.WNOWAIT) !== 0;
  const report = (cause: number, status: number): WaitResult => ({
    nr: child.nrIn(task.pidNs),
    uid: child.cred.uid,
    cause,
    status,
  });
  // A leader whose threads still run is not reported yet (delay_group_leader), but what they do is.
  if (child.state === "zombie" && signal.threads.length === 1) {
    if ((options & WAIT.WEXITED) === 0) return "no-child";
    // The group's status, where it ended as a group, even if the leader had gone before.
    const status = signal.groupExitStatus ?? child.exitStatus;
    const result =
      (status & 0x7f) === 0 ? report(CLD.EXITED, status >> 8) : report(CLD.KILLED, status & 0x7f);
    if (!keep) releaseTask(machine, child);
    return result;
  }
  if (signal.stopped && signal.stopSignal !== 0 && (options & WAIT.WUNTRACED) !== 0) {
    const result = report(CLD.STOPPED, signal.stopSignal);
    if (!keep) signal.stopSignal = 0;
    return result;
  }
  if (signal.continueReport && (options & WAIT.WCONTINUED) !== 0) {
    if (!keep) signal.continueReport = false;
    return report(CLD.CONTINUED, SIG.CONT);
  }
  return "none-yet";
}
