/** `getuid16` of 16 bits, which i386 calls `getuid`. */
export const getuid16 = {
  name: "getuid16",
  numbers: { i386: { nr: 24, called: "getuid" }, x86_64: { absent: "x86_64 has 32-bit numbers only" } },
  args: {},
  returns: "old_uid_t",
  ladder: [],
  support: "full",
  note: "a number above 65535 is told as 65534",
  provenance: ["kernel/uid16.c getuid16"],
} as const;

/** `geteuid16` of 16 bits, which i386 calls `geteuid`. */
export const geteuid16 = {
  name: "geteuid16",
  numbers: { i386: { nr: 49, called: "geteuid" }, x86_64: { absent: "x86_64 has 32-bit numbers only" } },
  args: {},
  returns: "old_uid_t",
  ladder: [],
  support: "full",
  note: "a number above 65535 is told as 65534",
  provenance: ["kernel/uid16.c geteuid16"],
} as const;

/** `getgid16` of 16 bits, which i386 calls `getgid`. */
export const getgid16 = {
  name: "getgid16",
  numbers: { i386: { nr: 47, called: "getgid" }, x86_64: { absent: "x86_64 has 32-bit numbers only" } },
  args: {},
  returns: "old_gid_t",
  ladder: [],
  support: "full",
  note: "a number above 65535 is told as 65534",
  provenance: ["kernel/uid16.c getgid16"],
} as const;

/** `getegid16` of 16 bits, which i386 calls `getegid`. */
export const getegid16 = {
  name: "getegid16",
  numbers: { i386: { nr: 50, called: "getegid" }, x86_64: { absent: "x86_64 has 32-bit numbers only" } },
  args: {},
  returns: "old_gid_t",
  ladder: [],
  support: "full",
  note: "a number above 65535 is told as 65534",
  provenance: ["kernel/uid16.c getegid16"],
} as const;

/** `setuid` with numbers of 16 bits, which i386 calls `setuid`. */
export const setuid16 = {
  name: "setuid16",
  numbers: { i386: { nr: 23, called: "setuid" }, x86_64: { absent: "x86_64 has 32-bit numbers only" } },
  args: { uid: "old_uid_t" },
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
  note: "65535 stands for −1",
  provenance: ["kernel/uid16.c setuid16"],
} as const;

/** `setgid` with numbers of 16 bits, which i386 calls `setgid`. */
export const setgid16 = {
  name: "setgid16",
  numbers: { i386: { nr: 46, called: "setgid" }, x86_64: { absent: "x86_64 has 32-bit numbers only" } },
  args: { gid: "old_gid_t" },
  returns: "int",
  ladder: [
    [
      "no-such-group",
      "EINVAL",
      [],
      "the number stands for no group in the caller's user namespace",
      { since: "3.5" },
    ],
    ["no-memory", "ENOMEM", [], "no memory for the credentials"],
    ["not-permitted", "EPERM", [], "the number is none of the caller's own, and it has no CAP_SETGID"],
  ],
  effects: ["the death signal is forgotten, and no core file is written, where rights change"],
  support: "full",
  note: "65535 stands for −1",
  provenance: ["kernel/uid16.c setgid16"],
} as const;

/** `setreuid` with numbers of 16 bits, which i386 calls `setreuid`. */
export const setreuid16 = {
  name: "setreuid16",
  numbers: { i386: { nr: 70, called: "setreuid" }, x86_64: { absent: "x86_64 has 32-bit numbers only" } },
  args: { ruid: "old_uid_t", euid: "old_uid_t" },
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
  note: "65535 stands for −1",
  provenance: ["kernel/uid16.c setreuid16"],
} as const;

/** `setregid` with numbers of 16 bits, which i386 calls `setregid`. */
export const setregid16 = {
  name: "setregid16",
  numbers: { i386: { nr: 71, called: "setregid" }, x86_64: { absent: "x86_64 has 32-bit numbers only" } },
  args: { rgid: "old_gid_t", egid: "old_gid_t" },
  returns: "int",
  ladder: [
    [
      "no-such-group",
      "EINVAL",
      [],
      "the number stands for no group in the caller's user namespace",
      { since: "3.5" },
    ],
    ["no-memory", "ENOMEM", [], "no memory for the credentials"],
    ["not-permitted", "EPERM", [], "the number is none of the caller's own, and it has no CAP_SETGID"],
  ],
  effects: ["the death signal is forgotten, and no core file is written, where rights change"],
  support: "full",
  note: "65535 stands for −1",
  provenance: ["kernel/uid16.c setregid16"],
} as const;

/** `setresuid` with numbers of 16 bits, which i386 calls `setresuid`. */
export const setresuid16 = {
  name: "setresuid16",
  numbers: { i386: { nr: 164, called: "setresuid" }, x86_64: { absent: "x86_64 has 32-bit numbers only" } },
  args: { ruid: "old_uid_t", euid: "old_uid_t", suid: "old_uid_t" },
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
  note: "65535 stands for −1",
  provenance: ["kernel/uid16.c setresuid16"],
} as const;

