/** `getuid`: the real user of the caller, as its user namespace calls it; 65534 where it has no name for it. */
export const getuid = {
  name: "getuid",
  numbers: { x86_64: 102, i386: { nr: 199, called: "getuid32" }, arm64: 174, s390x: 199, powerpc64: 24 },
  args: {},
  returns: "uid_t",
  ladder: [],
  support: "full",
  provenance: ["kernel/sys.c getuid"],
} as const;

/** `geteuid`: the effective user of the caller, as its user namespace calls it; 65534 where it has no name for it. */
export const geteuid = {
  name: "geteuid",
  numbers: { x86_64: 107, i386: { nr: 201, called: "geteuid32" }, arm64: 175, s390x: 201, powerpc64: 49 },
  args: {},
  returns: "uid_t",
  ladder: [],
  support: "full",
  provenance: ["kernel/sys.c geteuid"],
} as const;

/** `setuid`: with CAP_SETUID every user number of the caller, else the effective one. */
export const setuid = {
  name: "setuid",
  numbers: { x86_64: 105, i386: { nr: 213, called: "setuid32" }, arm64: 146, s390x: 213, powerpc64: 23 },
  args: { uid: "uid_t" },
  returns: "int",
  ladder: [
    [
      "no-such-user",
      "EINVAL",
      [],
      "the number stands for no user in the caller's user namespace",
      { since: "3.5" },
    ],
    ["no-memory", "ENOMEM", [], "no memory for the credentials"],
    ["not-permitted", "EPERM", [], "the number is none of the caller's own, and it has no CAP_SETUID"],
    ["too-many-processes", "EAGAIN", [], "the user has RLIMIT_NPROC processes already", { until: "3.1" }],
  ],
  effects: [
    "the real user counts the process",
    "capabilities follow root's number",
    "the death signal is forgotten, and no core file is written, where rights change",
  ],
  support: "full",
  provenance: ["kernel/sys.c setuid"],
} as const;

/** `setreuid`: the real and the effective user; −1 leaves one as it is. */
export const setreuid = {
  name: "setreuid",
  numbers: { x86_64: 113, i386: { nr: 203, called: "setreuid32" }, arm64: 145, s390x: 203, powerpc64: 70 },
  args: { ruid: "uid_t", euid: "uid_t" },
  returns: "int",
  ladder: [
    [
      "no-such-user",
      "EINVAL",
      [],
      "the number stands for no user in the caller's user namespace",
      { since: "3.5" },
    ],
    ["no-memory", "ENOMEM", [], "no memory for the credentials"],
    ["not-permitted", "EPERM", [], "the number is none of the caller's own, and it has no CAP_SETUID"],
    ["too-many-processes", "EAGAIN", [], "the user has RLIMIT_NPROC processes already", { until: "3.1" }],
  ],
  effects: [
    "the real user counts the process",
    "capabilities follow root's number",
    "the death signal is forgotten, and no core file is written, where rights change",
  ],
  support: "full",
  provenance: ["kernel/sys.c setreuid"],
} as const;

/** `setresuid`: the real, the effective and the saved user; −1 leaves one as it is. */
export const setresuid = {
  name: "setresuid",
  numbers: { x86_64: 117, i386: { nr: 208, called: "setresuid32" }, arm64: 147, s390x: 208, powerpc64: 164 },
  args: { ruid: "uid_t", euid: "uid_t", suid: "uid_t" },
  returns: "int",
  ladder: [
    [
      "no-such-user",
      "EINVAL",
      [],
      "the number stands for no user in the caller's user namespace",
      { since: "3.5" },
    ],
    ["not-permitted", "EPERM", [], "the number is none of the caller's own, and it has no CAP_SETUID"],
    ["no-memory", "ENOMEM", [], "no memory for the credentials"],
    ["too-many-processes", "EAGAIN", [], "the user has RLIMIT_NPROC processes already", { until: "3.1" }],
  ],
  effects: [
    "the real user counts the process",
    "capabilities follow root's number",
    "the death signal is forgotten, and no core file is written, where rights change",
  ],
  support: "full",
  provenance: ["kernel/sys.c setresuid"],
} as const;

/** `getresuid`: the real, the effective and the saved user, as the caller's user namespace calls them. */
export const getresuid = {
  name: "getresuid",
  numbers: { x86_64: 118, i386: { nr: 209, called: "getresuid32" }, arm64: 148, s390x: 209, powerpc64: 165 },
  args: { ruidp: { out: "uid_t" }, euidp: { out: "uid_t" }, suidp: { out: "uid_t" } },
  returns: "int",
  ladder: [
    ["real-unwritable", "EFAULT", [], "the real user cannot be written"],
    [
      "effective-unwritable",
      "EFAULT",
      [],
      "the effective user cannot be written; the real one is",
      { leaves: ["ruidp"] },
    ],
    [
      "saved-unwritable",
      "EFAULT",
      [],
      "the saved user cannot be written; the others are",
      { leaves: ["ruidp", "euidp"] },
    ],
  ],
  effects: ["three numbers are written, one after the other"],
  support: "full",
  provenance: ["kernel/sys.c getresuid"],
} as const;

/** `setfsuid`: the user of file accesses; returns the one before, whether it could be changed or not. */
export const setfsuid = {
  name: "setfsuid",
  numbers: { x86_64: 122, i386: { nr: 215, called: "setfsuid32" }, arm64: 151, s390x: 215, powerpc64: 138 },
  args: { uid: "uid_t" },
  returns: "uid_t",
  ladder: [],
  effects: ["the capabilities about files follow root's number"],
  support: "full",
  provenance: ["kernel/sys.c setfsuid"],
} as const;
