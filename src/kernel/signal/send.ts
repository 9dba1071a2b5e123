import type { Machine } from "../machine.ts";
import { SIG } from "../task/signal-queue.ts";
import type { Task } from "../task/task.ts";
import { defaultAction } from "./disposition.ts";

const STOP_SIGNALS = [SIG.STOP, SIG.TSTP, SIG.TTIN, SIG.TTOU] as const;

/**
 * Sends `sig` (1 … 64) to the thread group of `target`. `from` is the sending task, null for the kernel itself. The
 * signal is dropped, queued, or wakes whoever waits; delivery happens where the receiver returns to user mode.
 */
export function sendSignal(machine: Machine, target: Task, sig: number, from: Task | null): void {
  if (target.state === "dead" || target.signal.live === 0) return;
  prepare(machine, target, sig);
  if (isIgnored(target, sig, from)) return;
  const sender = from === null ? 0 : from.groupLeader.nrIn(target.pidNs);
  target.signal.pending.add(sig, sender);
  for (const thread of target.signal.threads) thread.sigpending = true;
  const receiver = pickThread(target, sig);
  if (receiver === null) return;
  if (target.signal.threads.length > 1 && isFatal(target, sig)) killGroup(machine, target, sig);
  else machine.signalWake(receiver);
}

/** What ends one thread of a group ends them all: each gets a SIGKILL of its own (complete_signal). */
function killGroup(machine: Machine, target: Task, sig: number): void {
  target.signal.groupExitStatus ??= sig;
  for (const thread of target.signal.threads) {
    if (thread.state === "zombie") continue;
    thread.pending.add(SIG.KILL, 0);
    thread.sigpending = true;
    machine.signalWake(thread);
  }
}

function isFatal(target: Task, sig: number): boolean {
  return target.sighand.get(sig) === "default" && defaultAction(sig) === "terminate";
}

/** SIGCONT undoes stops, a stop signal undoes SIGCONT, whatever the dispositions (prepare_signal). */
function prepare(machine: Machine, target: Task, sig: number): void {
  const stops = (STOP_SIGNALS as readonly number[]).includes(sig);
  if (sig !== SIG.CONT && !stops) return;
  const { signal } = target;
  const queues = [signal.pending, ...signal.threads.map((t) => t.pending)];
  if (sig === SIG.CONT) {
    for (const queue of queues) for (const stop of STOP_SIGNALS) queue.delete(stop);
    let resumed = false;
    for (const thread of signal.threads) {
      if (thread.state !== "stopped") continue;
      machine.continueTask(thread);
      resumed = true;
    }
    if (resumed) {
      signal.stopReport = 0;
      signal.continueReport = true;
      machine.wakeWaiters(target.groupLeader.realParent);
    }
  } else {
    for (const queue of queues) queue.delete(SIG.CONT);
  }
}

/** A signal nobody would notice is not even queued (sig_ignored, SIGNAL_UNKILLABLE). */
function isIgnored(target: Task, sig: number, from: Task | null): boolean {
  const action = target.sighand.get(sig);
  if (action === "ignore") return true;
  if (action !== "default") return false;
  if (target.signal.unkillable && !fromAncestor(target, sig, from)) return true;
  const what = defaultAction(sig);
  return what === "ignore" || what === "continue";
}

/** Only SIGKILL and SIGSTOP of an ancestor namespace, or of the kernel, reach an init that does not handle them. */
function fromAncestor(target: Task, sig: number, from: Task | null): boolean {
  if (sig !== SIG.KILL && sig !== SIG.STOP) return false;
  return from === null || from.nrIn(target.pidNs) === 0;
}

/** The thread that takes a group signal: the one named if it can, else any that can; a stopped one takes SIGKILL only. */
function pickThread(target: Task, sig: number): Task | null {
  const wants = (t: Task): boolean =>
    t.state !== "zombie" && t.state !== "dead" && (sig === SIG.KILL || t.state !== "stopped");
  return wants(target) ? target : (target.signal.threads.find(wants) ?? null);
}
