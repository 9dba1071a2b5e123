/** What `sa_handler` holds when it is no address. Source: asm-generic/signal-defs.h. */
export const sig_handler = {
  flagset: "sig_handler",
  values: { SIG_DFL: 0, SIG_IGN: 1 },
} as const;

/** `sa_flags`. Source: asm-generic/signal-defs.h, x86's asm/signal.h. */
export const sa_flags = {
  flagset: "sa_flags",
  bits: {
    SA_RESTORER: 0x4000000,
    SA_ONSTACK: 0x8000000,
    SA_RESTART: 0x10000000,
    SA_NODEFER: 0x40000000,
    SA_RESETHAND: 0x80000000,
    SA_NOCLDSTOP: 0x1,
    SA_NOCLDWAIT: 0x2,
    SA_SIGINFO: 0x4,
    SA_EXPOSE_TAGBITS: { mask: 0x800, since: "5.11" },
  },
} as const;

/** The bits of {@link sa_flags} by name, as unsigned 32-bit masks. */
export const SA = {
  NOCLDSTOP: 0x1,
  NOCLDWAIT: 0x2,
  SIGINFO: 0x4,
  EXPOSE_TAGBITS: 0x800,
  RESTORER: 0x4000000,
  ONSTACK: 0x8000000,
  RESTART: 0x10000000,
  NODEFER: 0x40000000,
  RESETHAND: 0x80000000,
} as const;

/** How a signal mask is changed. Source: asm-generic/signal-defs.h. */
export const sigprocmask_how = {
  flagset: "sigprocmask_how",
  values: { SIG_BLOCK: 0, SIG_UNBLOCK: 1, SIG_SETMASK: 2 },
  stranger: "SIG_???",
} as const;

/** The values of {@link sigprocmask_how} by name. */
export const SIG_HOW = { BLOCK: 0, UNBLOCK: 1, SETMASK: 2 } as const;

/** `struct sigaction` as the kernel has it, the libraries' own is another: 32 bytes on LP64, 20 on i386. */
export const kernel_sigaction = {
  struct: "sigaction",
  fields: {
    sa_handler: { flags: "sig_handler", of: "unsigned long" },
    sa_flags: { flags: "sa_flags", of: "unsigned long" },
    sa_restorer: "addr",
    sa_mask: "sigset_t",
  },
  note: "the kernel's layout; every library's own differs from it",
} as const;

/** `struct old_sigaction` of i386: a mask of 32 signals. Source: x86's asm/signal.h. */
export const old_sigaction = {
  struct: "old_sigaction",
  fields: {
    sa_handler: { flags: "sig_handler", of: "unsigned long" },
    sa_mask: "old_sigset_t",
    sa_flags: { flags: "sa_flags", of: "unsigned long" },
    sa_restorer: "addr",
  },
} as const;
