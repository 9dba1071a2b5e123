/** What making a pipe can fail with. Source: fs/pipe.c do_pipe2. */
export const do_pipe = {
  ladder: "do_pipe",
  rungs: [
    ["no-pipe", "ENFILE", [], "no memory for a pipe"],
    ["no-watch-queue", "ENOPKG", [], "O_NOTIFICATION_PIPE, and the kernel is built without it"],
    ["no-file", "ENFILE", [], "no memory for an open file"],
    ["too-many-fds", "EMFILE", [], "no two descriptors below RLIMIT_NOFILE are free"],
    ["no-memory", "ENOMEM", [], "no memory for a longer table of descriptors"],
    ["fds-unwritable", "EFAULT", "U-03", "the two numbers cannot be written; no descriptor stays taken"],
  ],
  provenance: "fs/pipe.c do_pipe2",
} as const;
