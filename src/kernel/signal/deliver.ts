import { SA } from "../../abi/structs/index.ts";
import type { Restart } from "../call.ts";
import type { Machine } from "../machine.ts";
import { exitGroup } from "../task/exit.ts";
import { SIG } from "../task/signal-queue.ts";
import type { Task } from "../task/task.ts";
import { defaultAction } from "./disposition.ts";
import { beginStop, takePartInStop, tellOfGoingOn } from "./group-stop.ts";
import { takeSignal } from "./pending.ts";
import { isOrphaned } from "./process-group.ts";

/** What became of a task that was about to return to user mode. */
export type Delivered = "returns" | "stopped" | "killed";

/**
 * Takes every pending signal of a task that is about to return to user mode (get_signal, do_signal). A handler is
 * reported in the trace and counts as having run: trapgate executes no guest instructions here. The first one decides
 * what becomes of a call that was cut short ({@link Task.restart}).
 */
export function deliverSignals(machine: Machine, task: Task): Delivered {
  const { signal } = task;
  for (;;) {
    if (signal.goingOn !== null) tellOfGoingOn(machine, task);
    if (signal.groupExitStatus !== null) return dieWithGroup(machine, task, signal.groupExitStatus);
    if (task.stopPending) {
      takePartInStop(machine, task);
      return "stopped";
    }
    const next = takeSignal(task);
    if (next === null) return "returns";
    const { sig, from } = next;
    const disposition = task.sighand.get(sig);
    if (disposition === "ignore") continue;
    if (disposition !== "default") {
      machine.tracer?.signal(task, sig, { from });
      decide(task.restart, disposition.restart);
      if (task.sighand.hasFlag(sig, SA.RESETHAND)) task.sighand.reset(sig);
      continue;
    }
    // An init that does not handle a signal takes only the two that cannot be handled.
    if (signal.unkillable && sig !== SIG.KILL && sig !== SIG.STOP) continue;
    switch (defaultAction(sig)) {
      case "terminate":
      case "dump":
        machine.tracer?.signal(task, sig, { from });
        exitGroup(machine, task, sig, true);
        return "killed";
      case "stop":
        // Nobody could continue a job of an orphaned group; SIGSTOP stops all the same.
        if (sig !== SIG.STOP && isOrphaned(machine, signal.pgrp)) continue;
        machine.tracer?.signal(task, sig, { from });
        beginStop(machine, task, sig);
        return "stopped";
      default:
    }
  }
}

/** A group that ends does so whatever else is pending; the signal behind it is told of by whoever has it. */
function dieWithGroup(machine: Machine, task: Task, status: number): Delivered {
  for (const queue of [task.pending, task.signal.pending]) {
    if (status === 0 || status > 0x7f || !queue.has(status)) continue;
    machine.tracer?.signal(task, status, { from: queue.sender(status) });
    queue.delete(status);
    break;
  }
  exitGroup(machine, task, status, true);
  return "killed";
}

/** The first handler says whether the call it cut short starts again (handle_signal). */
function decide(restart: Restart | null, restarts: boolean): void {
  if (restart === null || restart.outcome !== null) return;
  const again = restart.code === "ERESTARTNOINTR" || (restart.code === "ERESTARTSYS" && restarts);
  restart.outcome = again ? "restarted" : "interrupted";
}
