/** `rt_sigaction`: what a signal does to the caller's group. */
export const rt_sigaction = {
  name: "rt_sigaction",
  numbers: { x86_64: 13, i386: 174, arm64: 134, s390x: 174, powerpc64: 173 },
  args: {
    sig: "signal",
    act: { in: "sigaction", optional: true },
    oact: { out: "sigaction", optional: true },
    sigsetsize: "size_t",
  },
  returns: "int",
  ladder: [
    ["sigsetsize", "EINVAL", [], "the size of the mask is not 8"],
    ["action-unreadable", "EFAULT", [], "the new action cannot be read"],
    [
      "signal-number",
      "EINVAL",
      [],
      "the signal is not 1 … 64, or it is SIGKILL or SIGSTOP and an action is given",
    ],
    [
      "old-unwritable",
      "EFAULT",
      [],
      "the old one cannot be written; the new one is in force all the same",
      { leaves: ["state"] },
    ],
  ],
  effects: [
    "the action of a signal changes, for everybody who shares the handlers",
    "a pending signal that is ignored from now on is dropped",
  ],
  support: "full",
  note: "handlers are recorded; a signal with one counts as handled, and no guest instruction runs",
  provenance: ["kernel/signal.c rt_sigaction, do_sigaction", "arch/x86/kernel/signal.c sigaction_compat_abi"],
} as const;

/** `sigaction` of i386: rt_sigaction with masks of 32 signals. */
export const sigaction = {
  name: "sigaction",
  numbers: { i386: 67, x86_64: { absent: "x86_64 has rt_sigaction only" } },
  args: {
    sig: "signal",
    act: { in: "old_sigaction", optional: true },
    oact: { out: "old_sigaction", optional: true },
  },
  returns: "int",
  ladder: [
    ["action-unreadable", "EFAULT", [], "the new action cannot be read"],
    [
      "signal-number",
      "EINVAL",
      [],
      "the signal is not 1 … 64, or it is SIGKILL or SIGSTOP and an action is given",
    ],
    [
      "old-unwritable",
      "EFAULT",
      [],
      "the old one cannot be written; the new one is in force all the same",
      { leaves: ["state"] },
    ],
  ],
  effects: ["as rt_sigaction"],
  support: "full",
  provenance: ["kernel/signal.c sigaction"],
} as const;

/** `signal` of i386: a handler that is used once; returns the one before. */
export const signal = {
  name: "signal",
  numbers: { i386: 48, x86_64: { absent: "x86_64 has rt_sigaction only" } },
  args: { sig: "signal", handler: { flags: "sig_handler", of: "unsigned long" } },
  returns: "addr",
  ladder: [["signal-number", "EINVAL", [], "the signal is not 1 … 64, or it is SIGKILL or SIGSTOP"]],
  effects: ["as rt_sigaction with SA_RESETHAND and SA_NODEFER"],
  support: "full",
  provenance: ["kernel/signal.c signal"],
} as const;

/** `rt_sigprocmask`: which signals wait until they are let through. */
export const rt_sigprocmask = {
  name: "rt_sigprocmask",
  numbers: { x86_64: 14, i386: 175, arm64: 135, s390x: 175, powerpc64: 174 },
  args: {
    how: { flags: "sigprocmask_how", of: "int" },
    nset: { in: "sigset_t", optional: true },
    oset: { out: "sigset_t", optional: true },
    sigsetsize: "size_t",
  },
  returns: "int",
  ladder: [
    ["sigsetsize", "EINVAL", [], "the size of the mask is not 8"],
    ["mask-unreadable", "EFAULT", [], "the new mask cannot be read"],
    ["how", "EINVAL", [], "a mask is given, and how is not SIG_BLOCK, SIG_UNBLOCK or SIG_SETMASK"],
    [
      "old-unwritable",
      "EFAULT",
      [],
      "the old one cannot be written; the new one is in force all the same",
      { leaves: ["state"] },
    ],
  ],
  effects: ["the calling thread's mask changes; SIGKILL and SIGSTOP are never in it"],
  support: "full",
  provenance: ["kernel/signal.c rt_sigprocmask"],
} as const;

