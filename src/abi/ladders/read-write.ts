/** How a vector of segments is read and judged. Source: lib/iov_iter.c import_iovec. */
export const import_iovec = {
  ladder: "import_iovec",
  rungs: [
    ["too-many-segments", "EINVAL", [], "a vector has at most 1024 segments (UIO_MAXIOV)"],
    ["no-memory-for-vector", "ENOMEM", [], "no memory for a copy of the vector"],
    ["vector-unreadable", "EFAULT", "U-02", "the vector cannot be read"],
    ["segment-negative", "EINVAL", [], "the length of a segment does not fit into ssize_t"],
    ["total-too-long", "EINVAL", [], "all lengths together do not fit into ssize_t"],
    ["segment-not-user-range", "EFAULT", "U-05", "a segment reaches beyond user space"],
  ],
  provenance: "lib/iov_iter.c import_iovec",
} as const;

/** What reading an open file can fail with. */
export const file_read = {
  ladder: "file_read",
  rungs: [
    ["would-block", "EAGAIN", [], "nothing is there, and the file is O_NONBLOCK"],
    [
      "buffer-unwritable",
      "EFAULT",
      "U-03",
      "the buffer cannot be written, before anything was moved",
      { leaves: ["buf", "vec"] },
    ],
  ],
  provenance: "fs/pipe.c pipe_read",
} as const;

/** What writing an open file can fail with. */
export const file_write = {
  ladder: "file_write",
  rungs: [
    ["no-reader", "EPIPE", [], "nobody has the pipe open for reading; SIGPIPE is sent too"],
    ["would-block", "EAGAIN", [], "the pipe is full, and the file is O_NONBLOCK"],
    ["no-page", "ENOMEM", [], "no memory for a page of the pipe"],
    ["buffer-unreadable", "EFAULT", "U-02", "the buffer cannot be read, before anything was moved"],
  ],
  provenance: "fs/pipe.c pipe_write",
} as const;
