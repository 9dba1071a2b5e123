/**
 * `capget`: the capability sets of a task. A version nobody knows is answered by writing the one the kernel prefers.
 * Source: kernel/capability.c.
 */
export const capget = {
  name: "capget",
  numbers: { x86_64: 125, i386: 184, arm64: 90, s390x: 184, powerpc64: 183 },
  args: {
    header: { inout: "cap_user_header" },
    dataptr: { out: "cap_user_data", optional: true, partial: true },
  },
  returns: "int",
  ladder: [
    ["version-unreadable", "EFAULT", [], "the version cannot be read"],
    [
      "version-unwritable",
      "EFAULT",
      [],
      "the version is none the kernel knows, and the one it prefers cannot be written",
    ],
    [
      "version",
      "EINVAL",
      [],
      "the version is none the kernel knows; the one it prefers has been written",
      { leaves: ["header"] },
    ],
    ["pid-unreadable", "EFAULT", [], "the pid cannot be read"],
    ["pid-negative", "EINVAL", [], "the pid is negative"],
    ["no-task", "ESRCH", [], "no such task is visible in the caller's namespace"],
    ["data-unwritable", "EFAULT", [], "the sets cannot be written; what lies before the fault is"],
  ],
  effects: ["one struct is written for version 1, two for the others"],
  support: "full",
  note: "without room for the sets it only asks for the version, and a wrong one is no failure (since 2.6.32)",
  provenance: ["kernel/capability.c capget, cap_validate_magic"],
} as const;

/** `capset`: other capability sets for the caller. Source: kernel/capability.c, security/commoncap.c. */
export const capset = {
  name: "capset",
  numbers: { x86_64: 126, i386: 185, arm64: 91, s390x: 185, powerpc64: 184 },
  args: { header: { inout: "cap_user_header" }, data: { in: "cap_user_data" } },
  returns: "int",
  ladder: [
    ["version-unreadable", "EFAULT", [], "the version cannot be read"],
    [
      "version-unwritable",
      "EFAULT",
      [],
      "the version is none the kernel knows, and the one it prefers cannot be written",
    ],
    [
      "version",
      "EINVAL",
      [],
      "the version is none the kernel knows; the one it prefers has been written",
      { leaves: ["header"] },
    ],
    ["pid-unreadable", "EFAULT", [], "the pid cannot be read"],
    ["other-task", "EPERM", [], "the pid is neither 0 nor the caller's own"],
    ["data-unreadable", "EFAULT", [], "the sets cannot be read"],
    ["no-memory", "ENOMEM", [], "no memory for the credentials"],
    [
      "inheritable-beyond-permitted",
      "EPERM",
      [],
      "without CAP_SETPCAP, the inheritable set takes nothing that is neither in it nor permitted",
    ],
    [
      "inheritable-beyond-bounding",
      "EPERM",
      [],
      "the inheritable set takes nothing that is neither in it nor in the bounding set",
    ],
    ["permitted-grows", "EPERM", [], "the permitted set takes nothing new"],
    ["effective-beyond-permitted", "EPERM", [], "the effective set is part of the permitted one"],
  ],
  effects: ["the caller's sets change; what is no longer permitted and inheritable is no longer ambient"],
  support: "full",
  provenance: ["kernel/capability.c capset", "security/commoncap.c cap_capset"],
} as const;
