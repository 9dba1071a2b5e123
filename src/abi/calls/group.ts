/** `getgid`: the real group of the caller, as its user namespace calls it; 65534 where it has no name for it. */
export const getgid = {
  name: "getgid",
  numbers: { x86_64: 104, i386: { nr: 200, called: "getgid32" }, arm64: 176, s390x: 200, powerpc64: 47 },
  args: {},
  returns: "gid_t",
  ladder: [],
  support: "full",
  provenance: ["kernel/sys.c getgid"],
} as const;

/** `getegid`: the effective group of the caller, as its user namespace calls it; 65534 where it has no name for it. */
export const getegid = {
  name: "getegid",
  numbers: { x86_64: 108, i386: { nr: 202, called: "getegid32" }, arm64: 177, s390x: 202, powerpc64: 50 },
  args: {},
  returns: "gid_t",
  ladder: [],
  support: "full",
  provenance: ["kernel/sys.c getegid"],
} as const;

/** `setgid`: with CAP_SETGID every group number of the caller, else the effective one. */
export const setgid = {
  name: "setgid",
  numbers: { x86_64: 106, i386: { nr: 214, called: "setgid32" }, arm64: 144, s390x: 214, powerpc64: 46 },
  args: { gid: "gid_t" },
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
  provenance: ["kernel/sys.c setgid"],
} as const;

/** `setregid`: the real and the effective group; −1 leaves one as it is. */
export const setregid = {
  name: "setregid",
  numbers: { x86_64: 114, i386: { nr: 204, called: "setregid32" }, arm64: 143, s390x: 204, powerpc64: 71 },
  args: { rgid: "gid_t", egid: "gid_t" },
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
  provenance: ["kernel/sys.c setregid"],
} as const;

/** `setresgid`: the real, the effective and the saved group; −1 leaves one as it is. */
export const setresgid = {
  name: "setresgid",
  numbers: { x86_64: 119, i386: { nr: 210, called: "setresgid32" }, arm64: 149, s390x: 210, powerpc64: 169 },
  args: { rgid: "gid_t", egid: "gid_t", sgid: "gid_t" },
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
  provenance: ["kernel/sys.c setresgid"],
} as const;

/** `getresgid`: the real, the effective and the saved group, as the caller's user namespace calls them. */
export const getresgid = {
  name: "getresgid",
  numbers: { x86_64: 120, i386: { nr: 211, called: "getresgid32" }, arm64: 150, s390x: 211, powerpc64: 170 },
  args: { rgidp: { out: "gid_t" }, egidp: { out: "gid_t" }, sgidp: { out: "gid_t" } },
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
  provenance: ["kernel/sys.c getresgid"],
} as const;

/** `setfsgid`: the group of file accesses; returns the one before, whether it could be changed or not. */
export const setfsgid = {
  name: "setfsgid",
  numbers: { x86_64: 123, i386: { nr: 216, called: "setfsgid32" }, arm64: 152, s390x: 216, powerpc64: 139 },
  args: { gid: "gid_t" },
  returns: "gid_t",
  ladder: [],
  effects: ["the group of file accesses changes"],
  support: "full",
  provenance: ["kernel/sys.c setfsgid"],
} as const;

/** `getgroups`: how many supplementary groups the caller has, and with a size which. */
export const getgroups = {
  name: "getgroups",
  numbers: { x86_64: 115, i386: { nr: 205, called: "getgroups32" }, arm64: 158, s390x: 205, powerpc64: 80 },
  args: { gidsetsize: "int", grouplist: { out: "gid_t", count: "gidsetsize" } },
  returns: "int",
  ladder: [
    ["size-negative", "EINVAL", [], "the size is negative"],
    ["size-too-small", "EINVAL", [], "the size is not 0, and below the number of groups"],
    ["list-unwritable", "EFAULT", [], "a group cannot be written; those before it are"],
  ],
  effects: ["groups are written in ascending order"],
  support: "full",
  provenance: ["kernel/groups.c getgroups"],
} as const;

/** `setgroups`: other supplementary groups. */
export const setgroups = {
  name: "setgroups",
  numbers: { x86_64: 116, i386: { nr: 206, called: "setgroups32" }, arm64: 159, s390x: 206, powerpc64: 81 },
  args: { gidsetsize: "int", grouplist: { in: "gid_t", count: "gidsetsize" } },
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
  note: "element by element: what is wrong with the first bad one speaks",
  provenance: ["kernel/groups.c setgroups"],
} as const;
