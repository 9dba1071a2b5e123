import type { Task } from "./task.ts";

/** True until the task has exited. */
export function isAlive(task: Task): boolean {
  return task.state !== "exiting" && task.state !== "zombie" && task.state !== "dead";
}
