import type { Implementation } from "../call.ts";
import { clone, cloneWithPids, fork, vfork } from "./clone.ts";
import { clone3 } from "./clone3.ts";
import { close, dup, dup2, dup3 } from "./descriptors.ts";
import { eclone } from "./eclone.ts";
import { exit, exit_group } from "./exit.ts";
import { getpgid, getpgrp, getpid, getppid, getsid, gettid } from "./identity.ts";
import { kill, tgkill, tkill } from "./kill.ts";
import { mmap, mmap2, mprotect, munmap, old_mmap } from "./memory.ts";
import { pidfd_open } from "./pidfd.ts";
import { pipe, pipe2 } from "./pipe.ts";
import { read, readv, write, writev } from "./read-write.ts";
import { getrlimit, old_getrlimit, prlimit64, setrlimit } from "./rlimits.ts";
import { setpgid, setsid } from "./session.ts";
import { setns } from "./setns.ts";
import { rt_sigaction, sigaction, signal } from "./sigaction.ts";
import { rt_sigpending, rt_sigprocmask, sgetmask, sigpending, sigprocmask, ssetmask } from "./sigmask.ts";
import { pause, rt_sigsuspend, sigsuspend } from "./suspend.ts";
import { unshare } from "./unshare.ts";
import { wait4, waitpid } from "./wait.ts";
import { waitid } from "./waitid.ts";

/** Every call the emulated kernel answers itself. */
export const BUILTIN_CALLS: readonly Implementation[] = [
  cloneWithPids,
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
  tkill,
  tgkill,
  rt_sigaction,
  sigaction,
  signal,
  rt_sigprocmask,
  sigprocmask,
  sgetmask,
  ssetmask,
  rt_sigpending,
  sigpending,
  rt_sigsuspend,
  sigsuspend,
  pause,
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
  mmap,
  mmap2,
  old_mmap,
  munmap,
  mprotect,
];
