/** `clone` of 2.6.30. On i386 the tls argument stands before child_tid (rules §8, BACKWARDS). */
export const clone = {
  name: "clone",
  numbers: { x86_64: 56, i386: 120 },
  args: {
    flags: { flags: "clone_flags", of: "unsigned long" },
    newsp: "addr",
    parent_tid: { out: "pid_t", optional: true },
    child_tid: { out: "pid_t", optional: true },
    tls: "addr",
  },
  order: { backwards: ["flags", "newsp", "parent_tid", "tls", "child_tid"] },
  returns: "pid_t",
  ladder: [
    { include: "do_fork" },
    { include: "copy_process" },
    { include: "alloc_pid" },
    { include: "pid_ns_prepare_proc" },
    { include: "clone_pidfd" },
  ],
  effects: ["a task is created", "parent_tid and child_tid are written, faults ignored (B-17, B-18)"],
  support: "full",
  provenance: ["rules §4", "kernel/fork.c do_fork, arch/x86/kernel/process*.c, 2.6.30"],
} as const;

/** `fork`: clone(SIGCHLD). */
export const fork = {
  name: "fork",
  numbers: { x86_64: 57, i386: 2 },
  args: {},
  returns: "pid_t",
  ladder: [
    { include: "do_fork" },
    { include: "copy_process" },
    { include: "alloc_pid" },
    { include: "pid_ns_prepare_proc" },
    { include: "clone_pidfd" },
  ],
  effects: ["a task is created"],
  support: "full",
  provenance: ["arch/x86/kernel/process*.c sys_fork, 2.6.30"],
} as const;

/** `vfork`: clone(CLONE_VFORK | CLONE_VM | SIGCHLD); the caller waits until the child lets go of the memory. */
export const vfork = {
  name: "vfork",
  numbers: { x86_64: 58, i386: 190 },
  args: {},
  returns: "pid_t",
  ladder: [
    { include: "do_fork" },
    { include: "copy_process" },
    { include: "alloc_pid" },
    { include: "pid_ns_prepare_proc" },
    { include: "clone_pidfd" },
  ],
  effects: ["a task is created", "the caller blocks until the child exits"],
  support: "full",
  provenance: ["arch/x86/kernel/process*.c sys_vfork, 2.6.30"],
} as const;
