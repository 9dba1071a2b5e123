import type { Machine } from "../machine.ts";
import type { Pid } from "../pid/pid.ts";
import type { Task } from "../task/task.ts";

/** The processes of a group, by their leaders. */
export function membersOf(pgrp: Pid): readonly Task[] {
  return [...pgrp.tasks("pgid")] as Task[];
}

/**
 * Whether nobody is left who could continue a stopped job of this group: no member has a parent in another group of
 * the same session. Members that have exited do not count, nor do children of the first init.
 * @param leaving a member that is about to go
 */
export function isOrphaned(machine: Machine, pgrp: Pid, leaving: Task | null = null): boolean {
  return membersOf(pgrp).every((member) => {
    const { signal, realParent: parent } = member;
    if (member === leaving || parent.groupLeader === machine.init) return true;
    if (member.state === "zombie" && signal.threads.length === 1) return true;
    return parent.signal.pgrp === pgrp || parent.signal.session !== signal.session;
  });
}

/** Whether a member is stopped. */
export function hasStoppedJobs(pgrp: Pid): boolean {
  return membersOf(pgrp).some((member) => member.signal.stopped);
}
