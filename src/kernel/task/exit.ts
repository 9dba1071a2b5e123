import { userPtr } from "../../abi/pointer.ts";
import type { Machine } from "../machine.ts";
import { leaveStop } from "../signal/group-stop.ts";
import { hangUpOrphans } from "../signal/orphans.ts";
import { signalWakeUp } from "../signal/send.ts";
import { isAlive } from "./alive.ts";
import { notifyParent } from "./notify.ts";
import { releaseTask } from "./release.ts";
import { leaveNamespace, reparentChildren } from "./reparent.ts";
import { SIG } from "./signal-queue.ts";
import type { Task } from "./task.ts";

/** Wait status of an exit with `code`: the low byte, in bits 8–15. */
export function exitStatus(code: number): number {
  return (code & 0xff) << 8;
}

/**
 * `do_group_exit`: every thread of the group ends with `status`. Threads that cannot be interrupted now keep a
 * SIGKILL and end when their wait does.
 * @param signaled a signal ends the caller (PF_SIGNALED); its fellows are killed in either case
 */
export function exitGroup(machine: Machine, task: Task, status: number, signaled: boolean): void {
  const { signal } = task;
  signal.groupExitStatus ??= status;
  if (signal.threads.length > 1) {
    for (const thread of [...signal.threads]) {
      if (thread !== task && isAlive(thread)) killThread(machine, thread);
    }
  }
  exitTask(machine, task, signal.groupExitStatus, signaled);
}

/** Ends one thread from outside, with SIGKILL, as soon as it can be. */
function killThread(machine: Machine, task: Task): void {
  if (!isAlive(task)) return;
  task.pending.add(SIG.KILL, 0);
  task.sigpending = true;
  const { how } = task.blocked ?? {};
  if (task === machine.current || (how !== undefined && !how.interruptible && how.killable !== true)) return;
  dieOfKill(machine, task);
}

/** A thread takes its SIGKILL now, whatever it does. */
export function dieOfKill(machine: Machine, task: Task): void {
  machine.start(task);
  exitTask(machine, task, task.signal.groupExitStatus ?? SIG.KILL, true);
}

/**
 * `do_exit`: the task lets go of what it owns, hands its children on, tells its parent, and is a zombie, or gone
 * when nobody will wait for it. `status` is a wait status, `signaled` the kernel's PF_SIGNALED: a signal ended it.
 */
export function exitTask(machine: Machine, task: Task, status: number, signaled: boolean): void {
  if (!isAlive(task)) return;
  const { signal } = task;
  if (signal.live === 1 && machine.profile.processes.lastThreadDecides) signal.groupExitStatus ??= status;
  task.exitStatus = signal.groupExitStatus ?? status;
  letGoOfCall(machine, task);
  leaveSignals(machine, task);
  releaseMemory(machine, task, signaled);
  if (--task.files.users === 0) task.files.close(machine);
  task.fs.users--;
  signal.live--;
  leaveNamespace(machine, task);
  if (!waitsForNamespace(machine, task)) finishExit(machine, task);
}

/**
 * The end of `zap_pid_ns_processes`: an init whose namespace has numbers left, those of zombies with a parent outside or
 * of a group or session joined from outside, waits until they are gone.
 */
function waitsForNamespace(machine: Machine, task: Task): boolean {
  if (!machine.profile.processes.initWaitsForNamespace) return false;
  const ns = task.pidNs;
  const own = task.isGroupLeader ? 1 : 2;
  if (!ns.dying || ns.reaper !== task || ns.live <= own) return false;
  task.state = "exiting";
  ns.awaited = { most: own, wake: () => machine.wakeExiting(task) };
  return true;
}

/** The rest of `do_exit`: the children are handed on, the task is a zombie, and its parent is told. */
export function finishExit(machine: Machine, task: Task): void {
  task.state = "zombie";
  reparentChildren(machine, task);
  machine.tracer?.exited(task, describe(task.exitStatus));
  if (task.signal.live === 0) hangUpOrphans(machine, task.groupLeader, null);
  exitNotify(machine, task);
}

/** The call the task waits in, or was to go on with, holds nothing any more. */
function letGoOfCall(machine: Machine, task: Task): void {
  const call = task.blocked ?? task.restart?.blocked;
  task.blocked = null;
  task.restart = null;
  call?.how.abandon?.(machine, task, call.state as never);
}

/** `exit_signals`: from here on the task takes none; what the group has pending is another thread's to take. */
function leaveSignals(machine: Machine, task: Task): void {
  task.state = "zombie";
  task.pending.clear();
  leaveStop(machine, task);
  task.sigpending = false;
  const { signal } = task;
  if (signal.pending.empty || signal.groupExitStatus !== null) return;
  for (const thread of signal.threads) {
    if (isAlive(thread) && signal.pending.next(thread.sigmask) !== 0) {
      signalWakeUp(machine, thread);
      return;
    }
  }
}

/** `exit_notify`: a thread goes at once; the last of a group tells the parent. */
function exitNotify(machine: Machine, task: Task): void {
  const leader = task.groupLeader;
  if (task !== leader) releaseTask(machine, task);
  if (leader.state === "zombie" && leader.signal.threads.length === 1) notifyParent(machine, leader);
}

/** `mm_release` and `mmput`: the cleared tid word first, then the vfork parent, then the memory. */
function releaseMemory(machine: Machine, task: Task, signaled: boolean): void {
  const { mm } = task;
  if (
    task.clearChildTid !== 0 &&
    mm !== null &&
    mm.users > 1 &&
    (machine.profile.clearTidWhenKilled || !signaled)
  ) {
    machine.putUser32(mm, userPtr(task.clearChildTid), 0);
  }
  task.clearChildTid = 0;
  const waiting = task.vforkParent;
  if (waiting !== null) {
    task.vforkParent = null;
    machine.wake(waiting);
  }
  task.mm = null;
  if (mm !== null) machine.putMm(mm);
}

function describe(status: number): { code: number } | { signal: number } {
  return (status & 0x7f) === 0 ? { code: status >> 8 } : { signal: status & 0x7f };
}
