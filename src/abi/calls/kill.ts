/** `kill`: send a signal to a process, a group, or every process of the caller's namespace. */
export const kill = {
  name: "kill",
  numbers: { x86_64: 62, i386: 37, arm64: 129, s390x: 37, powerpc64: 37 },
  args: { pid: "pid_t", sig: "signal" },
  returns: "int",
  ladder: [
    ["no-task", "ESRCH", [], "no such process or group is visible in the caller's namespace"],
    ["signal-number", "EINVAL", [], "the signal number is not 0 … 64"],
    ["not-permitted", "EPERM", [], "the caller may not signal that process"],
  ],
  effects: ["a signal becomes pending or is delivered"],
  support: "full",
  note: "of −1 an EPERM is passed over; of a group it is told when nobody could be signalled",
  provenance: ["kernel/signal.c kill_something_info, check_kill_permission"],
} as const;

/** `tkill`: send a signal to one thread. */
export const tkill = {
  name: "tkill",
  numbers: { x86_64: 200, i386: 238, arm64: 130, s390x: 237, powerpc64: 208 },
  args: { pid: "pid_t", sig: "signal" },
  returns: "int",
  ladder: [
    ["not-a-thread", "EINVAL", [], "the number is not above 0"],
    ["no-task", "ESRCH", [], "no such thread is visible in the caller's namespace"],
    ["signal-number", "EINVAL", [], "the signal number is not 0 … 64"],
    ["not-permitted", "EPERM", [], "the caller may not signal that process"],
  ],
  effects: ["a signal becomes pending for that thread alone"],
  support: "full",
  provenance: ["kernel/signal.c do_tkill"],
} as const;

/** `tgkill`: send a signal to one thread of a given group. */
export const tgkill = {
  name: "tgkill",
  numbers: { x86_64: 234, i386: 270, arm64: 131, s390x: 241, powerpc64: 250 },
  args: { tgid: "pid_t", pid: "pid_t", sig: "signal" },
  returns: "int",
  ladder: [
    ["not-a-thread", "EINVAL", [], "one of the numbers is not above 0"],
    ["no-task", "ESRCH", [], "no such thread of that group is visible in the caller's namespace"],
    ["signal-number", "EINVAL", [], "the signal number is not 0 … 64"],
    ["not-permitted", "EPERM", [], "the caller may not signal that process"],
  ],
  effects: ["a signal becomes pending for that thread alone"],
  support: "full",
  provenance: ["kernel/signal.c do_tkill"],
} as const;
