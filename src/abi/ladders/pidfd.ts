/** What CLONE_PIDFD asks of kernel_clone and copy_process (since 5.2). Source: rules C-23, P-25. */
export const clone_pidfd = {
  ladder: "clone_pidfd",
  rungs: [
    ["pidfd-is-parent-tid", "EINVAL", "C-23", "the pidfd and the parent's tid cannot share a place"],
    ["pidfd-too-many-fds", "EMFILE", [], "no descriptor below RLIMIT_NOFILE is free"],
    ["pidfd-no-memory", "ENOMEM", [], "no memory for the pidfd"],
    ["pidfd-unwritable", "EFAULT", "P-25", "the pidfd cannot be written"],
  ],
  provenance: "kernel/fork.c kernel_clone and copy_process, 5.3",
} as const;
