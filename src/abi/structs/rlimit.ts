/** `struct rlimit`: a limit as getrlimit and setrlimit pass it, two C longs. Source: linux/resource.h. */
export const rlimit = {
  struct: "rlimit",
  fields: { rlim_cur: "unsigned long", rlim_max: "unsigned long" },
} as const;

/** `struct rlimit64`: a limit as prlimit64 passes it, 16 bytes on every data model. Source: linux/resource.h. */
export const rlimit64 = {
  struct: "rlimit64",
  fields: { rlim_cur: "u64", rlim_max: "u64" },
} as const;

/** The resources that have a limit. Source: asm-generic/resource.h. */
export const RLIMIT = {
  CPU: 0,
  FSIZE: 1,
  DATA: 2,
  STACK: 3,
  CORE: 4,
  RSS: 5,
  NPROC: 6,
  NOFILE: 7,
  MEMLOCK: 8,
  AS: 9,
  LOCKS: 10,
  SIGPENDING: 11,
  MSGQUEUE: 12,
  NICE: 13,
  RTPRIO: 14,
  RTTIME: 15,
} as const;

/** The resources by name, for a trace. */
export const rlimit_resource = {
  flagset: "rlimit_resource",
  values: {
    RLIMIT_CPU: 0,
    RLIMIT_FSIZE: 1,
    RLIMIT_DATA: 2,
    RLIMIT_STACK: 3,
    RLIMIT_CORE: 4,
    RLIMIT_RSS: 5,
    RLIMIT_NPROC: 6,
    RLIMIT_NOFILE: 7,
    RLIMIT_MEMLOCK: 8,
    RLIMIT_AS: 9,
    RLIMIT_LOCKS: 10,
    RLIMIT_SIGPENDING: 11,
    RLIMIT_MSGQUEUE: 12,
    RLIMIT_NICE: 13,
    RLIMIT_RTPRIO: 14,
    RLIMIT_RTTIME: 15,
  },
  stranger: "RLIMIT_???",
} as const;