/** `setresgid` with numbers of 16 bits, which i386 calls `setresgid`. */
export const setresgid16 = {
  name: "setresgid16",
  numbers: { i386: { nr: 170, called: "setresgid" }, x86_64: { absent: "x86_64 has 32-bit numbers only" } },
  args: { rgid: "old_gid_t", egid: "old_gid_t", sgid: "old_gid_t" },
  returns: "int",
  ladder: [
    [
      "no-such-group",
      "EINVAL",
      [],
      "the number stands for no group in the caller's user namespace",
      { since: "3.5" },
    ],
    ["not-permitted", "EPERM", [], "the number is none of the caller's own, and it has no CAP_SETGID"],
    ["no-memory", "ENOMEM", [], "no memory for the credentials"],
  ],
  effects: ["the death signal is forgotten, and no core file is written, where rights change"],
  support: "full",
  note: "65535 stands for −1",
  provenance: ["kernel/uid16.c setresgid16"],
} as const;

/** `getresuid` with numbers of 16 bits, which i386 calls `getresuid`. */
export const getresuid16 = {
  name: "getresuid16",
  numbers: { i386: { nr: 165, called: "getresuid" }, x86_64: { absent: "x86_64 has 32-bit numbers only" } },
  args: { ruidp: { out: "old_uid_t" }, euidp: { out: "old_uid_t" }, suidp: { out: "old_uid_t" } },
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
  note: "a number above 65535 is told as 65534",
  provenance: ["kernel/uid16.c getresuid16"],
} as const;

/** `getresgid` with numbers of 16 bits, which i386 calls `getresgid`. */
export const getresgid16 = {
  name: "getresgid16",
  numbers: { i386: { nr: 171, called: "getresgid" }, x86_64: { absent: "x86_64 has 32-bit numbers only" } },
  args: { rgidp: { out: "old_gid_t" }, egidp: { out: "old_gid_t" }, sgidp: { out: "old_gid_t" } },
  returns: "int",
  ladder: [
    ["real-unwritable", "EFAULT", [], "the real group cannot be written"],
    [
      "effective-unwritable",
      "EFAULT",
      [],
      "the effective group cannot be written; the real one is",
      { leaves: ["rgidp"] },
    ],
    [
      "saved-unwritable",
      "EFAULT",
      [],
      "the saved group cannot be written; the others are",
      { leaves: ["rgidp", "egidp"] },
    ],
  ],
  effects: ["three numbers are written, one after the other"],
  support: "full",
  note: "a number above 65535 is told as 65534",
  provenance: ["kernel/uid16.c getresgid16"],
} as const;

/** `setfsuid` with a number of 16 bits, which i386 calls `setfsuid`; the result has 32. */
export const setfsuid16 = {
  name: "setfsuid16",
  numbers: { i386: { nr: 138, called: "setfsuid" }, x86_64: { absent: "x86_64 has 32-bit numbers only" } },
  args: { uid: "old_uid_t" },
  returns: "uid_t",
  ladder: [],
  effects: ["the capabilities about files follow root's number"],
  support: "full",
  note: "65535 stands for −1",
  provenance: ["kernel/uid16.c setfsuid16"],
} as const;

/** `setfsgid` with a number of 16 bits, which i386 calls `setfsgid`; the result has 32. */
export const setfsgid16 = {
  name: "setfsgid16",
  numbers: { i386: { nr: 139, called: "setfsgid" }, x86_64: { absent: "x86_64 has 32-bit numbers only" } },
  args: { gid: "old_gid_t" },
  returns: "gid_t",
  ladder: [],
  effects: ["the group of file accesses changes"],
  support: "full",
  note: "65535 stands for −1",
  provenance: ["kernel/uid16.c setfsgid16"],
} as const;

/** `getgroups` with numbers of 16 bits, which i386 calls `getgroups`. */
export const getgroups16 = {
  name: "getgroups16",
  numbers: { i386: { nr: 80, called: "getgroups" }, x86_64: { absent: "x86_64 has 32-bit numbers only" } },
  args: { gidsetsize: "int", grouplist: { out: "old_gid_t", count: "gidsetsize" } },
  returns: "int",
  ladder: [
    ["size-negative", "EINVAL", [], "the size is negative"],
    ["size-too-small", "EINVAL", [], "the size is not 0, and below the number of groups"],
    ["list-unwritable", "EFAULT", [], "a group cannot be written; those before it are"],
  ],
  effects: ["groups are written in ascending order"],
  support: "full",
  note: "a number above 65535 is told as 65534",
  provenance: ["kernel/uid16.c getgroups16"],
} as const;

/** `setgroups` with numbers of 16 bits, which i386 calls `setgroups`. */
export const setgroups16 = {
  name: "setgroups16",
  numbers: { i386: { nr: 81, called: "setgroups" }, x86_64: { absent: "x86_64 has 32-bit numbers only" } },
  args: { gidsetsize: "int", grouplist: { in: "old_gid_t", count: "gidsetsize" } },
  returns: "int",
  ladder: [
    ["not-permitted", "EPERM", [], "the caller has no CAP_SETGID, or its user namespace no map of groups"],
    ["size", "EINVAL", [], "the size is negative, or above 65536"],
    ["no-memory", "ENOMEM", [], "no memory for the list or the credentials"],
    ["list-unreadable", "EFAULT", [], "a group cannot be read"],
    [
      "no-such-group",
      "EINVAL",
      [],
      "a number stands for no group in the caller's user namespace",
      { since: "3.5" },
    ],
  ],
  support: "full",
  note: "65535 stands for −1",
  provenance: ["kernel/uid16.c setgroups16"],
} as const;
