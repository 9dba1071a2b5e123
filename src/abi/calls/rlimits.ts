/** `prlimit64`: read and set a limit of any process in one step, in 64 bits everywhere. */
export const prlimit64 = {
  name: "prlimit64",
  since: "2.6.36",
  numbers: { x86_64: 302, i386: 340, arm64: 261, s390x: 334, powerpc64: 325 },
  args: {
    pid: "pid_t",
    resource: { flags: "rlimit_resource", of: "unsigned int" },
    new_rlim: { in: "rlimit64", optional: true },
    old_rlim: { out: "rlimit64", optional: true },
  },
  returns: "int",
  ladder: [
    ["limit-unreadable", "EFAULT", "U-02", "the new limit cannot be read"],
    ["no-task", "ESRCH", [], "no such task is visible in the caller's namespace"],
    ["not-permitted", "EPERM", [], "another user's process takes CAP_SYS_RESOURCE"],
    { include: "do_prlimit" },
    [
      "limit-unwritable",
      "EFAULT",
      "U-03",
      "the old limit cannot be written; the new one is in force all the same",
      { leaves: ["state"] },
    ],
  ],
  effects: ["the limit changes", "the old limit is written"],
  support: "full",
  provenance: ["kernel/sys.c sys_prlimit64"],
} as const;

/** `setrlimit`: set a limit of the caller's process. A C long of all ones is no limit. */
export const setrlimit = {
  name: "setrlimit",
  numbers: { x86_64: 160, i386: 75, arm64: 164, s390x: 75, powerpc64: 75 },
  args: { resource: { flags: "rlimit_resource", of: "unsigned int" }, rlim: { in: "rlimit" } },
  returns: "int",
  ladder: [
    ["resource-unknown-first", "EINVAL", [], "there is no such resource (until 2.6.35, before memory)"],
    ["limit-unreadable", "EFAULT", "U-02", "the new limit cannot be read"],
    { include: "do_prlimit" },
  ],
  effects: ["the limit changes"],
  support: "full",
  provenance: ["kernel/sys.c sys_setrlimit"],
} as const;

/** `getrlimit`: read a limit of the caller's process. What does not fit into a C long is told as no limit. */
export const getrlimit = {
  name: "getrlimit",
  numbers: {
    x86_64: 97,
    i386: { nr: 191, called: "ugetrlimit" },
    arm64: 163,
    s390x: 191,
    powerpc64: { nr: 190, called: "ugetrlimit" },
  },
  args: { resource: { flags: "rlimit_resource", of: "unsigned int" }, rlim: { out: "rlimit" } },
  returns: "int",
  ladder: [
    ["resource-unknown", "EINVAL", [], "there is no such resource"],
    ["limit-unwritable", "EFAULT", "U-03", "the limit cannot be written"],
  ],
  effects: ["the limit is written"],
  support: "full",
  provenance: ["kernel/sys.c sys_getrlimit"],
} as const;

/** `old_getrlimit`: getrlimit of the days when a limit was a signed long: none is told as LONG_MAX. */
export const old_getrlimit = {
  name: "old_getrlimit",
  numbers: { i386: { nr: 76, called: "getrlimit" }, x86_64: { absent: "x86_64 came after it" } },
  args: { resource: { flags: "rlimit_resource", of: "unsigned int" }, rlim: { out: "rlimit" } },
  returns: "int",
  ladder: [
    ["resource-unknown", "EINVAL", [], "there is no such resource"],
    ["limit-unwritable", "EFAULT", "U-03", "the limit cannot be written"],
  ],
  effects: ["the limit is written"],
  support: "full",
  provenance: ["kernel/sys.c sys_old_getrlimit"],
} as const;
