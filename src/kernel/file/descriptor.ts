import { RLIMIT } from "../../abi/structs/index.ts";
import type { Task } from "../task/task.ts";
import type { OpenFile } from "./open-file.ts";

/**
 * `get_unused_fd_flags`: the lowest free descriptor of a task below its RLIMIT_NOFILE, reserved until
 * {@link fdInstall} or {@link putUnusedFd}. "EMFILE" when there is none, "ENOMEM" without memory for a longer table.
 */
export function getUnusedFd(task: Task, closeOnExec: boolean): number | "EMFILE" | "ENOMEM" {
  return task.files.alloc(0, task.signal.rlimit(RLIMIT.NOFILE), closeOnExec);
}

/** `fd_install`: a reserved descriptor now points at `file`; the caller's reference becomes the table's. */
export function fdInstall(task: Task, fd: number, file: OpenFile): void {
  task.files.install(fd, file);
}

/** `put_unused_fd`: gives a reserved descriptor back. */
export function putUnusedFd(task: Task, fd: number): void {
  task.files.putUnused(fd);
}

/** `fdget`: the open file a descriptor points at, without a reference of its own; null when there is none. */
export function fdget(task: Task, fd: number): OpenFile | null {
  return task.files.lookup(fd >>> 0);
}
