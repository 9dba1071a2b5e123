import { kill as killDecl, tgkill as tgkillDecl, tkill as tkillDecl } from "../../abi/calls/index.ts";
import { type Call, type Implementation, implement, type Rungs } from "../call.ts";
import type { Result } from "../outcome.ts";
import type { Pid } from "../pid/pid.ts";
import { mayKill } from "../signal/permission.ts";
import { membersOf } from "../signal/process-group.ts";
import { sendSignal, sendThreadSignal } from "../signal/send.ts";
import { NSIG } from "../task/signal-queue.ts";
import type { Task } from "../task/task.ts";

type KillCall = Call<Rungs<typeof killDecl>>;

/** −INT_MIN is no number: nobody is in that group. */
const INT_MIN = -0x8000_0000;

/** `kill`. Source: kernel/signal.c kill_something_info. */
export const kill: Implementation = implement(killDecl, (k, { pid, sig }) => {
  if (pid > 0) {
    const target = k.task.pidNs.find(pid)?.task("pid") as Task | null | undefined;
    return target ? killOne(k, target, sig) : k.fail("no-task");
  }
  if (pid === INT_MIN) return k.fail("no-task");
  if (pid === -1) return killEverybody(k, sig);
  const pgrp = pid === 0 ? k.task.signal.pgrp : k.task.pidNs.find(-pid);
  return pgrp === undefined ? k.fail("no-task") : killGroup(k, pgrp, sig);
});

/** `tkill`. Source: kernel/signal.c do_tkill. */
export const tkill: Implementation = implement(tkillDecl, (k, { pid, sig }) =>
  pid <= 0 ? k.fail("not-a-thread") : killThread(k, null, pid, sig),
);

/** `tgkill`. Source: kernel/signal.c do_tkill. */
export const tgkill: Implementation = implement(tgkillDecl, (k, { tgid, pid, sig }) =>
  pid <= 0 || tgid <= 0 ? k.fail("not-a-thread") : killThread(k, tgid, pid, sig),
);

function killThread(k: KillCall, tgid: number | null, pid: number, sig: number): Result {
  const { task } = k;
  const target = task.pidNs.find(pid)?.task("pid") as Task | null | undefined;
  if (!target || (tgid !== null && target.groupLeader.nrIn(task.pidNs) !== tgid)) return k.fail("no-task");
  const answer = check(k, target, sig);
  if (answer === 0 && sig !== 0) sendThreadSignal(k.machine, target, sig, task);
  return answer;
}

/** `check_kill_permission`. */
function check(k: KillCall, target: Task, sig: number): Result {
  if (sig < 0 || sig > NSIG) return k.fail("signal-number");
  return mayKill(k.task, target, sig) ? 0 : k.fail("not-permitted");
}

function killOne(k: KillCall, target: Task, sig: number): Result {
  const answer = check(k, target, sig);
  if (answer === 0 && sig !== 0) sendSignal(k.machine, target, sig, k.task);
  return answer;
}

/** A group call succeeds when one member could be signalled; else the last error stands. */
function killGroup(k: KillCall, pgrp: Pid, sig: number): Result {
  let success = false;
  let answer: Result | null = null;
  for (const member of membersOf(pgrp)) {
    answer = killOne(k, member, sig);
    success ||= answer === 0;
  }
  if (success) return 0;
  return answer ?? k.fail("no-task");
}

/**
 * pid −1: everybody in the caller's namespace but its init and the caller's own group. A process that may not be
 * signalled is passed over in silence; with nobody there the answer is ESRCH.
 */
function killEverybody(k: KillCall, sig: number): Result {
  const ns = k.task.pidNs;
  const targets: Task[] = [];
  for (const pid of ns.pids()) {
    const task = pid.task("pid") as Task | null;
    if (task?.isGroupLeader && task !== k.task.groupLeader && pid.nrIn(ns) > 1) targets.push(task);
  }
  if (targets.length === 0) return k.fail("no-task");
  if (sig < 0 || sig > NSIG) return k.fail("signal-number");
  for (const target of targets) {
    if (sig !== 0 && mayKill(k.task, target, sig)) sendSignal(k.machine, target, sig, k.task);
  }
  return 0;
}
