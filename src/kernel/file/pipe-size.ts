import { PAGE_SIZE } from "../../mm/frames.ts";
import { CAP } from "../capability.ts";
import type { Machine } from "../machine.ts";
import { capable } from "../task/ns-capable.ts";
import type { Task } from "../task/task.ts";
import type { OpenFile } from "./open-file.ts";
import type { Pipe } from "./pipe.ts";
import { PipeEnd } from "./pipe-end.ts";

/** sysctl pipe-max-size: whoever has no privilege makes no pipe larger. */
const PIPE_MAX_SIZE = 2 ** 20;
/** No pipe is larger than this. */
const LARGEST = 2 ** 31;

/** The pipe a file is an end of; null for any other file. */
export function pipeOf(file: OpenFile): Pipe | null {
  return file.op instanceof PipeEnd ? file.op.pipe : null;
}

/** Whether the limits on pipe pages bind a task (`pipe_is_unprivileged_user`). */
export function isPrivilegedOverPipes({ cred }: Task): boolean {
  return capable(cred, CAP.SYS_RESOURCE) || capable(cred, CAP.SYS_ADMIN);
}

/**
 * `pipe_set_size`: room for `size` bytes, rounded up to a power of two and a page; returns what it has become.
 * Source: fs/pipe.c.
 */
export function resizePipe(
  machine: Machine,
  pipe: Pipe,
  size: number,
  privileged: boolean,
): number | "pipe-size" | "pipe-size-limit" | "pipe-in-use" {
  if (size > LARGEST) return "pipe-size";
  const bytes = Math.max(PAGE_SIZE, 2 ** Math.ceil(Math.log2(Math.max(1, size))));
  const pages = bytes / PAGE_SIZE;
  const grows = pages > pipe.maxBuffers;
  const held = pipe.user.pipeBuffers - pipe.maxBuffers + pages;
  if (grows && !privileged && bytes > PIPE_MAX_SIZE) return "pipe-size-limit";
  if (grows && !privileged && held > machine.profile.files.pipe.userPagesSoft) return "pipe-size-limit";
  if (pages < pipe.buffers.length) return "pipe-in-use";
  pipe.resize(machine, pages);
  return bytes;
}
