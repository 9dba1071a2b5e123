import { SIG, type SignalQueue } from "../task/signal-queue.ts";
import type { Task } from "../task/task.ts";

/** `signal_pending()`: whether the task has a signal to take before it returns to user mode. */
export function hasPendingSignal(task: Task): boolean {
  return task.sigpending;
}

/**
 * Takes the next pending signal: SIGKILL before everything, then the thread's own, then the group's. Null, and the
 * flag cleared, when there is none.
 */
export function takeSignal(task: Task): { sig: number; from: number } | null {
  const own = task.pending;
  const shared = task.signal.pending;
  if (own.has(SIG.KILL)) return take(own, SIG.KILL);
  if (shared.has(SIG.KILL)) return take(shared, SIG.KILL);
  if (!own.empty) return take(own, own.next());
  if (!shared.empty) return take(shared, shared.next());
  task.sigpending = false;
  return null;
}

function take(queue: SignalQueue, sig: number): { sig: number; from: number } {
  const from = queue.sender(sig);
  queue.delete(sig);
  return { sig, from };
}
