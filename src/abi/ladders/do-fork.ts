/** What `do_fork_with_pids` looks at before anything else, for every caller. Source: rules; fork.c 2.6.30. */
export const do_fork = {
  ladder: "do_fork",
  rungs: [
    ["newuser-thread", "EINVAL", "A-03", "a thread cannot have a user namespace of its own"],
    ["newuser-not-capable", "EPERM", "A-04", "CLONE_NEWUSER takes CAP_SYS_ADMIN, CAP_SETUID and CAP_SETGID"],
  ],
  provenance: "kernel/fork.c do_fork, 2.6.30",
} as const;
