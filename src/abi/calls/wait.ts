/**
 * `wait4`: wait for a child to change state. A fault on either out-pointer answers EFAULT although the child has
 * been reaped. Source: kernel/exit.c do_wait.
 */
export const wait4 = {
  name: "wait4",
  numbers: { x86_64: 61, i386: 114, arm64: 260, s390x: 114, powerpc64: 114 },
  args: {
    upid: "pid_t",
    stat_addr: { out: "int", optional: true },
    options: { flags: "wait_options", of: "int" },
    ru: { out: "rusage", optional: true },
  },
  returns: "pid_t",
  ladder: [
    [
      "options",
      "EINVAL",
      [],
      "an option is not WNOHANG, WUNTRACED, WCONTINUED, __WNOTHREAD, __WCLONE or __WALL",
    ],
    ["int-min", "ESRCH", [], "−2147483648 is the negative of no number", { since: "4.13" }],
    ["no-child", "ECHILD", [], "the caller has no child that fits"],
    [
      "rusage-unwritable",
      "EFAULT",
      [],
      "struct rusage cannot be written; the child is reaped all the same",
      { until: "4.13", leaves: ["state"] },
    ],
    [
      "status-unwritable",
      "EFAULT",
      [],
      "the status cannot be written; the child is reaped all the same",
      { leaves: ["state", "ru"] },
    ],
    [
      "rusage-unwritable",
      "EFAULT",
      [],
      "struct rusage cannot be written; the child is reaped all the same",
      { since: "4.13", leaves: ["state", "stat_addr"] },
    ],
  ],
  effects: ["may block", "a zombie that is reported is reaped", "rusage and the status are written"],
  support: "full",
  provenance: ["kernel/exit.c sys_wait4, 2.6.30"],
} as const;

/** `waitpid`: wait4 without rusage; a 32-bit call only. */
export const waitpid = {
  name: "waitpid",
  numbers: { i386: 7, x86_64: { absent: "x86_64 has wait4 only" }, powerpc64: 7 },
  args: {
    pid: "pid_t",
    stat_addr: { out: "int", optional: true },
    options: { flags: "wait_options", of: "int" },
  },
  returns: "pid_t",
  ladder: [
    [
      "options",
      "EINVAL",
      [],
      "an option is not WNOHANG, WUNTRACED, WCONTINUED, __WNOTHREAD, __WCLONE or __WALL",
    ],
    ["int-min", "ESRCH", [], "−2147483648 is the negative of no number", { since: "4.13" }],
    ["no-child", "ECHILD", [], "the caller has no child that fits"],
    [
      "status-unwritable",
      "EFAULT",
      [],
      "the status cannot be written; the child is reaped all the same",
      { leaves: ["state", "ru"] },
    ],
  ],
  effects: ["may block", "a zombie that is reported is reaped", "the status is written"],
  support: "full",
  provenance: ["kernel/exit.c sys_waitpid"],
} as const;

/**
 * `waitid`: wait for children by type and number, with every kind of change to choose from. Today the siginfo is
 * written even by a call that fails, with zeros; a fault there is EFAULT whatever the failure was. Source:
 * kernel/exit.c.
 */
export const waitid = {
  name: "waitid",
  numbers: { x86_64: 247, i386: 284, arm64: 95, s390x: 281, powerpc64: 272 },
  args: {
    which: { flags: "waitid_type", of: "int" },
    upid: "pid_t",
    infop: { out: "siginfo", optional: true, partial: true },
    options: { flags: "wait_options", of: "int" },
    ru: { out: "rusage", optional: true },
  },
  returns: "int",
  ladder: [
    [
      "failure-unwritable",
      "EFAULT",
      [],
      "the call fails for another reason, and the siginfo, which is cleared all the same, cannot be written",
      { since: "4.13" },
    ],
    [
      "options",
      "EINVAL",
      [],
      "an option is not WNOHANG, WEXITED, WSTOPPED, WCONTINUED, WNOWAIT, __WNOTHREAD, __WCLONE or __WALL",
      { leaves: ["infop"] },
    ],
    [
      "no-option",
      "EINVAL",
      [],
      "none of WEXITED, WSTOPPED and WCONTINUED is asked for",
      { leaves: ["infop"] },
    ],
    ["type", "EINVAL", [], "the type is not P_ALL, P_PID, P_PGID or P_PIDFD", { leaves: ["infop"] }],
    [
      "id",
      "EINVAL",
      [],
      "P_PID takes a number above 0, P_PGID and P_PIDFD none below 0",
      { leaves: ["infop"] },
    ],
    [
      "not-a-pidfd",
      "EBADF",
      [],
      "the descriptor is not that of a pidfd",
      { since: "5.4", leaves: ["infop"] },
    ],
    ["no-child", "ECHILD", [], "the caller has no child that fits", { leaves: ["infop"] }],
    [
      "nonblocking",
      "EAGAIN",
      [],
      "nothing has changed yet, and the pidfd was opened with PIDFD_NONBLOCK",
      { since: "5.10", leaves: ["infop"] },
    ],
    [
      "rusage-unwritable",
      "EFAULT",
      [],
      "struct rusage cannot be written; the child is reaped all the same",
      { leaves: ["state", "infop"] },
    ],
    [
      "info-unwritable",
      "EFAULT",
      [],
      "the siginfo cannot be written; the child is reaped all the same",
      { leaves: ["state", "ru"] },
    ],
  ],
  effects: [
    "may block",
    "a zombie that is reported is reaped, but for WNOWAIT",
    "rusage is written where there is a child to report",
    "si_signo, si_errno, si_code, si_pid, si_uid and si_status are written in this order, as far as the memory goes",
  ],
  support: "full",
  note: "without anything to report, and after a failure, the fields of the siginfo are 0",
  provenance: ["kernel/exit.c sys_waitid, kernel_waitid_prepare"],
} as const;
