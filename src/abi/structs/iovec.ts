/** `struct iovec` of a call that fills its segments. Source: linux/uio.h. */
export const iovec = {
  struct: "iovec",
  fields: { iov_base: { out: "char", size: "iov_len" }, iov_len: "size_t" },
} as const;

/** `struct iovec` of a call that takes what is in its segments: the same struct, read the other way. */
export const iovec_in = {
  struct: "iovec_in",
  fields: { iov_base: { in: "char", size: "iov_len" }, iov_len: "size_t" },
} as const;
