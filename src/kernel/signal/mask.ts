import type { Machine } from "../machine.ts";
import { isAlive } from "../task/alive.ts";
import { inSet, type SignalSet } from "../task/sigmask.ts";
import { NSIG } from "../task/signal-queue.ts";
import type { Task } from "../task/task.ts";
import { recalculate } from "./pending.ts";
import { signalWakeUp } from "./send.ts";

/**
 * `set_current_blocked`: another mask. What is let through from now on is taken on the way to user mode; what the group
 * has pending and this thread blocks from now on is left to another one.
 */
export function setMask(machine: Machine, task: Task, mask: SignalSet): void {
  const { signal, sigmask: old } = task;
  task.sigmask = mask;
  if (task.sigpending && signal.threads.length > 1) {
    for (let sig = 1; sig <= NSIG; sig++) {
      if (!inSet(mask, sig) || inSet(old, sig) || !signal.pending.has(sig)) continue;
      const other = signal.threads.find(
        (thread) => thread !== task && isAlive(thread) && !inSet(thread.sigmask, sig),
      );
      if (other !== undefined) signalWakeUp(machine, other);
    }
  }
  recalculate(task);
}
