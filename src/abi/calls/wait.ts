/**
 * `wait4`: wait for a child to change state. A fault on either out-pointer answers EFAULT although the child has
 * been reaped. Source: kernel/exit.c do_wait.
 */
export const wait4 = {
  name: "wait4",
  numbers: { x86_64: 61, i386: 114 },
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
    ["no-child", "ECHILD", [], "the caller has no child that fits"],
    ["rusage-unwritable", "EFAULT", [], "struct rusage cannot be written; the child is reaped all the same"],
    ["status-unwritable", "EFAULT", [], "the status cannot be written; the child is reaped all the same"],
  ],
  effects: ["may block", "a zombie that is reported is reaped", "rusage, then the status, are written"],
  support: "full",
  provenance: ["kernel/exit.c sys_wait4, 2.6.30"],
} as const;

/** `waitpid`: wait4 without rusage; a 32-bit call only. */
export const waitpid = {
  name: "waitpid",
  numbers: { i386: 7, x86_64: { absent: "x86_64 has wait4 only" } },
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
    ["no-child", "ECHILD", [], "the caller has no child that fits"],
    ["rusage-unwritable", "EFAULT", [], "struct rusage cannot be written; the child is reaped all the same"],
    ["status-unwritable", "EFAULT", [], "the status cannot be written; the child is reaped all the same"],
  ],
  effects: ["may block", "a zombie that is reported is reaped", "the status is written"],
  support: "full",
  provenance: ["kernel/exit.c sys_waitpid"],
} as const;
