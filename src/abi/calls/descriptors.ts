/** `close`: let go of a descriptor. It is free whatever the answer. */
export const close = {
  name: "close",
  numbers: { x86_64: 3, i386: 6, arm64: 57, s390x: 6, powerpc64: 6 },
  args: { fd: "fd" },
  returns: "int",
  ladder: [["bad-fd", "EBADF", [], "the descriptor is not open"]],
  effects: ["the descriptor is free", "the last reference closes the open file"],
  support: "full",
  provenance: ["fs/open.c sys_close", "fs/file.c file_close_fd"],
} as const;

/** `dup`: the lowest free descriptor points at the same open file. */
export const dup = {
  name: "dup",
  numbers: { x86_64: 32, i386: 41, arm64: 23, s390x: 41, powerpc64: 41 },
  args: { fildes: "fd" },
  returns: "fd",
  ladder: [
    ["bad-fd", "EBADF", [], "the descriptor is not open"],
    ["too-many-fds", "EMFILE", [], "no descriptor below RLIMIT_NOFILE is free"],
    ["no-memory", "ENOMEM", [], "no memory for a longer table of descriptors"],
  ],
  effects: ["a descriptor is taken, without FD_CLOEXEC"],
  support: "full",
  provenance: ["fs/file.c sys_dup"],
} as const;

/** `dup2`: a chosen descriptor points at the same open file; what it pointed at before is closed in silence. */
export const dup2 = {
  name: "dup2",
  numbers: {
    x86_64: 33,
    i386: 63,
    arm64: { absent: "the generic table has dup3 alone" },
    s390x: 63,
    powerpc64: 63,
  },
  args: { oldfd: "fd", newfd: "fd" },
  returns: "fd",
  ladder: [
    ["bad-fd", "EBADF", [], "the old descriptor is not open"],
    ["new-fd-too-high", "EBADF", [], "the new descriptor is not below RLIMIT_NOFILE"],
    ["old-fd-bad", "EBADF", [], "the old descriptor is not open"],
    ["no-memory", "ENOMEM", [], "no memory for a longer table of descriptors"],
    ["new-fd-reserved", "EBUSY", [], "another task is opening the new descriptor at this moment"],
  ],
  effects: ["the new descriptor is taken, without FD_CLOEXEC", "what it pointed at is closed"],
  support: "full",
  note: "A descriptor duplicated onto itself is only looked up: the first rung. Any other pair begins at the second.",
  provenance: ["fs/file.c sys_dup2, ksys_dup3"],
} as const;

/** `dup3`: dup2 with a flag, which refuses to duplicate a descriptor onto itself. */
export const dup3 = {
  name: "dup3",
  since: "2.6.27",
  numbers: { x86_64: 292, i386: 330, arm64: 24, s390x: 326, powerpc64: 316 },
  args: { oldfd: "fd", newfd: "fd", flags: { flags: "open_flags", of: "int" } },
  returns: "fd",
  ladder: [
    ["unknown-flag", "EINVAL", [], "a flag is not O_CLOEXEC"],
    ["same-fd", "EINVAL", [], "both descriptors are the same, open or not"],
    ["new-fd-too-high", "EBADF", [], "the new descriptor is not below RLIMIT_NOFILE"],
    ["old-fd-bad", "EBADF", [], "the old descriptor is not open"],
    ["no-memory", "ENOMEM", [], "no memory for a longer table of descriptors"],
    ["new-fd-reserved", "EBUSY", [], "another task is opening the new descriptor at this moment"],
  ],
  effects: ["the new descriptor is taken", "what it pointed at is closed"],
  support: "full",
  provenance: ["fs/file.c ksys_dup3, do_dup2"],
} as const;
