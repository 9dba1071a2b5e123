/**
 * `eclone`: clone with 64-bit flags and chosen pid numbers, what clone_with_pids had become by v14 (March 2010, on
 * 2.6.33 to 2.6.35). Numbers are those of its own trees; mainline gave them to other calls (300 and 338 to
 * fanotify_init). Source: rules §5.2, §5.3, E-01 … E-48.
 */
export const eclone = {
  name: "eclone",
  since: "2.6.33",
  until: "2.6.36",
  numbers: {
    x86_64: { profiles: { eclone: 300 } },
    ia32: { profiles: { eclone: 338 } },
    i386: { profiles: { eclone: 338 } },
    arm: { profiles: { eclone: 366 } },
    arm64: {
      profiles: {
        eclone: {
          nr: 245,
          assigned:
            "the port is younger than the series; 245 is one of the generic table's numbers for an architecture's own calls",
        },
      },
    },
    powerpc: { profiles: { eclone: 323 } },
    powerpc64: { profiles: { eclone: 323 } },
    s390: { profiles: { eclone: 332 } },
    s390x: { profiles: { eclone: 332 } },
  },
  args: {
    flags_low: { flags: "clone_flags", of: "unsigned int" },
    args: { in: "eclone_args", size: "args_size" },
    args_size: "int",
    pids: { in: "pid_t", count: "args.nr_pids", optional: true },
  },
  returns: "pid_t",
  ladder: [
    ["args-size", "EINVAL", "E-01", "args_size is not the 48 bytes of the struct"],
    ["args-unreadable", "EFAULT", "E-02", "the struct cannot be read"],
    ["reserved-set", "EINVAL", "E-03", "reserved0 is not 0"],
    ["flags-high-set", "EINVAL", "E-03", "clone_flags_high is not 0"],
    ["stack-size-set", "EINVAL", ["E-04", "E-05"], "child_stack_size is not 0: stacks have no size here"],
    { include: "do_fork" },
    ["count-too-deep", "EINVAL", "E-08", "nr_pids is greater than the caller's nesting depth"],
    ["array-no-memory", "ENOMEM", "E-09", "no memory for the kernel's copy of the pid numbers"],
    ["array-unreadable", "EFAULT", "E-10", "the array of pid numbers cannot be read"],
    ["not-capable", "EPERM", "E-11", "choosing pids takes CAP_SYS_ADMIN"],
    { include: "copy_process" },
    { include: "alloc_pid_eclone" },
    { include: "pid_ns_prepare_proc" },
  ],
  effects: [
    "a task is created",
    "parent_tid_ptr is written by the parent, its fault ignored (B-17)",
    "child_tid_ptr is written by the child in its own memory, its fault ignored (B-18)",
  ],
  rereads: ["pids"],
  support: "full",
  note: "the exit signal is the low byte of flags_low; pids go from the oldest namespace to the youngest, 0 leaves the choice to the kernel (E-15); with CLONE_SETTLS a 32-bit program's TLS descriptor is read where pids points",
  provenance: [
    "rules §5",
    "eclone v14, patches 2–11 of the March 2010 posting, on 2.6.35",
    "cr-tests, folder eclone",
  ],
} as const;
