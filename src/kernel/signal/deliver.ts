import type { Machine } from "../machine.ts";
import { exitGroup } from "../task/exit.ts";
import { SIG } from "../task/signal-queue.ts";
import type { Task } from "../task/task.ts";
import { defaultAction } from "./disposition.ts";
import { takeSignal } from "./pending.ts";

/** What the signals that were delivered mean for an interrupted call. */
export type Delivered = "none" | "handled-restart" | "handled-no-restart" | "stopped" | "killed";

/**
 * Takes every pending signal of a task that is about to return to user mode (get_signal, do_signal). A handler is
 * reported in the trace and counts as having run: trapgate executes no guest instructions here.
 */
export function deliverSignals(machine: Machine, task: Task): Delivered {
  let outcome: Delivered = "none";
  for (let next = takeSignal(task); next !== null; next = takeSignal(task)) {
    const { sig, from } = next;
    const action = task.sighand.get(sig);
    if (action === "ignore") continue;
    if (action !== "default") {
      machine.tracer?.signal(task, sig, { from });
      if (outcome !== "handled-no-restart") {
        outcome = action.restart ? "handled-restart" : "handled-no-restart";
      }
      continue;
    }
    // An init that does not handle a signal takes only the two that cannot be handled.
    if (task.signal.unkillable && sig !== SIG.KILL && sig !== SIG.STOP) continue;
    switch (defaultAction(sig)) {
      case "terminate":
        machine.tracer?.signal(task, sig, { from });
        exitGroup(machine, task, sig & 0x7f, true);
        return "killed";
      case "stop":
        machine.tracer?.signal(task, sig, { from });
        stopGroup(machine, task, sig);
        return "stopped";
      default:
    }
  }
  return outcome;
}

/** Every thread of the group stops; a parent that waits with WUNTRACED is told (do_signal_stop). */
function stopGroup(machine: Machine, task: Task, sig: number): void {
  for (const thread of task.signal.threads) if (thread.state === "running") thread.state = "stopped";
  task.signal.stopReport = sig;
  task.signal.continueReport = false;
  machine.notifyStop(task.groupLeader);
}
