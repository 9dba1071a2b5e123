/** `kill`: send a signal to a process, a group, or every process of the caller's namespace. */
export const kill = {
  name: "kill",
  numbers: { x86_64: 62, i386: 37 },
  args: { pid: "pid_t", sig: "signal" },
  returns: "int",
  ladder: [
    ["no-task", "ESRCH", [], "no such process or group is visible in the caller's namespace"],
    ["signal-number", "EINVAL", [], "the signal number is not 0 … 64"],
    ["not-permitted", "EPERM", [], "the caller may not signal that process"],
  ],
  effects: ["a signal becomes pending or is delivered"],
  support: "full",
  provenance: ["kernel/signal.c sys_kill, 2.6.30"],
} as const;
