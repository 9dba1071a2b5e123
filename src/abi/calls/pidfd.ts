/**
 * `pidfd_open`: a descriptor for a process that exists. It stands for the process, not for its number: when the
 * process is gone, whoever has the number next is not meant. Source: kernel/pid.c, kernel/fork.c pidfd_prepare.
 */
export const pidfd_open = {
  name: "pidfd_open",
  since: "5.3",
  numbers: { x86_64: 434, i386: 434, arm64: 434, s390x: 434, powerpc64: 434 },
  args: { pid: "pid_t", flags: { flags: "pidfd_flags", of: "unsigned int" } },
  returns: "fd",
  ladder: [
    ["unknown-flag", "EINVAL", [], "a flag is not known"],
    ["pid-not-positive", "EINVAL", [], "the number is 0 or negative"],
    ["no-process", "ESRCH", [], "nothing has this number in the caller's pid namespace"],
    ["task-gone", "EINVAL", [], "only a group or session has this number", { until: "6.14" }],
    ["not-a-leader", "EINVAL", [], "the number is a thread's", { until: "6.14" }],
    ["task-gone", "ESRCH", [], "only a group or session has this number", { since: "6.14" }],
    [
      "not-a-leader",
      "ENOENT",
      [],
      "the number is a thread's, and PIDFD_THREAD is not given",
      { since: "6.14" },
    ],
    ["too-many-fds", "EMFILE", [], "the caller has RLIMIT_NOFILE descriptors already"],
    ["no-memory", "ENOMEM", [], "no memory for the descriptor or its file"],
  ],
  effects: ["the lowest free descriptor is taken; it is closed by execve"],
  support: "full",
  provenance: ["kernel/pid.c sys_pidfd_open, 5.3 to 6.18"],
} as const;

/**
 * `setns`: enter namespaces of the process a pidfd stands for (since 5.8). The caller keeps its own pid: a pid
 * namespace is that of the children it makes from now on. trapgate has no files of single namespaces.
 * Source: kernel/nsproxy.c, kernel/pid_namespace.c pidns_install.
 */
export const setns = {
  name: "setns",
  since: "3.0",
  numbers: { x86_64: 308, i386: 346, arm64: 268, s390x: 339, powerpc64: 350 },
  args: { fd: "fd", flags: { flags: "clone3_flags", of: "int" } },
  returns: "int",
  ladder: [
    ["not-open", "EBADF", [], "the descriptor is not open"],
    ["not-a-namespace", "EINVAL", [], "the descriptor is neither a namespace's nor a pidfd"],
    ["unknown-flag", "EINVAL", [], "no namespace is asked for, or something that is none", { since: "5.8" }],
    ["no-memory", "ENOMEM", [], "no memory for the new set of namespaces"],
    ["task-gone", "ESRCH", [], "the process has exited", { since: "5.8" }],
    ["not-accessible", "EPERM", [], "the caller may not look into the process", { since: "5.8" }],
    ["user-own", "EINVAL", [], "it is the caller's own user namespace", { since: "5.8" }],
    ["user-thread", "EINVAL", [], "the threads of a group live in one user namespace", { since: "5.8" }],
    [
      "user-shared-fs",
      "EINVAL",
      [],
      "the file-system information is shared with another task",
      { since: "5.8" },
    ],
    [
      "user-not-capable",
      "EPERM",
      [],
      "entering a user namespace takes CAP_SYS_ADMIN over it",
      { since: "5.8" },
    ],
    [
      "mnt-not-capable",
      "EPERM",
      [],
      "entering a mount namespace takes CAP_SYS_ADMIN over it, and CAP_SYS_ADMIN and CAP_SYS_CHROOT at home",
      { since: "5.8" },
    ],
    [
      "mnt-shared-fs",
      "EINVAL",
      [],
      "the file-system information is shared with another task",
      { since: "5.8" },
    ],
    [
      "not-capable",
      "EPERM",
      [],
      "entering a uts or ipc namespace takes CAP_SYS_ADMIN over it and at home",
      { since: "5.8" },
    ],
    [
      "pid-not-capable",
      "EPERM",
      [],
      "entering a pid namespace takes CAP_SYS_ADMIN over it and at home",
      { since: "5.8" },
    ],
    [
      "pid-not-below",
      "EINVAL",
      [],
      "the pid namespace is neither the caller's own nor one below it",
      { since: "5.8" },
    ],
    [
      "late-not-capable",
      "EPERM",
      [],
      "entering a cgroup or net namespace takes CAP_SYS_ADMIN over it and at home",
      { since: "5.8" },
    ],
    ["time-shared-vm", "EUSERS", [], "memory that others share shows one clock", { since: "5.8" }],
    [
      "time-not-capable",
      "EPERM",
      [],
      "entering a time namespace takes CAP_SYS_ADMIN over it and at home",
      { since: "5.8" },
    ],
  ],
  effects: ["children are born in the pid namespace; the other namespaces are the caller's at once"],
  support: "full",
  provenance: ["kernel/nsproxy.c sys_setns, 5.3 to 6.18"],
} as const;
