import type { SyscallDecl } from "../syscall.ts";
import { clone, fork, vfork } from "./clone.ts";
import { clone_with_pids } from "./clone-with-pids.ts";
import { clone3 } from "./clone3.ts";
import { close, dup, dup2, dup3 } from "./descriptors.ts";
import { eclone } from "./eclone.ts";
import { exit, exit_group } from "./exit.ts";
import { getpgid, getpgrp, getpid, getppid, getsid, gettid, setpgid, setsid } from "./identity.ts";
import { kill } from "./kill.ts";
import { pidfd_open, setns } from "./pidfd.ts";
import { pipe, pipe2 } from "./pipe.ts";
import { read, readv, write, writev } from "./read-write.ts";
import { getrlimit, old_getrlimit, prlimit64, setrlimit } from "./rlimits.ts";
import { unshare } from "./unshare.ts";
import { wait4, waitid, waitpid } from "./wait.ts";

/** Every syscall trapgate declares itself. */
export const CALLS: readonly SyscallDecl[] = [
  clone_with_pids,
  eclone,
  clone,
  clone3,
  fork,
  vfork,
  exit,
  exit_group,
  wait4,
  waitpid,
  waitid,
  getpid,
  gettid,
  getppid,
  getpgid,
  getpgrp,
  setpgid,
  getsid,
  setsid,
  unshare,
  setns,
  pidfd_open,
  kill,
  close,
  dup,
  dup2,
  dup3,
  pipe,
  pipe2,
  read,
  write,
  readv,
  writev,
  prlimit64,
  setrlimit,
  getrlimit,
  old_getrlimit,
];

export {
  clone,
  clone_with_pids,
  clone3,
  close,
  dup,
  dup2,
  dup3,
  eclone,
  exit,
  exit_group,
  fork,
  getpgid,
  getpgrp,
  getpid,
  getppid,
  getrlimit,
  getsid,
  gettid,
  kill,
  old_getrlimit,
  pidfd_open,
  pipe,
  pipe2,
  prlimit64,
  read,
  readv,
  setns,
  setpgid,
  setrlimit,
  setsid,
  unshare,
  vfork,
  wait4,
  waitid,
  waitpid,
  write,
  writev,
};
