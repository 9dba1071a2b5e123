/**
 * `unshare`: leave what is shared with others. CLONE_NEWPID, for the caller's children, came in 3.8; before that it
 * is an unknown flag.
 */
export const unshare = {
  name: "unshare",
  numbers: { x86_64: 272, i386: 310, arm64: 97, s390x: 303, powerpc64: 282 },
  args: { unshare_flags: { flags: "clone3_flags", of: "unsigned long" } },
  returns: "int",
  ladder: [
    ["unknown-flag", "EINVAL", [], "a flag cannot be unshared"],
    ["shared-with-threads", "EINVAL", [], "thread, handlers or memory are shared with another task"],
    ["no-memory", "ENOMEM", [], "no memory for the copies"],
    { include: "create_user_ns" },
    [
      "not-capable",
      "EPERM",
      [],
      "a new namespace takes CAP_SYS_ADMIN over the user namespace that will own it",
    ],
    { include: "create_new_namespaces" },
  ],
  effects: [
    "files, fs and namespaces are the caller's own",
    "children are born in the new pid namespace",
    "in a new user namespace the caller has every capability",
  ],
  support: "full",
  note: "a new user namespace implies CLONE_THREAD and CLONE_FS, a new mount namespace CLONE_FS",
  provenance: ["kernel/fork.c ksys_unshare", "kernel/nsproxy.c unshare_nsproxy_namespaces"],
} as const;
