/**
 * `clone_with_pids`: create a child with chosen pid numbers in nested pid namespaces (RFC v2, May 2009; v3, July 2009).
 * The series has entries for 32-bit x86, s390 and powerpc; numbers of other tables are trapgate's assignment.
 * Source: rules §3, A-01 … A-49.
 */
export const clone_with_pids = {
  name: "clone_with_pids",
  since: "2.6.30",
  until: "2.6.33",
  numbers: {
    i386: {
      profiles: {
        "cwp-v2": {
          nr: 335,
          assigned: "the v2 patch was not seen; 335 is the first number after 2.6.30's pwritev",
        },
        "cwp-v2-newpid": { nr: 335, assigned: "as cwp-v2" },
        "cwp-v3": 337,
      },
    },
    ia32: { absent: "the series left the compat table of x86_64 alone: a 32-bit task there gets ENOSYS" },
    x86_64: {
      profiles: {
        "cwp-v2": { nr: 297, assigned: "x86_64 never had a number; 297 is the first after 2.6.30's pwritev" },
        "cwp-v2-newpid": { nr: 297, assigned: "as cwp-v2" },
        "cwp-v3": {
          nr: 299,
          assigned: "x86_64 never had a number; 299 is the first after 2.6.31's perf_counter_open",
        },
      },
    },
    arm64: {
      profiles: {
        "cwp-v2": {
          nr: 244,
          assigned:
            "the port is younger than the series; 244 is the first of the generic table's numbers for an architecture's own calls",
        },
        "cwp-v2-newpid": { nr: 244, assigned: "as cwp-v2" },
        "cwp-v3": { nr: 244, assigned: "as cwp-v2" },
      },
    },
    s390x: {
      profiles: {
        "cwp-v2": {
          nr: 330,
          assigned: "the port came with v3; 330 is the first number after 2.6.30's pwritev",
        },
        "cwp-v2-newpid": { nr: 330, assigned: "as cwp-v2" },
        "cwp-v3": 334,
      },
    },
    powerpc64: {
      profiles: {
        "cwp-v2": {
          nr: 322,
          assigned: "the port came with v3; 322 is the first number after 2.6.30's pwritev",
        },
        "cwp-v2-newpid": { nr: 322, assigned: "as cwp-v2" },
        "cwp-v3": 325,
      },
    },
  },
  args: {
    flags: { flags: "clone_flags", of: "unsigned long" },
    newsp: "addr",
    parent_tid: { out: "pid_t", optional: true },
    child_tid: { out: "pid_t", optional: true },
    tls: "addr",
    pid_set: { in: "target_pid_set", optional: true },
  },
  order: {
    backwards: ["flags", "newsp", "parent_tid", "tls", "child_tid", "pid_set"],
    backwards2: ["newsp", "flags", "parent_tid", "child_tid", "tls", "pid_set"],
  },
  returns: "pid_t",
  ladder: [
    { include: "do_fork" },
    ["set-unreadable", "EFAULT", "A-07", "struct target_pid_set cannot be read"],
    ["count-negative", "EINVAL", "A-09", "num_pids is negative"],
    ["count-too-deep", "EINVAL", "A-10", "num_pids is greater than the caller's nesting depth"],
    ["array-no-memory", "ENOMEM", "A-11", "no memory for the kernel's copy of the pid numbers"],
    ["array-unreadable", "EFAULT", "A-12", "the array of pid numbers cannot be read"],
    ["newpid-with-pids", "EINVAL", "A-14", "CLONE_NEWPID and chosen pids do not go together in v2"],
    [
      "newpid-not-init",
      "EINVAL",
      "A-27",
      "the number in the new namespace must be 1, or 0 for the kernel's choice",
    ],
    ["not-capable", "EPERM", "A-13", "choosing pids takes CAP_SYS_ADMIN"],
    { include: "copy_process" },
    { include: "alloc_pid" },
    { include: "pid_ns_prepare_proc" },
  ],
  effects: [
    "a task is created",
    "parent_tid is written by the parent, its fault ignored (B-17)",
    "child_tid is written by the child in its own memory, its fault ignored (B-18)",
  ],
  support: "full",
  note: "0 in a slot leaves the choice to the kernel; a short array serves the youngest namespaces (A-20 … A-23)",
  provenance: [
    "rules §3",
    "checkpoint/restart v17 and v18, patches 11–17",
    "the May 2009 reply to patch 7/7 v2",
  ],
} as const;
