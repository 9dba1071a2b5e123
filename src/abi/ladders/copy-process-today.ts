/**
 * `copy_process` since 5.3, up to the point where it asks alloc_pid for the numbers: ladder P.
 * Source: rules P-01 … P-24; kernel/fork.c, kernel/nsproxy.c, kernel/pid_namespace.c, kernel/user_namespace.c.
 */
export const copy_process_5_3 = {
  ladder: "copy_process_5_3",
  rungs: [
    ["newns-fs", "EINVAL", "P-01", "a new mount namespace cannot share the file-system information"],
    ["newuser-fs", "EINVAL", "P-02", "a new user namespace cannot share the file-system information"],
    ["thread-without-sighand", "EINVAL", "P-03", "threads share their signal handlers"],
    ["sighand-without-vm", "EINVAL", "P-04", "shared signal handlers need shared memory"],
    ["parent-by-init", "EINVAL", "P-05", "a namespace's init cannot make siblings"],
    ["thread-in-other-namespace", "EINVAL", "P-06", "a thread stays in its group's user and pid namespace"],
    [
      "other-time-namespace",
      "EINVAL",
      [],
      "a task that shares memory or a group stays in the maker's time namespace",
      { since: "5.6", until: "6.1" },
    ],
    ["pidfd-detached", "EINVAL", "P-07", "CLONE_DETACHED is kept for another meaning of CLONE_PIDFD"],
    ["pidfd-thread", "EINVAL", "P-07", "there are no pidfds of threads", { until: "6.9" }],
    [
      "autoreap-with-sibling",
      "EINVAL",
      "P-08",
      "who reaps itself is no thread, no sibling, and sends no exit signal",
      { since: "7.0" },
    ],
    [
      "parent-by-autoreaped",
      "EINVAL",
      "P-09",
      "a task that reaps itself cannot make siblings",
      { since: "7.0" },
    ],
    ["nnp-thread", "EINVAL", "P-10", "a group has no_new_privs as one", { since: "7.0" }],
    [
      "autokill-alone",
      "EINVAL",
      "P-11",
      "CLONE_PIDFD_AUTOKILL goes with CLONE_PIDFD and CLONE_AUTOREAP, and with no thread",
      { since: "7.0" },
    ],
    [
      "autokill-not-capable",
      "EPERM",
      "P-12",
      "CLONE_PIDFD_AUTOKILL takes CLONE_NNP or CAP_SYS_ADMIN",
      { since: "7.0" },
    ],
    ["task-no-memory", "ENOMEM", "P-14", "no memory for the task"],
    ["nproc-limit", "EAGAIN", "P-16", "the user has RLIMIT_NPROC processes already", { until: "5.17" }],
    { include: "create_user_ns" },
    ["nproc-limit", "EAGAIN", "P-16", "the user has RLIMIT_NPROC processes already", { since: "5.17" }],
    ["max-threads", "EAGAIN", "P-17", "the machine has max_threads threads already"],
    ["security-hook", "EPERM", "P-17", "the security module refused the new task"],
    ["copy-no-memory", "ENOMEM", "P-17", "no memory for what the task owns"],
    [
      "namespace-not-capable",
      "EPERM",
      "P-18",
      "a new namespace takes CAP_SYS_ADMIN over the child's user namespace",
    ],
    ["newipc-sysvsem", "EINVAL", "P-19", "an undo list cannot be shared across ipc namespaces"],
    { include: "create_new_namespaces" },
    ["tls-unreadable", "EFAULT", "P-22", "the TLS descriptor cannot be read", { only: "32-bit" }],
    [
      "tls-descriptor",
      "EINVAL",
      "P-22",
      "the TLS descriptor is not one of a 32-bit data segment",
      { only: "32-bit" },
    ],
    [
      "tls-entry",
      "EINVAL",
      "P-22",
      "the TLS entry number is not one of the three TLS slots",
      { only: "32-bit" },
    ],
    ["tls-base", "EPERM", "P-23", "the TLS base is not a user address", { only: "64-bit" }],
  ],
  provenance: "kernel/fork.c copy_process, 5.3 to 7.0",
} as const;

/** What `copy_process` does after the numbers: the pidfd, the cgroup, and a last look. Source: rules P-25 … P-28. */
export const copy_process_end = {
  ladder: "copy_process_end",
  rungs: [
    ["pidfd-too-many-fds", "EMFILE", "P-25", "the caller has RLIMIT_NOFILE descriptors already"],
    ["pidfd-no-memory", "ENOMEM", "P-25", "no memory for the descriptor or its file"],
    ["pidfd-unwritable", "EFAULT", ["P-25", "P-31"], "the pidfd cannot be written"],
    [
      "cgroup-not-open",
      "EBADF",
      "P-26",
      "the descriptor is not an open cgroup directory",
      { since: "5.7", leaves: ["uargs.pidfd"] },
    ],
    [
      "fatal-signal",
      "EINTR",
      "P-28",
      "the caller has been killed meanwhile",
      { leaves: ["uargs.pidfd", "parent_tid"] },
    ],
  ],
  provenance: "kernel/fork.c copy_process, 5.3 to 7.0",
} as const;
