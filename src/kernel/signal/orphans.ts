import type { Machine } from "../machine.ts";
import { SIG } from "../task/signal-queue.ts";
import type { Task } from "../task/task.ts";
import { hasStoppedJobs, isOrphaned, membersOf } from "./process-group.ts";
import { sendSignal } from "./send.ts";

/**
 * `kill_orphaned_pgrp`: a process group that loses its last connection to the rest of its session, and has stopped
 * jobs, gets SIGHUP and SIGCONT: nobody else could wake it.
 * @param task whose group may be orphaned now
 * @param father the parent it has just lost; null when it is the task itself that goes
 */
export function hangUpOrphans(machine: Machine, task: Task, father: Task | null): void {
  const { pgrp, session } = task.signal;
  const parent = father ?? task.realParent;
  if (parent.signal.pgrp === pgrp || parent.signal.session !== session) return;
  if (!hasStoppedJobs(pgrp) || !isOrphaned(machine, pgrp, father === null ? task : null)) return;
  for (const sig of [SIG.HUP, SIG.CONT])
    for (const member of membersOf(pgrp)) sendSignal(machine, member, sig, null);
}
