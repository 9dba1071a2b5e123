/** What pipe writes: the end to read from, then the end to write to. */
export const pipe_fds = {
  struct: "pipe_fds",
  fields: { read: "fd", write: "fd" },
} as const;
