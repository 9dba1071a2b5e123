import type { Task } from "../task/task.ts";

/** `signal_pending()`: whether the task has a signal to take before it returns to user mode. */
export function hasPendingSignal(task: Task): boolean {
  return task.sigpending;
}

/** Takes the next pending signal, the thread's own before the group's; 0 when there is none. */
export function takeSignal(task: Task): { sig: number; from: number } | null {
  for (const queue of [task.pending, task.signal.pending]) {
    const sig = queue.next();
    if (sig === 0) continue;
    const from = queue.sender(sig);
    queue.delete(sig);
    return { sig, from };
  }
  task.sigpending = false;
  return null;
}
