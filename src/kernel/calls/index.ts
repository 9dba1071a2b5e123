import type { Implementation } from "../call.ts";
import { capget, capset } from "./capability.ts";
import { clone, cloneWithPids, fork, vfork } from "./clone.ts";
import { clone3 } from "./clone3.ts";
import { close, dup, dup2, dup3 } from "./descriptors.ts";
import { eclone } from "./eclone.ts";
import { exit, exit_group } from "./exit.ts";
import { close_range, fcntl, fcntl64 } from "./fcntl.ts";
import {
  getegid,
  getegid16,
  getgid,
  getgid16,
  getresgid,
  getresgid16,
  setfsgid,
  setfsgid16,
  setgid,
  setgid16,
  setregid,
  setregid16,
  setresgid,
  setresgid16,
} from "./group.ts";
import { getgroups, getgroups16, setgroups, setgroups16 } from "./groups.ts";
import { getpgid, getpgrp, getpid, getppid, getsid, gettid } from "./identity.ts";
import { kill, tgkill, tkill } from "./kill.ts";
import { mmap, mmap2, mprotect, munmap, old_mmap } from "./memory.ts";
import { pidfd_open } from "./pidfd.ts";
import { pipe, pipe2 } from "./pipe.ts";
import { prctl } from "./prctl.ts";
import { read, readv, write, writev } from "./read-write.ts";
import { getrlimit, old_getrlimit, prlimit64, setrlimit } from "./rlimits.ts";
import { setpgid, setsid } from "./session.ts";
import { setns } from "./setns.ts";
import { rt_sigaction, sigaction, signal } from "./sigaction.ts";
import { rt_sigpending, rt_sigprocmask, sgetmask, sigpending, sigprocmask, ssetmask } from "./sigmask.ts";
import { pause, rt_sigsuspend, sigsuspend } from "./suspend.ts";
import { personality, sched_yield, set_tid_address } from "./task.ts";
import { arch_prctl, compat_arch_prctl, get_thread_area, set_thread_area } from "./tls.ts";
import { unshare } from "./unshare.ts";
import {
  geteuid,
  geteuid16,
  getresuid,
  getresuid16,
  getuid,
  getuid16,
  setfsuid,
  setfsuid16,
  setresuid,
  setresuid16,
  setreuid,
  setreuid16,
  setuid,
  setuid16,
} from "./user.ts";
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
  capget,
  capset,
  prctl,
  set_tid_address,
  personality,
  sched_yield,
  getuid,
  getuid16,
  geteuid,
  geteuid16,
  getgid,
  getgid16,
  getegid,
  getegid16,
  setuid,
  setuid16,
  setgid,
  setgid16,
  setreuid,
  setreuid16,
  setregid,
  setregid16,
  setresuid,
  setresuid16,
  setresgid,
  setresgid16,
  getresuid,
  getresuid16,
  getresgid,
  getresgid16,
  setfsuid,
  setfsuid16,
  setfsgid,
  setfsgid16,
  getgroups,
  setgroups,
  getgroups16,
  setgroups16,
  arch_prctl,
  compat_arch_prctl,
  set_thread_area,
  get_thread_area,
  fcntl,
  fcntl64,
  close_range,
];
