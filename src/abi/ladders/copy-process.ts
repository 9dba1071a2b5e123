/**
 * `copy_process` of 2.6.30 to 2.6.35 up to the point where it asks alloc_pid for the numbers: ladder B.
 * Source: rules B-01 … B-14, B-23, B-24.
 */
export const copy_process = {
  ladder: "copy_process",
  rungs: [
    ["flag-unknown", "EINVAL", "E-12", "a flag outside the mask of those there are"],
    ["newns-fs", "EINVAL", "B-01", "a new mount namespace cannot share the file-system information"],
    ["thread-without-sighand", "EINVAL", "B-02", "threads share their signal handlers"],
    ["sighand-without-vm", "EINVAL", "B-03", "shared signal handlers need shared memory"],
    ["parent-by-init", "EINVAL", "B-23", "a namespace's init cannot make siblings"],
    ["security-hook", "EPERM", "B-04", "the security module refused the new task"],
    ["task-no-memory", "ENOMEM", "B-05", "no memory for the task"],
    ["nproc-limit", "EAGAIN", "B-06", "the user has RLIMIT_NPROC processes already"],
    ["max-threads", "EAGAIN", "B-07", "the machine has max_threads threads already"],
    ["copy-no-memory", "ENOMEM", "B-08", "no memory for what the task owns"],
    ["namespace-not-capable", "EPERM", "B-09", "a new namespace takes CAP_SYS_ADMIN"],
    ["newipc-sysvsem", "EINVAL", "B-10", "an undo list cannot be shared across ipc namespaces"],
    ["namespace-no-memory", "ENOMEM", "B-08", "no memory for the mount, uts or ipc namespace"],
    ["newpid-parent", "EINVAL", "B-24", "a namespace's init cannot be a sibling of its maker"],
    ["newpid-thread", "EINVAL", "B-11", "a thread stays in its group's pid namespace"],
    ["pid-namespace-no-memory", "ENOMEM", "B-08", "no memory for the pid or the network namespace"],
    ["tls-unreadable", "EFAULT", "B-12", "the TLS descriptor cannot be read", { only: "32-bit" }],
    [
      "tls-entry",
      "EINVAL",
      "B-13",
      "the TLS entry number is not one of the three TLS slots",
      { only: "32-bit" },
    ],
    ["tls-base", "EPERM", "P-23", "the TLS base is not a user address", { only: "64-bit" }],
    ["pid-object-no-memory", "ENOMEM", "B-14", "no memory for the struct pid"],
  ],
  provenance: "kernel/fork.c copy_process, 2.6.30 to 2.6.35",
} as const;
