import type { Machine } from "../machine.ts";
import { isAlive } from "../task/alive.ts";
import { inSet } from "../task/sigmask.ts";
import { SIG, type SignalQueue } from "../task/signal-queue.ts";
import type { Task } from "../task/task.ts";
import { defaultAction } from "./disposition.ts";

const STOP_SIGNALS = [SIG.STOP, SIG.TSTP, SIG.TTIN, SIG.TTOU] as const;

/**
 * Sends `sig` (1 … 64) to the thread group of `target`. `from` is the sending task, null for the kernel itself. The
 * signal is dropped, queued, or wakes whoever waits; delivery happens where the receiver returns to user mode.
 */
export function sendSignal(machine: Machine, target: Task, sig: number, from: Task | null): void {
  send(machine, target, sig, from, true);
}

/** As {@link sendSignal} for one thread alone (PIDTYPE_PID): no other takes the signal. */
export function sendThreadSignal(machine: Machine, target: Task, sig: number, from: Task | null): void {
  send(machine, target, sig, from, false);
}

function send(machine: Machine, target: Task, sig: number, from: Task | null, group: boolean): void {
  const { signal } = target;
  // A group on its way out takes no more (prepare_signal).
  if (target.state === "dead" || signal.groupExitStatus !== null) return;
  prepare(machine, target, sig);
  if (isIgnored(machine, target, sig, from)) return;
  const sender = from === null ? 0 : from.groupLeader.nrIn(target.pidNs);
  (group ? signal.pending : target.pending).add(sig, sender);
  const receiver = pickThread(machine, target, sig, group);
  if (receiver === null) return;
  if (isFatal(target, sig)) killGroup(machine, target, sig);
  else signalWakeUp(machine, receiver);
}

/** `signal_wake_up`: the thread has something to take, and is woken if it can. */
export function signalWakeUp(machine: Machine, task: Task): void {
  task.sigpending = true;
  machine.signalWake(task);
}

/**
 * What ends one thread of a group ends them all, at once and with this signal whatever comes later: each gets a
 * SIGKILL of its own (complete_signal).
 */
function killGroup(machine: Machine, target: Task, sig: number): void {
  const { signal } = target;
  signal.groupExitStatus ??= sig;
  signal.stopping = 0;
  for (const thread of signal.threads) {
    thread.stopPending = false;
    thread.pending.add(SIG.KILL, 0);
    signalWakeUp(machine, thread);
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
  if (stops) {
    for (const queue of queuesOf(target)) queue.delete(SIG.CONT);
    return;
  }
  for (const queue of queuesOf(target)) for (const stop of STOP_SIGNALS) queue.delete(stop);
  // A stop that was under way counts as finished, and then continued.
  if (signal.stopped) signal.goingOn = "continued";
  else if (signal.stopping > 0) signal.goingOn = "stopped";
  if (signal.stopped || signal.stopping > 0) {
    signal.stopped = false;
    signal.stopping = 0;
    signal.stopSignal = 0;
    signal.continueReport = true;
  }
  for (const thread of signal.threads) {
    thread.stopPending = false;
    if (thread.state === "stopped") machine.continueTask(thread);
  }
}

function queuesOf(target: Task): SignalQueue[] {
  return [target.signal.pending, ...target.signal.threads.map((t) => t.pending)];
}

/**
 * A signal nobody would notice is not even queued (sig_ignored). A blocked one is: its action may be another by the
 * time it is let through.
 */
function isIgnored(machine: Machine, target: Task, sig: number, from: Task | null): boolean {
  if (inSet(target.sigmask, sig)) return false;
  const action = target.sighand.get(sig);
  if (action === "ignore") return true;
  if (action !== "default") return false;
  if (target.signal.unkillable && !fromAncestor(target, sig, from)) return true;
  // The first init is out of everybody's reach.
  if (target.groupLeader === machine.init && (sig === SIG.KILL || sig === SIG.STOP)) return true;
  const what = defaultAction(sig);
  return what === "ignore" || what === "continue";
}

/** Only SIGKILL and SIGSTOP of an ancestor namespace, or of the kernel, reach an init that does not handle them. */
function fromAncestor(target: Task, sig: number, from: Task | null): boolean {
  if (sig !== SIG.KILL && sig !== SIG.STOP) return false;
  return from === null || from.nrIn(target.pidNs) === 0;
}

/** The thread that takes a signal: the one named if it can, else, for a group's signal, any that can (complete_signal). */
function pickThread(machine: Machine, target: Task, sig: number, group: boolean): Task | null {
  if (wants(machine, target, sig)) return target;
  return group ? (target.signal.threads.find((thread) => wants(machine, thread, sig)) ?? null) : null;
}

/**
 * Whether a thread would take `sig` now: one that is stopped, or has a signal to take already, takes SIGKILL only
 * (wants_signal).
 */
function wants(machine: Machine, task: Task, sig: number): boolean {
  if (!isAlive(task) || inSet(task.sigmask, sig)) return false;
  if (sig === SIG.KILL) return true;
  return task.state !== "stopped" && (task === machine.current || !task.sigpending);
}
