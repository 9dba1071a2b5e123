import { SA } from "../../abi/structs/index.ts";
import type { Machine } from "../machine.ts";
import { sendSignal } from "../signal/send.ts";
import { releaseTask } from "./release.ts";
import { NSIG, SIG } from "./signal-queue.ts";
import type { Task } from "./task.ts";

/**
 * `do_notify_parent`: sends the exit signal and wakes the parent's waiters. A parent that ignores SIGCHLD, or has set
 * SA_NOCLDWAIT, never sees the zombie; the latter is told all the same.
 */
export function notifyParent(machine: Machine, leader: Task): void {
  const parent = leader.realParent;
  const { sighand } = parent;
  const sig = leader.exitSignal;
  const { autoreap } = leader.signal;
  const ignores = sig === SIG.CHLD && sighand.get(SIG.CHLD) === "ignore";
  // An init that takes its namespace down reaps whatever is still its own.
  const reaps = ignores || parent.state === "exiting";
  const unseen = autoreap || reaps || (sig === SIG.CHLD && sighand.hasFlag(SIG.CHLD, SA.NOCLDWAIT));
  if (!autoreap && !ignores && sig > 0 && sig <= NSIG) sendSignal(machine, parent, sig, leader);
  if (unseen || sig === -1) releaseTask(machine, leader);
  machine.wakeWaiters(parent, leader);
}
