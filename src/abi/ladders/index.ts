import type { LadderDecl } from "../ladder.ts";
import { alloc_pid, alloc_pid_eclone } from "./alloc-pid.ts";
import { copy_process } from "./copy-process.ts";
import { do_fork } from "./do-fork.ts";
import { clone_pidfd } from "./pidfd.ts";
import { do_pipe } from "./pipe.ts";
import { pid_ns_prepare_proc } from "./proc-mount.ts";
import { file_read, file_write, import_iovec } from "./read-write.ts";

/** The shared ladders by name: what `{ include: "…" }` in a declaration may say. */
export interface Ladders {
  readonly do_fork: typeof do_fork;
  readonly copy_process: typeof copy_process;
  readonly alloc_pid: typeof alloc_pid;
  readonly alloc_pid_eclone: typeof alloc_pid_eclone;
  readonly clone_pidfd: typeof clone_pidfd;
  readonly pid_ns_prepare_proc: typeof pid_ns_prepare_proc;
  readonly do_pipe: typeof do_pipe;
  readonly import_iovec: typeof import_iovec;
  readonly file_read: typeof file_read;
  readonly file_write: typeof file_write;
}

/** Every shared ladder trapgate declares. */
export const LADDERS: readonly LadderDecl[] = [
  do_fork,
  copy_process,
  alloc_pid,
  alloc_pid_eclone,
  clone_pidfd,
  pid_ns_prepare_proc,
  do_pipe,
  import_iovec,
  file_read,
  file_write,
];

export {
  alloc_pid,
  alloc_pid_eclone,
  clone_pidfd,
  copy_process,
  do_fork,
  do_pipe,
  file_read,
  file_write,
  import_iovec,
  pid_ns_prepare_proc,
};
