/** `pipe`: two descriptors, what is written to the second can be read from the first. */
export const pipe = {
  name: "pipe",
  numbers: {
    x86_64: 22,
    i386: 42,
    arm64: { absent: "the generic table has pipe2 alone" },
    s390x: 42,
    powerpc64: 42,
  },
  args: { fildes: { out: "pipe_fds" } },
  returns: "int",
  ladder: [{ include: "do_pipe" }],
  effects: ["two descriptors are taken", "both numbers are written, or the first alone before a fault"],
  support: "full",
  provenance: ["fs/pipe.c do_pipe2"],
} as const;

/** `pipe2`: pipe with flags. */
export const pipe2 = {
  name: "pipe2",
  since: "2.6.27",
  numbers: { x86_64: 293, i386: 331, arm64: 59, s390x: 325, powerpc64: 317 },
  args: { fildes: { out: "pipe_fds" }, flags: { flags: "open_flags", of: "int" } },
  returns: "int",
  ladder: [
    ["unknown-flag", "EINVAL", [], "a flag is not O_CLOEXEC, O_NONBLOCK, O_DIRECT or O_NOTIFICATION_PIPE"],
    { include: "do_pipe" },
  ],
  effects: ["two descriptors are taken", "both numbers are written, or the first alone before a fault"],
  support: "full",
  note: "O_DIRECT came in 3.4, O_NOTIFICATION_PIPE in 5.8: before that they are unknown flags.",
  provenance: ["fs/pipe.c do_pipe2"],
} as const;
