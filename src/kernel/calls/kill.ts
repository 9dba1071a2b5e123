import { kill as killDecl } from "../../abi/calls/index.ts";
import { type Call, type Implementation, implement, type Rungs } from "../call.ts";
import { CAP } from "../capability.ts";
import type { Result } from "../outcome.ts";
import type { Pid } from "../pid/pid.ts";
import { sendSignal } from "../signal/send.ts";
import { capable } from "../task/ns-capable.ts";
import { NSIG, SIG } from "../task/signal-queue.ts";
import type { Task } from "../task/task.ts";

type KillCall = Call<Rungs<typeof killDecl>>;

/** `kill`. Source: kernel/signal.c kill_something_info. */
export const kill: Implementation = implement(killDecl, (k, { pid, sig }) => {
  if (pid > 0) {
    const target = k.task.pidNs.find(pid)?.task("pid") as Task | null | undefined;
    return target ? killOne(k, target, sig) : k.fail("no-task");
  }
  if (pid === -1) return killEverybody(k, sig);
  const pgrp = pid === 0 ? k.task.signal.pgrp : k.task.pidNs.find(-pid);
  return pgrp === undefined ? k.fail("no-task") : killGroup(k, pgrp, sig);
});

/** Whether the caller may send `sig` to `target` (check_kill_permission). */
function mayKill(k: KillCall, target: Task, sig: number): boolean {
  const { cred, signal } = k.task;
  const other = target.cred;
  if (cred.euid === other.suid || cred.euid === other.uid) return true;
  if (cred.uid === other.suid || cred.uid === other.uid) return true;
  if (capable(cred, CAP.KILL)) return true;
  return sig === SIG.CONT && target.signal.session === signal.session;
}

function killOne(k: KillCall, target: Task, sig: number): Result {
  if (sig < 0 || sig > NSIG) return k.fail("signal-number");
  if (!mayKill(k, target, sig)) return k.fail("not-permitted");
  if (sig !== 0) sendSignal(k.machine, target, sig, k.task);
  return 0;
}

/** A group call succeeds when one member could be signalled; else the last error stands. */
function killGroup(k: KillCall, pgrp: Pid, sig: number): Result {
  let success = false;
  let answer: Result | null = null;
  for (const member of [...pgrp.tasks("pgid")] as Task[]) {
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
    if (sig !== 0 && mayKill(k, target, sig)) sendSignal(k.machine, target, sig, k.task);
  }
  return 0;
}
