/**
 * `unshare`: leave what is shared with others. CLONE_NEWPID, for the caller's children, came in 3.8; before that it
 * is an unknown flag.
 */
export const unshare = {
  name: "unshare",
  numbers: { x86_64: 272, i386: 310 },
  args: { unshare_flags: { flags: "clone_flags", of: "unsigned long" } },
  returns: "int",
  ladder: [
    ["unknown-flag", "EINVAL", [], "a flag cannot be unshared"],
    ["shared-with-threads", "EINVAL", [], "thread, handlers or memory are shared with another task"],
    ["newpid-again", "EINVAL", "P-20", "the children's pid namespace is not the caller's own any more"],
    ["not-capable", "EPERM", [], "a new namespace takes CAP_SYS_ADMIN"],
    ["too-deep", "ENOSPC", "P-21", "pid namespaces nest 32 deep at the most"],
    ["no-memory", "ENOMEM", [], "no memory for the copies"],
  ],
  effects: ["files, fs and namespaces are the caller's own", "children are born in the new pid namespace"],
  support: "full",
  provenance: ["kernel/fork.c sys_unshare", "kernel/nsproxy.c unshare_nsproxy_namespaces"],
} as const;
