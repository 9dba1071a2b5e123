/** What fcntl is asked for, as far as the emulated kernel answers. Source: linux/fcntl.h. */
export const fcntl_commands = {
  flagset: "fcntl_commands",
  values: {
    F_DUPFD: 0,
    F_GETFD: 1,
    F_SETFD: 2,
    F_GETFL: 3,
    F_SETFL: 4,
    F_DUPFD_QUERY: 1027,
    F_CREATED_QUERY: 1028,
    F_DUPFD_CLOEXEC: 1030,
    F_SETPIPE_SZ: 1031,
    F_GETPIPE_SZ: 1032,
  },
  stranger: "F_???",
} as const;

/** The commands of {@link fcntl_commands} by name. */
export const F = {
  DUPFD: 0,
  GETFD: 1,
  SETFD: 2,
  GETFL: 3,
  SETFL: 4,
  DUPFD_QUERY: 1027,
  CREATED_QUERY: 1028,
  DUPFD_CLOEXEC: 1030,
  SETPIPE_SZ: 1031,
  GETPIPE_SZ: 1032,
} as const;

/** How close_range goes about it. Source: linux/close_range.h. */
export const close_range_flags = {
  flagset: "close_range_flags",
  bits: { CLOSE_RANGE_UNSHARE: 0x2, CLOSE_RANGE_CLOEXEC: { mask: 0x4, since: "5.11" } },
} as const;