/** `sigprocmask` of i386: rt_sigprocmask for the first 32 signals. */
export const sigprocmask = {
  name: "sigprocmask",
  numbers: { i386: 126, x86_64: { absent: "x86_64 has rt_sigprocmask only" } },
  args: {
    how: { flags: "sigprocmask_how", of: "int" },
    nset: { in: "old_sigset_t", optional: true },
    oset: { out: "old_sigset_t", optional: true },
  },
  returns: "int",
  ladder: [
    ["mask-unreadable", "EFAULT", [], "the new mask cannot be read"],
    ["how", "EINVAL", [], "a mask is given, and how is not SIG_BLOCK, SIG_UNBLOCK or SIG_SETMASK"],
    [
      "old-unwritable",
      "EFAULT",
      [],
      "the old one cannot be written; the new one is in force all the same",
      { leaves: ["state"] },
    ],
  ],
  effects: ["the first 32 signals of the calling thread's mask change"],
  support: "full",
  provenance: ["kernel/signal.c sigprocmask"],
} as const;

/** `sgetmask` of i386: the first word of the mask; a 64-bit kernel leaves all of it in the register. */
export const sgetmask = {
  name: "sgetmask",
  numbers: { i386: 68, x86_64: { absent: "x86_64 has rt_sigprocmask only" }, powerpc64: 68 },
  args: {},
  returns: "int",
  ladder: [],
  support: "full",
  provenance: ["kernel/signal.c sgetmask"],
} as const;

/** `ssetmask` of i386: sets the mask, returns the first 32 signals of the old one. */
export const ssetmask = {
  name: "ssetmask",
  numbers: { i386: 69, x86_64: { absent: "x86_64 has rt_sigprocmask only" }, powerpc64: 69 },
  args: { newmask: "int" },
  returns: "int",
  ladder: [],
  effects: ["the calling thread's mask changes"],
  support: "full",
  provenance: ["kernel/signal.c ssetmask"],
} as const;

/** `rt_sigpending`: which blocked signals wait for the caller. */
export const rt_sigpending = {
  name: "rt_sigpending",
  numbers: { x86_64: 127, i386: 176, arm64: 136, s390x: 176, powerpc64: 175 },
  args: { uset: { out: "sigset_t", size: "sigsetsize" }, sigsetsize: "size_t" },
  returns: "int",
  ladder: [
    ["sigsetsize", "EINVAL", [], "the size of the mask is above 8"],
    ["set-unwritable", "EFAULT", [], "the set cannot be written"],
  ],
  effects: ["as many bytes as sigsetsize says are written"],
  support: "full",
  provenance: ["kernel/signal.c rt_sigpending"],
} as const;

/** `sigpending` of i386: rt_sigpending for the first 32 signals. */
export const sigpending = {
  name: "sigpending",
  numbers: { i386: 73, x86_64: { absent: "x86_64 has rt_sigpending only" } },
  args: { uset: { out: "old_sigset_t" } },
  returns: "int",
  ladder: [["set-unwritable", "EFAULT", [], "the set cannot be written"]],
  effects: ["4 bytes are written"],
  support: "full",
  provenance: ["kernel/signal.c sigpending"],
} as const;

/** `rt_sigsuspend`: wait for a signal under another mask. */
export const rt_sigsuspend = {
  name: "rt_sigsuspend",
  numbers: { x86_64: 130, i386: 179, arm64: 133, s390x: 179, powerpc64: 178 },
  args: { unewset: { in: "sigset_t" }, sigsetsize: "size_t" },
  returns: "int",
  ladder: [
    ["sigsetsize", "EINVAL", [], "the size of the mask is not 8"],
    ["mask-unreadable", "EFAULT", [], "the new mask cannot be read"],
  ],
  effects: ["blocks until a signal is handled; then the mask is what it was"],
  support: "full",
  provenance: ["kernel/signal.c rt_sigsuspend"],
} as const;

/** `sigsuspend` of i386: rt_sigsuspend, its mask in the third register. */
export const sigsuspend = {
  name: "sigsuspend",
  numbers: { i386: 72, x86_64: { absent: "x86_64 has rt_sigsuspend only" } },
  args: { unused1: "int", unused2: "int", mask: "old_sigset_t" },
  returns: "int",
  ladder: [],
  effects: ["as rt_sigsuspend; signals above 32 are let through"],
  support: "full",
  provenance: ["kernel/signal.c sigsuspend"],
} as const;

/** `pause`: wait for a signal that is handled, or ends the caller. */
export const pause = {
  name: "pause",
  numbers: {
    x86_64: 34,
    i386: 29,
    arm64: { absent: "the generic table has ppoll and rt_sigsuspend" },
    s390x: 29,
    powerpc64: 29,
  },
  args: {},
  returns: "int",
  ladder: [],
  effects: ["blocks until a signal is handled, and then answers EINTR"],
  support: "full",
  provenance: ["kernel/signal.c pause"],
} as const;
