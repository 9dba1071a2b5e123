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
  task.cred.user.removeProcess();
  machine.nrThreads--;
  if (task.link !== null) machine.tasks.remove(task.link);
  signal.removeThread(task);
  task.sighand.users--;
  if (task.isGroupLeader) {
    if (task.sibling !== null) task.realParent.children?.remove(task.sibling);
    signal.leave("pgid");
    signal.leave("sid");
  }
  pid.detach();
  machine.regsPool.free(task.regs);
}
