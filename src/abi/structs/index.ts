import type { FlagSetDecl } from "../flags.ts";
import type { StructDecl } from "../struct.ts";
import { ARCH, arch_prctl_options } from "./arch-prctl.ts";
import {
  CAP_VERSION,
  cap_high,
  cap_low,
  cap_user_data,
  cap_user_header,
  cap_version,
  capability,
} from "./capability.ts";
import { CLONE_HIGH, CLONE_NEWTIME, clone_args, clone3_flags, exit_signal } from "./clone-args.ts";
import { CLONE, clone_flags } from "./clone-flags.ts";
import { eclone_args } from "./eclone-args.ts";
import { close_range_flags, F, fcntl_commands } from "./fcntl.ts";
import { iovec, iovec_in } from "./iovec.ts";
import { MAP, mmap_arg_struct, mmap_flags, prot_flags } from "./mmap.ts";
import { O, open_flags } from "./open-flags.ts";
import { PIDFD, pidfd_flags } from "./pidfd-flags.ts";
import { pipe_fds } from "./pipe-fds.ts";
import { AMBIENT, cap_ambient_how, PR, prctl_option } from "./prctl.ts";
import { RLIMIT, rlimit, rlimit_resource, rlimit64 } from "./rlimit.ts";
import { rusage, timeval } from "./rusage.ts";
import { SECBIT, securebits } from "./securebits.ts";
import {
  kernel_sigaction,
  old_sigaction,
  SA,
  SIG_HOW,
  sa_flags,
  sig_handler,
  sigprocmask_how,
} from "./sigaction.ts";
import { CLD, sifields_sigchld, sigchld_code, siginfo } from "./siginfo.ts";
import { target_pid_set } from "./target-pid-set.ts";
import { user_desc } from "./user-desc.ts";
import { P, WAIT, wait_options, waitid_type } from "./wait-options.ts";

/** Every struct trapgate's own declarations name. */
export const STRUCTS: readonly StructDecl[] = [
  target_pid_set,
  eclone_args,
  clone_args,
  user_desc,
  timeval,
  rusage,
  rlimit,
  rlimit64,
  iovec,
  iovec_in,
  pipe_fds,
  kernel_sigaction,
  old_sigaction,
  sifields_sigchld,
  siginfo,
  mmap_arg_struct,
  cap_user_header,
  cap_user_data,
];

/** Every flag set trapgate's own declarations name. */
export const FLAG_SETS: readonly FlagSetDecl[] = [
  clone_flags,
  clone3_flags,
  exit_signal,
  wait_options,
  open_flags,
  pidfd_flags,
  rlimit_resource,
  sig_handler,
  sa_flags,
  sigprocmask_how,
  sigchld_code,
  waitid_type,
  prot_flags,
  mmap_flags,
  securebits,
  prctl_option,
  cap_ambient_how,
  capability,
  cap_low,
  cap_high,
  cap_version,
  arch_prctl_options,
  fcntl_commands,
  close_range_flags,
];

export {
  AMBIENT,
  ARCH,
  arch_prctl_options,
  CAP_VERSION,
  CLD,
  CLONE,
  CLONE_HIGH,
  CLONE_NEWTIME,
  cap_ambient_how,
  cap_high,
  cap_low,
  cap_user_data,
  cap_user_header,
  cap_version,
  capability,
  clone_args,
  clone_flags,
  clone3_flags,
  close_range_flags,
  eclone_args,
  F,
  fcntl_commands,
  iovec,
  iovec_in,
  kernel_sigaction,
  MAP,
  mmap_arg_struct,
  mmap_flags,
  O,
  old_sigaction,
  open_flags,
  P,
  PIDFD,
  PR,
  pidfd_flags,
  pipe_fds,
  prctl_option,
  prot_flags,
  RLIMIT,
  rlimit,
  rlimit_resource,
  rlimit64,
  rusage,
  SA,
  SECBIT,
  SIG_HOW,
  sa_flags,
  securebits,
  sifields_sigchld,
  sig_handler,
  sigchld_code,
  siginfo,
  sigprocmask_how,
  target_pid_set,
  timeval,
  user_desc,
  WAIT,
  wait_options,
  waitid_type,
};
