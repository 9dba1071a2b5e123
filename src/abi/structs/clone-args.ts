/**
 * The flag word of clone3 and unshare: clone's bits without the signal byte, of which one bit came back as a flag,
 * and bits above the low word. Source: rules §6.2; uapi/linux/sched.h.
 */
export const clone3_flags = {
  flagset: "clone3_flags",
  bits: {
    CLONE_NEWTIME: { mask: 0x80, since: "5.6" },
    CLONE_VM: 0x100,
    CLONE_FS: 0x200,
    CLONE_FILES: 0x400,
    CLONE_SIGHAND: 0x800,
    CLONE_PIDFD: { mask: 0x1000, since: "5.2" },
    CLONE_PTRACE: 0x2000,
    CLONE_VFORK: 0x4000,
    CLONE_PARENT: 0x8000,
    CLONE_THREAD: 0x10000,
    CLONE_NEWNS: 0x20000,
    CLONE_SYSVSEM: 0x40000,
    CLONE_SETTLS: 0x80000,
    CLONE_PARENT_SETTID: 0x100000,
    CLONE_CHILD_CLEARTID: 0x200000,
    CLONE_DETACHED: 0x400000,
    CLONE_UNTRACED: 0x800000,
    CLONE_CHILD_SETTID: 0x1000000,
    CLONE_STOPPED: { mask: 0x2000000, until: "2.6.38" },
    CLONE_NEWCGROUP: { mask: 0x2000000, since: "4.6" },
    CLONE_NEWUTS: 0x4000000,
    CLONE_NEWIPC: 0x8000000,
    CLONE_NEWUSER: 0x10000000,
    CLONE_NEWPID: 0x20000000,
    CLONE_NEWNET: 0x40000000,
    CLONE_IO: 0x80000000,
    CLONE_CLEAR_SIGHAND: { mask: 0x1_0000_0000, since: "5.5" },
    CLONE_INTO_CGROUP: { mask: 0x2_0000_0000, since: "5.7" },
    CLONE_AUTOREAP: { mask: 0x4_0000_0000, since: "7.0" },
    CLONE_NNP: { mask: 0x8_0000_0000, since: "7.0" },
    CLONE_PIDFD_AUTOKILL: { mask: 0x10_0000_0000, since: "7.0" },
    CLONE_EMPTY_MNTNS: { mask: 0x20_0000_0000, since: "7.0" },
  },
} as const;

/** The bit of {@link clone3_flags} in the low word that clone has no name for. */
export const CLONE_NEWTIME = 0x80;

/** The bits of {@link clone3_flags} above the low word, as masks of the high word. */
export const CLONE_HIGH = {
  CLEAR_SIGHAND: 0x1,
  INTO_CGROUP: 0x2,
  AUTOREAP: 0x4,
  NNP: 0x8,
  PIDFD_AUTOKILL: 0x10,
  EMPTY_MNTNS: 0x20,
} as const;

/** A signal number in a word of its own: clone3's exit_signal. */
export const exit_signal = {
  flagset: "exit_signal",
  fields: { CSIGNAL: { mask: 0xff, role: "signal" } },
  bits: {},
} as const;

/**
 * `struct clone_args` of clone3: every field 64 bits wide, the same on every ABI, so a compat kernel has no twin of
 * the call (N-13). Source: rules §6.1; uapi/linux/sched.h.
 */
export const clone_args = {
  struct: "clone_args",
  fields: {
    flags: { flags: "clone3_flags", of: "u64" },
    pidfd: { out: "fd", of: "u64" },
    child_tid: { out: "pid_t", of: "u64", optional: true },
    parent_tid: { out: "pid_t", of: "u64", optional: true },
    exit_signal: { flags: "exit_signal", of: "u64" },
    stack: "u64",
    stack_size: "u64",
    tls: "u64",
    set_tid: { in: "pid_t", count: "set_tid_size", of: "u64", optional: true },
    set_tid_size: "u64",
    cgroup: "u64",
  },
  versions: { VER0: 64, VER1: 80, VER2: 88 },
  note: "set_tid is innermost namespace first, and counted in numbers, not bytes",
} as const;
