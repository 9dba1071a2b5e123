/** Options of the wait calls. Source: linux/wait.h. */
export const wait_options = {
  flagset: "wait_options",
  bits: {
    WNOHANG: 0x1,
    WUNTRACED: 0x2,
    WEXITED: 0x4,
    WCONTINUED: 0x8,
    WNOWAIT: 0x1000000,
    __WNOTHREAD: 0x20000000,
    __WALL: 0x40000000,
    __WCLONE: 0x80000000,
  },
} as const;

/** The bits of {@link wait_options} by name, as unsigned 32-bit masks. */
export const WAIT = {
  WNOHANG: 0x1,
  WUNTRACED: 0x2,
  WEXITED: 0x4,
  WCONTINUED: 0x8,
  WNOWAIT: 0x1000000,
  WNOTHREAD: 0x20000000,
  WALL: 0x40000000,
  WCLONE: 0x80000000,
} as const;

/** What waitid's second argument is. Source: linux/wait.h. */
export const waitid_type = {
  flagset: "waitid_type",
  values: { P_ALL: 0, P_PID: 1, P_PGID: 2, P_PIDFD: { value: 3, since: "5.4" } },
  stranger: "P_???",
} as const;

/** The values of {@link waitid_type} by name. */
export const P = { ALL: 0, PID: 1, PGID: 2, PIDFD: 3 } as const;
