import type { Machine } from "../machine.ts";
import type { Task } from "./task.ts";

/**
 * `release_task`: the last trace of a task goes: its numbers (unless a group or session still uses them, B-33), its
 * place among its parent's children, its register image. A zombie leader that waited for this thread is told about.
 */
export function releaseTask(machine: Machine, task: Task): void {
  if (task.state === "dead") return;
  const { signal, pid } = task;
  task.state = "dead";
  task.cred.user.processes--;
  machine.nrThreads--;
  machine.tasks.delete(task);
  signal.threads.splice(signal.threads.indexOf(task), 1);
  if (task.isGroupLeader) {
    task.realParent.children?.delete(task);
    signal.pgrp.detach("pgid", task);
    signal.session.detach("sid", task);
  }
  pid.detach("pid", task);
  machine.regsPool.free(task.regs);
}
