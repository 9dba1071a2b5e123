/** `fcntl`: look at a descriptor and its open file, and change them. Locks, owners, leases and seals are not there. */
export const fcntl = {
  name: "fcntl",
  numbers: { x86_64: 72, i386: 55, arm64: 25, s390x: 55, powerpc64: 55 },
  args: { fd: "fd", cmd: { flags: "fcntl_commands", of: "unsigned int" }, arg: "unsigned long" },
  returns: "int",
  ladder: [{ include: "do_fcntl" }],
  effects: [
    "flags of the descriptor or of the open file change",
    "a descriptor is taken",
    "a pipe gets longer or shorter",
  ],
  differs: ["result"],
  support: "partial",
  note: "F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL and what was added about these and pipes; no other command. F_GETFL tells O_LARGEFILE, which 64-bit programs open with.",
  provenance: ["fs/fcntl.c sys_fcntl"],
} as const;

/** `fcntl64`: fcntl of 32-bit callers with long files; of what is here nothing differs. */
export const fcntl64 = {
  name: "fcntl64",
  numbers: { i386: 221, x86_64: { absent: "fcntl has long files there" } },
  args: { fd: "fd", cmd: { flags: "fcntl_commands", of: "unsigned int" }, arg: "unsigned long" },
  returns: "int",
  ladder: [{ include: "do_fcntl" }],
  effects: [
    "flags of the descriptor or of the open file change",
    "a descriptor is taken",
    "a pipe gets longer or shorter",
  ],
  differs: ["result"],
  support: "partial",
  note: "F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL and what was added about these and pipes; no other command. F_GETFL tells O_LARGEFILE, which 64-bit programs open with.",
  provenance: ["fs/fcntl.c sys_fcntl64"],
} as const;

/** `close_range`: close every descriptor of a range, or mark it FD_CLOEXEC, in a table of the caller's own if asked. */
export const close_range = {
  name: "close_range",
  since: "5.9",
  numbers: { x86_64: 436, i386: 436, arm64: 436, s390x: 436, powerpc64: 436 },
  args: {
    fd: "unsigned int",
    max_fd: "unsigned int",
    flags: { flags: "close_range_flags", of: "unsigned int" },
  },
  returns: "int",
  ladder: [
    ["unknown-flag", "EINVAL", [], "a flag is not CLOSE_RANGE_UNSHARE or CLOSE_RANGE_CLOEXEC"],
    ["range-backwards", "EINVAL", [], "the range ends before it begins"],
    ["no-memory", "ENOMEM", [], "no memory for a table of the caller's own"],
  ],
  effects: ["the descriptors of the range are free, or marked"],
  support: "full",
  provenance: ["fs/file.c sys_close_range"],
} as const;
