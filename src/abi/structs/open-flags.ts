/**
 * Flags of an open file, as open takes them and F_GETFL tells them. The access mode is a number in the low two bits.
 * Source: asm-generic/fcntl.h.
 */
export const open_flags = {
  flagset: "open_flags",
  fields: { O_ACCMODE: 0x3 },
  bits: {
    O_CREAT: 0x40,
    O_EXCL: 0x80,
    O_NOCTTY: 0x100,
    O_TRUNC: 0x200,
    O_APPEND: 0x400,
    O_NONBLOCK: 0x800,
    O_DSYNC: 0x1000,
    O_ASYNC: 0x2000,
    O_DIRECT: 0x4000,
    O_LARGEFILE: 0x8000,
    O_DIRECTORY: 0x10000,
    O_NOFOLLOW: 0x20000,
    O_NOATIME: 0x40000,
    O_CLOEXEC: 0x80000,
    __O_SYNC: 0x100000,
    O_PATH: 0x200000,
    __O_TMPFILE: 0x400000,
  },
} as const;

/** The bits of {@link open_flags} that the kernel itself looks at, and the access modes. */
export const O = {
  RDONLY: 0,
  WRONLY: 1,
  RDWR: 2,
  ACCMODE: 3,
  EXCL: 0x80,
  APPEND: 0x400,
  NONBLOCK: 0x800,
  ASYNC: 0x2000,
  DIRECT: 0x4000,
  LARGEFILE: 0x8000,
  NOATIME: 0x40000,
  CLOEXEC: 0x80000,
} as const;
