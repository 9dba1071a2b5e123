/** What prctl's first argument asks for. Source: linux/prctl.h. */
export const prctl_option = {
  flagset: "prctl_option",
  values: {
    PR_SET_PDEATHSIG: 1,
    PR_GET_PDEATHSIG: 2,
    PR_GET_DUMPABLE: 3,
    PR_SET_DUMPABLE: 4,
    PR_GET_KEEPCAPS: 7,
    PR_SET_KEEPCAPS: 8,
    PR_GET_TIMING: 13,
    PR_SET_TIMING: 14,
    PR_SET_NAME: 15,
    PR_GET_NAME: 16,
    PR_GET_SECCOMP: 21,
    PR_CAPBSET_READ: 23,
    PR_CAPBSET_DROP: 24,
    PR_GET_SECUREBITS: 27,
    PR_SET_SECUREBITS: 28,
    PR_SET_TIMERSLACK: 29,
    PR_GET_TIMERSLACK: 30,
    PR_TASK_PERF_EVENTS_DISABLE: { value: 31, since: "2.6.32" },
    PR_TASK_PERF_EVENTS_ENABLE: { value: 32, since: "2.6.32" },
    PR_SET_CHILD_SUBREAPER: { value: 36, since: "3.4" },
    PR_GET_CHILD_SUBREAPER: { value: 37, since: "3.4" },
    PR_SET_NO_NEW_PRIVS: { value: 38, since: "3.5" },
    PR_GET_NO_NEW_PRIVS: { value: 39, since: "3.5" },
    PR_GET_TID_ADDRESS: { value: 40, since: "3.5" },
    PR_CAP_AMBIENT: { value: 47, since: "4.3" },
  },
  stranger: "PR_???",
} as const;

/** The values of {@link prctl_option} by name. */
export const PR = {
  SET_PDEATHSIG: 1,
  GET_PDEATHSIG: 2,
  GET_DUMPABLE: 3,
  SET_DUMPABLE: 4,
  GET_KEEPCAPS: 7,
  SET_KEEPCAPS: 8,
  GET_TIMING: 13,
  SET_TIMING: 14,
  SET_NAME: 15,
  GET_NAME: 16,
  GET_SECCOMP: 21,
  CAPBSET_READ: 23,
  CAPBSET_DROP: 24,
  GET_SECUREBITS: 27,
  SET_SECUREBITS: 28,
  SET_TIMERSLACK: 29,
  GET_TIMERSLACK: 30,
  TASK_PERF_EVENTS_DISABLE: 31,
  TASK_PERF_EVENTS_ENABLE: 32,
  SET_CHILD_SUBREAPER: 36,
  GET_CHILD_SUBREAPER: 37,
  SET_NO_NEW_PRIVS: 38,
  GET_NO_NEW_PRIVS: 39,
  GET_TID_ADDRESS: 40,
  CAP_AMBIENT: 47,
} as const;

/** What PR_CAP_AMBIENT does. */
export const cap_ambient_how = {
  flagset: "cap_ambient_how",
  values: {
    PR_CAP_AMBIENT_IS_SET: 1,
    PR_CAP_AMBIENT_RAISE: 2,
    PR_CAP_AMBIENT_LOWER: 3,
    PR_CAP_AMBIENT_CLEAR_ALL: 4,
  },
  stranger: "PR_CAP_AMBIENT_???",
} as const;

/** The values of {@link cap_ambient_how} by name. */
export const AMBIENT = { IS_SET: 1, RAISE: 2, LOWER: 3, CLEAR_ALL: 4 } as const;
