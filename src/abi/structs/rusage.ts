/** `struct timeval` as `struct rusage` holds it: two C longs. Source: linux/time.h. */
export const timeval = {
  struct: "timeval",
  fields: { tv_sec: "long", tv_usec: "long" },
} as const;

/** `struct rusage`: 144 bytes on LP64, 72 on 32-bit models. Source: linux/resource.h. */
export const rusage = {
  struct: "rusage",
  fields: {
    ru_utime: { struct: "timeval" },
    ru_stime: { struct: "timeval" },
    ru_maxrss: "long",
    ru_ixrss: "long",
    ru_idrss: "long",
    ru_isrss: "long",
    ru_minflt: "long",
    ru_majflt: "long",
    ru_nswap: "long",
    ru_inblock: "long",
    ru_oublock: "long",
    ru_msgsnd: "long",
    ru_msgrcv: "long",
    ru_nsignals: "long",
    ru_nvcsw: "long",
    ru_nivcsw: "long",
  },
} as const;
