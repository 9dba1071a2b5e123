import type { LadderDecl } from "../ladder.ts";
import { alloc_pid, alloc_pid_5_3, alloc_pid_eclone } from "./alloc-pid.ts";
import { arch_prctl_common } from "./arch-prctl.ts";
import { copy_process } from "./copy-process.ts";
import { copy_process_5_3, copy_process_end } from "./copy-process-today.ts";
import { do_fcntl } from "./do-fcntl.ts";
import { do_fork } from "./do-fork.ts";
import { do_mmap } from "./do-mmap.ts";
import { do_prlimit } from "./do-prlimit.ts";
import { kernel_clone } from "./kernel-clone.ts";
import { create_new_namespaces, create_user_ns } from "./namespaces.ts";
import { do_pipe } from "./pipe.ts";
import { pid_ns_prepare_proc } from "./proc-mount.ts";
import { file_read, file_write, import_iovec } from "./read-write.ts";

/** The shared ladders by name: what `{ include: "…" }` in a declaration may say. */
export interface Ladders {
  readonly do_fork: typeof do_fork;
  readonly copy_process: typeof copy_process;
  readonly alloc_pid: typeof alloc_pid;
  readonly alloc_pid_eclone: typeof alloc_pid_eclone;
  readonly pid_ns_prepare_proc: typeof pid_ns_prepare_proc;
  readonly arch_prctl_common: typeof arch_prctl_common;
  readonly do_fcntl: typeof do_fcntl;
  readonly do_mmap: typeof do_mmap;
  readonly do_pipe: typeof do_pipe;
  readonly do_prlimit: typeof do_prlimit;
  readonly import_iovec: typeof import_iovec;
  readonly file_read: typeof file_read;
  readonly file_write: typeof file_write;
  readonly kernel_clone: typeof kernel_clone;
  readonly create_user_ns: typeof create_user_ns;
  readonly create_new_namespaces: typeof create_new_namespaces;
  readonly copy_process_5_3: typeof copy_process_5_3;
  readonly alloc_pid_5_3: typeof alloc_pid_5_3;
  readonly copy_process_end: typeof copy_process_end;
}

/** Every shared ladder trapgate declares. */
export const LADDERS: readonly LadderDecl[] = [
  do_fork,
  copy_process,
  alloc_pid,
  alloc_pid_eclone,
  pid_ns_prepare_proc,
  arch_prctl_common,
  do_fcntl,
  do_mmap,
  do_pipe,
  do_prlimit,
  import_iovec,
  file_read,
  file_write,
  kernel_clone,
  create_user_ns,
  create_new_namespaces,
  copy_process_5_3,
  alloc_pid_5_3,
  copy_process_end,
];

export {
  alloc_pid,
  alloc_pid_5_3,
  alloc_pid_eclone,
  arch_prctl_common,
  copy_process,
  copy_process_5_3,
  copy_process_end,
  create_new_namespaces,
  create_user_ns,
  do_fcntl,
  do_fork,
  do_mmap,
  do_pipe,
  do_prlimit,
  file_read,
  file_write,
  import_iovec,
  kernel_clone,
  pid_ns_prepare_proc,
};
