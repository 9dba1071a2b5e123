/** What fcntl can fail with, for the commands the emulated kernel has. Source: fs/fcntl.c do_fcntl. */
export const do_fcntl = {
  ladder: "do_fcntl",
  rungs: [
    ["bad-fd", "EBADF", [], "the descriptor is not open"],
    ["unknown-command", "EINVAL", [], "there is no such command"],
    ["above-limit", "EINVAL", [], "F_DUPFD from a number that is not below RLIMIT_NOFILE"],
    ["too-many-fds", "EMFILE", [], "no descriptor from that number on and below RLIMIT_NOFILE is free"],
    ["no-memory", "ENOMEM", [], "no memory for a longer table of descriptors"],
    ["other-fd-bad", "EBADF", [], "F_DUPFD_QUERY with a descriptor that is not open"],
    ["not-owner", "EPERM", [], "O_NOATIME takes the file's owner, or CAP_FOWNER"],
    ["no-direct-io", "EINVAL", [], "O_DIRECT, and such a file does not know it"],
    ["not-a-pipe", "EBADF", [], "F_SETPIPE_SZ and F_GETPIPE_SZ are for pipes"],
    ["pipe-size", "EINVAL", [], "no pipe can be that large"],
    [
      "pipe-size-limit",
      "EPERM",
      [],
      "more than sysctl pipe-max-size, or too many pages, take CAP_SYS_RESOURCE",
    ],
    ["pipe-in-use", "EBUSY", [], "more is in the pipe than would fit"],
  ],
  provenance: "fs/fcntl.c do_fcntl, fs/pipe.c pipe_fcntl",
} as const;
