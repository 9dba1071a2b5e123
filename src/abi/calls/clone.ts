/**
 * `clone`. On i386, arm64, riscv64 and powerpc the tls argument stands before child_tid, on s390 the stack before the
 * flags (rules §8, BACKWARDS and BACKWARDS2). With CLONE_PIDFD parent_tid is where the pidfd goes (L-02).
 */
export const clone = {
  name: "clone",
  numbers: { x86_64: 56, i386: 120, arm64: 220, s390x: 120, powerpc64: 120 },
  args: {
    flags: { flags: "clone_flags", of: "unsigned long" },
    newsp: "addr",
    parent_tid: { out: "pid_t", optional: true },
    child_tid: { out: "pid_t", optional: true },
    tls: "addr",
  },
  order: {
    backwards: ["flags", "newsp", "parent_tid", "tls", "child_tid"],
    backwards2: ["newsp", "flags", "parent_tid", "child_tid", "tls"],
  },
  returns: "pid_t",
  ladder: [
    { include: "do_fork", until: "5.3" },
    { include: "copy_process", until: "5.3" },
    { include: "alloc_pid", until: "5.3" },
    { include: "pid_ns_prepare_proc", until: "5.3" },
    { include: "kernel_clone", since: "5.3" },
    { include: "copy_process_5_3", since: "5.3" },
    { include: "alloc_pid_5_3", since: "5.3" },
    { include: "copy_process_end", since: "5.3" },
  ],
  effects: [
    "a task is created",
    "parent_tid and child_tid are written, faults ignored (B-17, B-18, P-29, P-30)",
    "with CLONE_PIDFD parent_tid gets a descriptor instead, and a fault there fails the call (P-25, P-31)",
  ],
  support: "full",
  note: "the upper half of flags is ignored (L-01); newsp is not looked at (L-04)",
  provenance: [
    "rules §4, §6.4 to §6.6",
    "kernel/fork.c do_fork, arch/x86/kernel/process*.c, 2.6.30",
    "kernel/fork.c, 5.3 to 7.0",
  ],
} as const;

/** `fork`: clone(SIGCHLD). */
export const fork = {
  name: "fork",
  numbers: {
    x86_64: 57,
    i386: 2,
    arm64: { absent: "the generic table has clone alone" },
    s390x: 2,
    powerpc64: 2,
  },
  args: {},
  returns: "pid_t",
  ladder: [
    { include: "do_fork", until: "5.3" },
    { include: "copy_process", until: "5.3" },
    { include: "alloc_pid", until: "5.3" },
    { include: "pid_ns_prepare_proc", until: "5.3" },
    { include: "kernel_clone", since: "5.3" },
    { include: "copy_process_5_3", since: "5.3" },
    { include: "alloc_pid_5_3", since: "5.3" },
    { include: "copy_process_end", since: "5.3" },
  ],
  effects: ["a task is created"],
  support: "full",
  provenance: ["arch/x86/kernel/process*.c sys_fork, 2.6.30", "kernel/fork.c, 5.3 to 7.0"],
} as const;

/** `vfork`: clone(CLONE_VFORK | CLONE_VM | SIGCHLD); the caller waits until the child lets go of the memory. */
export const vfork = {
  name: "vfork",
  numbers: {
    x86_64: 58,
    i386: 190,
    arm64: { absent: "the generic table has clone alone" },
    s390x: 190,
    powerpc64: 189,
  },
  args: {},
  returns: "pid_t",
  ladder: [
    { include: "do_fork", until: "5.3" },
    { include: "copy_process", until: "5.3" },
    { include: "alloc_pid", until: "5.3" },
    { include: "pid_ns_prepare_proc", until: "5.3" },
    { include: "kernel_clone", since: "5.3" },
    { include: "copy_process_5_3", since: "5.3" },
    { include: "alloc_pid_5_3", since: "5.3" },
    { include: "copy_process_end", since: "5.3" },
  ],
  effects: ["a task is created", "the caller blocks until the child exits"],
  support: "full",
  provenance: ["arch/x86/kernel/process*.c sys_vfork, 2.6.30", "kernel/fork.c, 5.3 to 7.0"],
} as const;
