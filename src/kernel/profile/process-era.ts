import { SA, SECBIT, WAIT } from "../../abi/structs/index.ts";
import type { Word64 } from "../../abi/word64.ts";
import { CAP } from "../capability.ts";

/** How waitid differs by era. */
export interface WaitidRules {
  /** Options it knows. */
  readonly options: number;
  /** P_PGID with 0 means the caller's own group, and P_PIDFD exists (since 5.4). */
  readonly ownGroupAndPidfd: boolean;
  /** Members of the siginfo in the order they are written. */
  readonly order: readonly WaitidMember[];
  /** A call that fails writes zeros (since 4.13); before, only one that found nothing to report did. */
  readonly clearsOnFailure: boolean;
  /** Without a siginfo the result is 0, or the child's number (before 4.13). */
  readonly withoutInfo: "zero" | "pid";
  /** The compat call is the native one with another layout, or a wrapper that writes only of a child it has. */
  readonly compat: "same" | "wrapper";
}

/** What waitid writes of a siginfo. */
export type WaitidMember = "si_signo" | "si_errno" | "si_code" | "si_pid" | "si_uid" | "si_status";

/** What of the life of processes, waits and signals differs by era. */
export interface ProcessEra {
  /** wait4 of INT_MIN is ESRCH (since 4.13), or the number of a group nobody is in. */
  readonly waitRefusesIntMin: boolean;
  readonly waitid: WaitidRules;
  /** A waiter is woken by the children it waits for alone (since 2.6.32), or by every child of its group. */
  readonly waitersHear: "fitting" | "all";
  /** vfork's wait ends with a SIGKILL (since 3.4). */
  readonly vforkKillable: boolean;
  /** The exit of a group's last thread is the group's (about 6.0); before, its leader's status was reported. */
  readonly lastThreadDecides: boolean;
  /** Whoever becomes a user that has RLIMIT_NPROC processes is refused (before 3.1). */
  readonly setuserChecksNproc: boolean;
  /** setresuid and setresgid that would change nothing do nothing, not even to the fsuid (about 6.3). */
  readonly setresLooksFirst: boolean;
  /** The last capability there is. */
  readonly lastCapability: number;
  /** capget without room for the sets only asks for the version (since 2.6.32). */
  readonly capgetWithoutData: boolean;
  /** Bits of SECBIT that exist, but for their locks; and those of them that take no capability to set. */
  readonly securebits: { readonly known: number; readonly unprivileged: number };
  /** Flags of a signal's action that are kept; the others are cleared, so that a program can tell (since 5.11). */
  readonly actionFlags: Word64;
  /** A namespace's init that goes ignores SIGCHLD from then on, in a table others may share (since 3.5). */
  readonly dyingInitIgnoresChildren: boolean;
  /** An init is a zombie only when no number of its namespace but its own is in use; in 2009 at once. */
  readonly initWaitsForNamespace: boolean;
}

const EVENTS = WAIT.WEXITED | WAIT.WUNTRACED | WAIT.WCONTINUED | WAIT.WNOHANG | WAIT.WNOWAIT;

const UAPI_SA_FLAGS =
  (SA.NOCLDSTOP |
    SA.NOCLDWAIT |
    SA.SIGINFO |
    SA.EXPOSE_TAGBITS |
    SA.RESTORER |
    SA.ONSTACK |
    SA.RESTART |
    SA.NODEFER |
    SA.RESETHAND) >>>
  0;

/** 2.6.30 and 2.6.31. */
export const PROCESSES_2_6_30: ProcessEra = {
  waitRefusesIntMin: false,
  waitid: {
    options: EVENTS,
    ownGroupAndPidfd: false,
    order: ["si_signo", "si_errno", "si_code", "si_status", "si_pid", "si_uid"],
    clearsOnFailure: false,
    withoutInfo: "pid",
    compat: "wrapper",
  },
  waitersHear: "all",
  vforkKillable: false,
  lastThreadDecides: false,
  setuserChecksNproc: true,
  setresLooksFirst: false,
  lastCapability: CAP.MAC_ADMIN,
  capgetWithoutData: false,
  securebits: { known: SECBIT.NOROOT | SECBIT.NO_SETUID_FIXUP | SECBIT.KEEP_CAPS, unprivileged: 0 },
  actionFlags: { lo: 0xffff_ffff, hi: 0xffff_ffff },
  dyingInitIgnoresChildren: false,
  initWaitsForNamespace: false,
};

/** Since 2.6.32. */
export const PROCESSES_2_6_32: ProcessEra = {
  ...PROCESSES_2_6_30,
  waitersHear: "fitting",
  capgetWithoutData: true,
};

/** 5.3. */
export const PROCESSES_5_3: ProcessEra = {
  waitRefusesIntMin: true,
  waitid: {
    options: EVENTS | WAIT.WNOTHREAD | WAIT.WALL | WAIT.WCLONE,
    ownGroupAndPidfd: false,
    order: ["si_signo", "si_errno", "si_code", "si_pid", "si_uid", "si_status"],
    clearsOnFailure: true,
    withoutInfo: "zero",
    compat: "same",
  },
  waitersHear: "fitting",
  vforkKillable: true,
  lastThreadDecides: false,
  setuserChecksNproc: false,
  setresLooksFirst: false,
  lastCapability: CAP.AUDIT_READ,
  capgetWithoutData: true,
  securebits: {
    known: SECBIT.NOROOT | SECBIT.NO_SETUID_FIXUP | SECBIT.KEEP_CAPS | SECBIT.NO_CAP_AMBIENT_RAISE,
    unprivileged: 0,
  },
  // All but the two bits in which x86 notes how the action was set.
  actionFlags: { lo: 0xfcff_ffff, hi: 0xffff_ffff },
  dyingInitIgnoresChildren: true,
  initWaitsForNamespace: true,
};

/** Since 5.4. */
export const PROCESSES_5_4: ProcessEra = {
  ...PROCESSES_5_3,
  waitid: { ...PROCESSES_5_3.waitid, ownGroupAndPidfd: true },
};

/** Since 5.9. */
export const PROCESSES_5_9: ProcessEra = { ...PROCESSES_5_4, lastCapability: CAP.CHECKPOINT_RESTORE };

/** Since 6.3. */
export const PROCESSES_6_3: ProcessEra = {
  ...PROCESSES_5_9,
  lastThreadDecides: true,
  setresLooksFirst: true,
  actionFlags: { lo: UAPI_SA_FLAGS, hi: 0 },
};

/** Since 6.14. */
export const PROCESSES_6_14: ProcessEra = {
  ...PROCESSES_6_3,
  securebits: {
    known: PROCESSES_6_3.securebits.known | SECBIT.EXEC_RESTRICT_FILE | SECBIT.EXEC_DENY_INTERACTIVE,
    unprivileged: SECBIT.EXEC_RESTRICT_FILE | SECBIT.EXEC_DENY_INTERACTIVE,
  },
};
