/** `create_user_ns`, for clone and unshare alike: rule P-15. Source: kernel/user_namespace.c. */
export const create_user_ns = {
  ladder: "create_user_ns",
  rungs: [
    ["user-namespace-too-deep", "ENOSPC", "P-15", "user namespaces nest 33 deep at the most"],
    ["user-namespace-chrooted", "EPERM", "P-15", "the caller's root is not that of its mount namespace"],
    ["user-namespace-unmapped", "EPERM", "P-15", "the caller's uid or gid has no name in its user namespace"],
    ["user-namespace-no-memory", "ENOMEM", "P-15", "no memory for the user namespace"],
  ],
  provenance: "kernel/user_namespace.c create_user_ns",
} as const;

/**
 * `create_new_namespaces`, for clone, unshare and setns alike: rules P-20, P-21.
 * Source: kernel/nsproxy.c, kernel/pid_namespace.c.
 */
export const create_new_namespaces = {
  ladder: "create_new_namespaces",
  rungs: [
    ["namespace-no-memory", "ENOMEM", "P-18", "no memory for the mount, uts or ipc namespace"],
    ["newpid-again", "EINVAL", "P-20", "the children's pid namespace is not the caller's own any more"],
    [
      "newpid-foreign",
      "EINVAL",
      "P-21",
      "the owner of the pid namespace above is no user namespace above the new one's",
    ],
    ["pid-namespace-too-deep", "ENOSPC", "P-21", "pid namespaces nest 32 deep at the most"],
    ["pid-namespace-no-memory", "ENOMEM", "P-21", "no memory for the pid, cgroup, network or time namespace"],
  ],
  provenance: "kernel/nsproxy.c create_new_namespaces",
} as const;
