/** Flags of a pidfd, which are open's. Source: uapi/linux/pidfd.h. */
export const pidfd_flags = {
  flagset: "pidfd_flags",
  bits: {
    PIDFD_THREAD: { mask: 0x80, since: "6.9" },
    PIDFD_NONBLOCK: { mask: 0x800, since: "5.10" },
  },
} as const;

/** The bits of {@link pidfd_flags} by name. */
export const PIDFD = { THREAD: 0x80, NONBLOCK: 0x800 } as const;
