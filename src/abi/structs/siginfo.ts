/** Why a child's SIGCHLD came. Source: asm-generic/siginfo.h. */
export const sigchld_code = {
  flagset: "sigchld_code",
  values: {
    CLD_EXITED: 1,
    CLD_KILLED: 2,
    CLD_DUMPED: 3,
    CLD_TRAPPED: 4,
    CLD_STOPPED: 5,
    CLD_CONTINUED: 6,
  },
} as const;

/** The values of {@link sigchld_code} by name. */
export const CLD = { EXITED: 1, KILLED: 2, DUMPED: 3, TRAPPED: 4, STOPPED: 5, CONTINUED: 6 } as const;

/** What of `siginfo_t` is about a child: a branch of a union whose pointers align it to 8 bytes on LP64. */
export const sifields_sigchld = {
  struct: "sifields_sigchld",
  fields: {
    si_pid: "pid_t",
    si_uid: "uid_t",
    si_status: "int",
    si_utime: "long",
    si_stime: "long",
  },
} as const;

/**
 * `siginfo_t` as waitid fills it: 128 bytes everywhere, si_pid at 16 on LP64 and at 12 where pointers have 4 bytes.
 * Source: asm-generic/siginfo.h.
 */
export const siginfo = {
  struct: "siginfo",
  fields: {
    si_signo: "signal",
    si_errno: "int",
    si_code: { flags: "sigchld_code", of: "int" },
    _sigchld: { struct: "sifields_sigchld" },
  },
  anonymous: ["_sigchld"],
  size: 128,
  note: "the branch about children; waitid writes neither si_utime nor si_stime",
} as const;
