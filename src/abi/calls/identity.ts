/** `getpid`: the thread group's number in the caller's own pid namespace. */
export const getpid = {
  name: "getpid",
  numbers: { x86_64: 39, i386: 20, arm64: 172, s390x: 20, powerpc64: 20 },
  args: {},
  returns: "pid_t",
  ladder: [],
  support: "full",
  provenance: ["kernel/timer.c sys_getpid, 2.6.30"],
} as const;

/** `gettid`: the task's own number in its own pid namespace. */
export const gettid = {
  name: "gettid",
  numbers: { x86_64: 186, i386: 224, arm64: 178, s390x: 236, powerpc64: 207 },
  args: {},
  returns: "pid_t",
  ladder: [],
  support: "full",
  provenance: ["kernel/timer.c sys_gettid, 2.6.30"],
} as const;

/** `getppid`: the parent's number as the caller's namespace sees it; 0 when the parent is outside. */
export const getppid = {
  name: "getppid",
  numbers: { x86_64: 110, i386: 64, arm64: 173, s390x: 64, powerpc64: 64 },
  args: {},
  returns: "pid_t",
  ladder: [],
  support: "full",
  provenance: ["kernel/timer.c sys_getppid, 2.6.30"],
} as const;

/** `getpgid`: the process group of a task, 0 for the caller. */
export const getpgid = {
  name: "getpgid",
  numbers: { x86_64: 121, i386: 132, arm64: 155, s390x: 132, powerpc64: 132 },
  args: { pid: "pid_t" },
  returns: "pid_t",
  ladder: [["no-task", "ESRCH", [], "no such task is visible in the caller's namespace"]],
  support: "full",
  provenance: ["kernel/sys.c sys_getpgid"],
} as const;

/** `getpgrp`: the caller's process group. */
export const getpgrp = {
  name: "getpgrp",
  numbers: {
    x86_64: 111,
    i386: 65,
    arm64: { absent: "the generic table has getpgid alone" },
    s390x: 65,
    powerpc64: 65,
  },
  args: {},
  returns: "pid_t",
  ladder: [],
  support: "full",
  provenance: ["kernel/sys.c sys_getpgrp"],
} as const;

/** `setpgid`: move a process into a process group of its session. */
export const setpgid = {
  name: "setpgid",
  numbers: { x86_64: 109, i386: 57, arm64: 154, s390x: 57, powerpc64: 57 },
  args: { pid: "pid_t", pgid: "pid_t" },
  returns: "int",
  ladder: [
    ["pgid-negative", "EINVAL", [], "a process group number is never negative"],
    ["no-task", "ESRCH", [], "no such task is visible in the caller's namespace"],
    ["not-a-leader", "EINVAL", [], "only a thread group's leader can be moved"],
    ["other-session", "EPERM", [], "the child is in another session"],
    ["child-has-execed", "EACCES", [], "the child has executed another program since"],
    ["not-own-child", "ESRCH", [], "the task is neither the caller nor a child of it"],
    ["session-leader", "EPERM", [], "a session leader stays in its group"],
    ["no-such-group", "EPERM", [], "the group does not exist in the caller's session"],
  ],
  effects: ["the process group changes"],
  support: "full",
  provenance: ["kernel/sys.c sys_setpgid"],
} as const;

/** `getsid`: the session of a task, 0 for the caller. */
export const getsid = {
  name: "getsid",
  numbers: { x86_64: 124, i386: 147, arm64: 156, s390x: 147, powerpc64: 147 },
  args: { pid: "pid_t" },
  returns: "pid_t",
  ladder: [["no-task", "ESRCH", [], "no such task is visible in the caller's namespace"]],
  support: "full",
  provenance: ["kernel/sys.c sys_getsid"],
} as const;

/** `setsid`: start a new session and process group named after the caller. */
export const setsid = {
  name: "setsid",
  numbers: { x86_64: 112, i386: 66, arm64: 157, s390x: 66, powerpc64: 66 },
  args: {},
  returns: "pid_t",
  ladder: [
    ["already-leader", "EPERM", [], "the caller leads a session already"],
    ["group-exists", "EPERM", [], "a process group with the caller's number exists"],
  ],
  effects: ["session and process group change"],
  support: "full",
  provenance: ["kernel/sys.c sys_setsid"],
} as const;
