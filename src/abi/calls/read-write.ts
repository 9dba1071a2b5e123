/**
 * `read`: take bytes from an open file. The range of the buffer is judged before anything happens, its pages only when
 * bytes are moved: nothing to read comes before a page that is not there.
 */
export const read = {
  name: "read",
  numbers: { x86_64: 0, i386: 3, arm64: 63, s390x: 3, powerpc64: 3 },
  args: { fd: "fd", buf: { out: "char", size: "count" }, count: "size_t" },
  returns: "ssize_t",
  ladder: [
    ["bad-fd", "EBADF", [], "the descriptor is not open"],
    ["not-readable", "EBADF", [], "the file is not open for reading"],
    ["no-such-operation", "EINVAL", [], "such a file cannot be read"],
    ["not-user-range", "EFAULT", "U-05", "the buffer reaches beyond user space, even if its length is 0"],
    ["count-negative", "EINVAL", [], "the count does not fit into the kernel's ssize_t"],
    { include: "file_read" },
  ],
  effects: ["may block", "the bytes before a fault stay written, and are not taken from the file"],
  support: "full",
  provenance: ["fs/read_write.c vfs_read"],
} as const;

/** `write`: give bytes to an open file. As with `read`, the range comes first and the pages with the bytes. */
export const write = {
  name: "write",
  numbers: { x86_64: 1, i386: 4, arm64: 64, s390x: 4, powerpc64: 4 },
  args: { fd: "fd", buf: { in: "char", size: "count" }, count: "size_t" },
  returns: "ssize_t",
  ladder: [
    ["bad-fd", "EBADF", [], "the descriptor is not open"],
    ["not-writable", "EBADF", [], "the file is not open for writing"],
    ["no-such-operation", "EINVAL", [], "such a file cannot be written"],
    ["not-user-range", "EFAULT", "U-05", "the buffer reaches beyond user space, even if its length is 0"],
    ["count-negative", "EINVAL", [], "the count does not fit into the kernel's ssize_t"],
    { include: "file_write" },
  ],
  effects: ["may block", "SIGPIPE with EPIPE"],
  support: "full",
  provenance: ["fs/read_write.c vfs_write"],
} as const;

/** `readv`: read into several buffers, in order, as if they were one. */
export const readv = {
  name: "readv",
  numbers: { x86_64: 19, i386: 145, arm64: 65, s390x: 145, powerpc64: 145 },
  args: { fd: "fd", vec: { in: "iovec", count: "vlen" }, vlen: "unsigned long" },
  returns: "ssize_t",
  ladder: [
    ["bad-fd", "EBADF", [], "the descriptor is not open"],
    ["not-readable", "EBADF", [], "the file is not open for reading"],
    ["no-such-operation", "EINVAL", [], "such a file cannot be read"],
    { include: "import_iovec" },
    { include: "file_read" },
  ],
  effects: ["may block", "the bytes before a fault stay written, and are not taken from the file"],
  support: "full",
  provenance: ["fs/read_write.c do_readv"],
} as const;

/** `writev`: write from several buffers, in order, as if they were one. */
export const writev = {
  name: "writev",
  numbers: { x86_64: 20, i386: 146, arm64: 66, s390x: 146, powerpc64: 146 },
  args: { fd: "fd", vec: { in: "iovec_in", count: "vlen" }, vlen: "unsigned long" },
  returns: "ssize_t",
  ladder: [
    ["bad-fd", "EBADF", [], "the descriptor is not open"],
    ["not-writable", "EBADF", [], "the file is not open for writing"],
    ["no-such-operation", "EINVAL", [], "such a file cannot be written"],
    { include: "import_iovec" },
    { include: "file_write" },
  ],
  effects: ["may block", "SIGPIPE with EPIPE"],
  support: "full",
  provenance: ["fs/read_write.c do_writev"],
} as const;
