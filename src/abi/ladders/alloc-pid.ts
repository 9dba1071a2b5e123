/**
 * `alloc_pid` as the clone_with_pids series has it: what can be wrong with the number of one level, the innermost
 * first. Source: rules A-40 … A-49; kernel/pid.c of the July–September 2009 postings.
 */
export const alloc_pid = {
  ladder: "alloc_pid",
  rungs: [
    ["pid-negative", "EINVAL", "A-41", "a chosen pid number is negative", { each: "level" }],
    ["pid-beyond-max", "EINVAL", "A-42", "a chosen pid number is not below pid_max", { each: "level" }],
    ["pid-no-memory", "ENOMEM", "A-43", "no memory for a page of the pid map", { each: "level" }],
    ["pid-taken", "EBUSY", "A-44", "a chosen pid number is in use in that namespace", { each: "level" }],
    ["pid-exhausted", "EAGAIN", ["A-49", "B-14"], "no pid number is left", { each: "level" }],
  ],
  provenance: "kernel/pid.c, 2.6.30 and the July–September 2009 series",
} as const;

/**
 * `alloc_pid` as eclone has it: the upper end first, numbers below 300 closed once the kernel's own choice has passed
 * them, one errno for a taken number and for none left (E-40 … E-48). Source: kernel/pid.c of the 2010 series.
 */
export const alloc_pid_eclone = {
  ladder: "alloc_pid_eclone",
  rungs: [
    [
      "pid-beyond-max",
      "EINVAL",
      ["E-41", "E-48"],
      "a chosen pid number is not below pid_max",
      { each: "level" },
    ],
    ["pid-negative", "EINVAL", ["E-42", "E-48"], "a chosen pid number is negative", { each: "level" }],
    [
      "pid-reserved",
      "EINVAL",
      "E-44",
      "a chosen pid number is below 300, and the kernel chooses above it",
      { each: "level" },
    ],
    ["pid-no-memory", "ENOMEM", "E-46", "no memory for a page of the pid map", { each: "level" }],
    ["pid-taken", "EBUSY", "E-45", "a chosen pid number is in use in that namespace", { each: "level" }],
    ["pid-exhausted", "EBUSY", ["A-49", "E-40"], "no pid number is left", { each: "level" }],
  ],
  provenance: "kernel/pid.c, eclone v14 on 2.6.35",
} as const;

/**
 * `alloc_pid` since 5.3, with set_tid since 5.5: ladder T. One level is finished before the next outer one is looked
 * at (T-09); since 7.0 what the caller asks for is judged at every level before any number is taken (T-11).
 * Source: kernel/pid.c.
 */
export const alloc_pid_5_3 = {
  ladder: "alloc_pid_5_3",
  rungs: [
    [
      "pid-count-too-deep",
      "EINVAL",
      "T-01",
      "more numbers than the child has levels of pid namespaces",
      { since: "5.5" },
    ],
    ["pid-object-no-memory", "ENOMEM", "T-02", "no memory for the struct pid"],
    ["pid-below-one", "EINVAL", ["T-03", "T-14"], "a chosen tid is below 1", { each: "level", since: "5.5" }],
    [
      "pid-beyond-max",
      "EINVAL",
      "T-04",
      "a chosen tid is not below pid_max",
      { each: "level", since: "5.5" },
    ],
    [
      "pid-without-init",
      "EINVAL",
      ["T-05", "T-20"],
      "the first task of a pid namespace is 1",
      { each: "level", since: "5.5", until: "7.0" },
    ],
    [
      "pid-not-capable",
      "EPERM",
      "T-06",
      "choosing a tid takes a capability over the namespace's owner",
      { each: "level", since: "5.5" },
    ],
    ["pid-no-memory", "ENOMEM", ["T-02", "T-12"], "no memory for a number", { each: "level" }],
    [
      "pid-taken",
      "EEXIST",
      "T-07",
      "a chosen tid is in use in that namespace",
      { each: "level", since: "5.5" },
    ],
    ["pid-exhausted", "EAGAIN", "T-08", "no pid number is left", { each: "level" }],
    [
      "pid-without-init",
      "EINVAL",
      ["T-13", "T-20"],
      "the first task of a pid namespace is 1",
      { each: "level", since: "7.0" },
    ],
    ["namespace-dying", "ENOMEM", ["T-10", "P-27"], "the init of the pid namespace is gone"],
  ],
  provenance: "kernel/pid.c alloc_pid, 5.3 to 7.0",
} as const;
