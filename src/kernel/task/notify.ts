import type { Machine } from "../machine.ts";
import { sendSignal } from "../signal/send.ts";
import { releaseTask } from "./release.ts";
import { SIG } from "./signal-queue.ts";
import type { Task } from "./task.ts";

/** True until the task has exited. */
export function isAlive(task: Task): boolean {
  return task.state !== "zombie" && task.state !== "dead";
}

/**
 * `do_notify_parent`: sends the exit signal and wakes the parent's waiters. A parent that ignores SIGCHLD never sees
 * the zombie.
 */
export function notifyParent(machine: Machine, leader: Task): void {
  const parent = leader.realParent;
  const sig = leader.exitSignal;
  const unseen = leader.signal.autoreap || (sig === SIG.CHLD && parent.sighand.get(SIG.CHLD) === "ignore");
  if (!unseen && sig > 0 && sig <= 64) sendSignal(machine, parent, sig, leader);
  if (unseen || sig === -1) releaseTask(machine, leader);
  machine.wakeWaiters(parent);
}
