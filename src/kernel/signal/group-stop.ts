import { SA } from "../../abi/structs/index.ts";
import type { Machine } from "../machine.ts";
import { isAlive } from "../task/alive.ts";
import { SIG } from "../task/signal-queue.ts";
import type { Task } from "../task/task.ts";
import { hasFatalSignal, recalculate } from "./pending.ts";
import { sendSignal, signalWakeUp } from "./send.ts";

/** A stop signal was taken: every thread of the group is to stop, this one at once (do_signal_stop). */
export function beginStop(machine: Machine, task: Task, sig: number): void {
  const { signal } = task;
  if (!signal.stopped) signal.stopSignal = sig;
  for (const thread of signal.threads) {
    if (!isAlive(thread) || thread.stopPending || hasFatalSignal(thread)) continue;
    if (thread !== task && thread.state === "stopped") continue;
    thread.stopPending = true;
    signal.stopping++;
    if (thread !== task) signalWakeUp(machine, thread);
  }
  takePartInStop(machine, task);
}

/** This thread stops; the last one tells the parent. */
export function takePartInStop(machine: Machine, task: Task): void {
  task.state = "stopped";
  leaveStop(machine, task);
}

/** A thread has stopped, or exits instead: it is counted off (task_participate_group_stop). */
export function leaveStop(machine: Machine, task: Task): void {
  const { signal } = task;
  if (!task.stopPending) return;
  task.stopPending = false;
  recalculate(task);
  if (--signal.stopping > 0) return;
  if (signal.stopped) return;
  signal.stopped = true;
  signal.continueReport = false;
  signal.goingOn = null;
  tellParent(machine, task);
}

/** The first thread that goes on after SIGCONT tells the parent. */
export function tellOfGoingOn(machine: Machine, task: Task): void {
  task.signal.goingOn = null;
  tellParent(machine, task);
}

/** SIGCHLD, unless the parent does not want it for stops, and whoever waits is woken (do_notify_parent_cldstop). */
function tellParent(machine: Machine, task: Task): void {
  const leader = task.groupLeader;
  const parent = leader.realParent;
  const { sighand } = parent;
  if (sighand.get(SIG.CHLD) !== "ignore" && !sighand.hasFlag(SIG.CHLD, SA.NOCLDSTOP))
    sendSignal(machine, parent, SIG.CHLD, leader);
  machine.wakeWaiters(parent, leader);
}
