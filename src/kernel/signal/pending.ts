import type { SignalSet } from "../task/sigmask.ts";
import { SIG, type SignalQueue } from "../task/signal-queue.ts";
import type { Task } from "../task/task.ts";

/** `signal_pending()`: whether the task has a signal to take before it returns to user mode. */
export function hasPendingSignal(task: Task): boolean {
  return task.sigpending;
}

/** `fatal_signal_pending()`: SIGKILL is on its way to this thread. */
export function hasFatalSignal(task: Task): boolean {
  return task.sigpending && task.pending.has(SIG.KILL);
}

/** `recalc_sigpending`: whether something waits that the mask lets through. */
export function recalculate(task: Task): void {
  const { sigmask, signal } = task;
  task.sigpending =
    task.stopPending || task.pending.next(sigmask) !== 0 || signal.pending.next(sigmask) !== 0;
}

/** What is pending for a task and blocked, or will be taken: its own and its group's (do_sigpending). */
export function pendingSet(task: Task): SignalSet {
  const own = task.pending.set;
  const shared = task.signal.pending.set;
  return { lo: (own.lo | shared.lo) >>> 0, hi: (own.hi | shared.hi) >>> 0 };
}

/**
 * Takes the next signal the mask lets through: the thread's own, then the group's. Null, and the flag cleared, when
 * there is none.
 */
export function takeSignal(task: Task): { sig: number; from: number } | null {
  const own = task.pending;
  const shared = task.signal.pending;
  if (own.has(SIG.KILL)) return take(own, SIG.KILL);
  if (shared.has(SIG.KILL)) return take(shared, SIG.KILL);
  const mine = own.next(task.sigmask);
  if (mine !== 0) return take(own, mine);
  const ours = shared.next(task.sigmask);
  if (ours !== 0) return take(shared, ours);
  task.sigpending = false;
  return null;
}

function take(queue: SignalQueue, sig: number): { sig: number; from: number } {
  const from = queue.sender(sig);
  queue.delete(sig);
  return { sig, from };
}
