import type { ErrnoName } from "../../abi/errno.ts";
import type { EntryEra } from "../../arch/entry-path.ts";
import type { UserLimit } from "../../mm/limits.ts";
import type { CopyStep } from "../clone/step-names.ts";
import type { PidPolicy } from "../pid/policy.ts";
import type { NewpidRule } from "../pid/wish.ts";
import type { UserNamespaceRules } from "../task/credentials.ts";
import type { FilesEra } from "./files-era.ts";
import type { MemoryEra } from "./memory-era.ts";
import type { ProcessEra } from "./process-era.ts";

/** What of eclone depends on which of its trees is emulated; quirks set it. */
export interface EcloneRules {
  /** A count whose highest bit is set: too deep, or, compared as a negative one, deep enough for nothing. */
  readonly hugeCount: "refused" | "undefined";
  /** clone_flags_high that is not 0: refused (E-03), or passed on to copy_process. */
  readonly highFlags: "refused" | "passed";
  /** Where clone's TLS register is the one with the pids, CLONE_SETTLS is taken from it, or from the fifth argument's. */
  readonly tlsFrom: "pids" | "fifth";
  /** On powerpc a stack of 0 is the child's stack pointer, or stands for the caller's as elsewhere. */
  readonly powerpcZeroStack: "given" | "caller";
}

/** What clone3 of an era takes (rules §6.7). */
export interface Clone3Rules {
  /** Bytes of struct clone_args the kernel knows: 64, 80 or 88. What lies beyond has to be zero (C-04). */
  readonly knownSize: 64 | 80 | 88;
  /** Flags it refuses although clone has them: CLONE_DETACHED and the signal byte, or what is left of it (C-15). */
  readonly refusedFlags: number;
  /** Flags it knows above the low word (C-14). */
  readonly highFlags: number;
  /** exit_signal above 64 is refused while the struct is read (C-11), or with that of every other caller (C-24). */
  readonly exitSignalEarly: boolean;
}

/**
 * An era of Linux as data. Whatever differs between eras is a field here; no handler asks for a version.
 */
export interface Profile {
  readonly name: string;
  /** What it stands for, in one sentence. */
  readonly title: string;
  /** Kernel version as in uname, without patch names: decides which declarations exist. */
  readonly kernel: string;
  readonly entry: EntryEra;
  /** User address limits of copies, by kernel and by the task's width (U-06 … U-13). */
  readonly limits: { readonly i386: UserLimit; readonly x86_64: UserLimit; readonly compat: UserLimit };
  /** Choice of pid numbers. */
  readonly pids: PidPolicy;
  /** pid_max at boot, and its ceiling by kernel (B-31, T-24). */
  readonly pidMax: {
    readonly initial: number;
    readonly floor: number;
    readonly ceiling32: number;
    readonly ceiling64: number;
  };
  readonly newpidWithPids: NewpidRule;
  /** The exit signal of a CLONE_PARENT child: what was passed (B-19), or that of the caller's leader (P-32). */
  readonly siblingExitSignal: "given" | "leader";
  /** What clone3 takes; absent where there is none. */
  readonly clone3?: Clone3Rules;
  /** The upper half of clone's flags reaches copy_process (E-12); today it is dropped (L-01). */
  readonly legacyHighFlags: boolean;
  /** copy_process, step by step, in check order. */
  readonly copyProcess: readonly CopyStep[];
  /** Rungs whose errno is not the declared one in this era. */
  readonly errno: Readonly<Record<string, ErrnoName>>;
  /** TLS descriptor slots of set_thread_area, first and last, by kernel (B-13). */
  readonly tlsEntries: {
    readonly i386: readonly [number, number];
    readonly x86_64: readonly [number, number];
  };
  /** Where copy_thread finds the TLS word: in the register frame (2009), or among the arguments (today). */
  readonly tlsFrom: "frame" | "argument";
  /** It is a descriptor for a 32-bit task (2009), or for whoever came in through a 32-bit entry. */
  readonly tlsDescriptorFor: "task" | "entry";
  /** A TLS descriptor has to be empty, or one of a present 32-bit data segment (P-22). */
  readonly tlsDescriptorChecked: boolean;
  /** CLONE_STOPPED starts the child stopped. */
  readonly cloneStopped: boolean;
  /** CLONE_CHILD_CLEARTID is honoured for a task that a signal killed. */
  readonly clearTidWhenKilled: boolean;
  /** wait4 writes rusage before the status. */
  readonly rusageFirst: boolean;
  /** Waits, signals, and the end of processes. */
  readonly processes: ProcessEra;
  /** Whose capabilities count where, and whose processes. */
  readonly userNamespaces: UserNamespaceRules;
  /** CLONE_NEWUSER takes root's capabilities, and no thread; since 3.8 anybody may. */
  readonly newUserTakesRoot: boolean;
  /** Deepest user namespace that may have another below it (P-15). */
  readonly maxUserNsParent: number;
  /** CLONE_NEW… flags that make a namespace of those that take CAP_SYS_ADMIN; others of that kind are ignored. */
  readonly namespaceFlags: number;
  /** Flags pidfd_open knows. */
  readonly pidfdOpenFlags: number;
  /** Namespaces that setns enters by a pidfd; 0 before 5.8. */
  readonly setnsPidfdFlags: number;
  /** Flags unshare knows. */
  readonly unshareFlags: number;
  /** Resource limits. */
  readonly rlimits: {
    /** RLIMIT_MEMLOCK of the first process, in bytes: 64 KiB until 5.15, 8 MiB since. */
    readonly memlock: number;
    /** setrlimit judges the resource before it reads the limit, and privilege before nr_open (until 2.6.35). */
    readonly resourceFirst: boolean;
    /** A soft RLIMIT_CPU of 0 becomes one second (until 5.3). */
    readonly zeroCpuIsOne: boolean;
  };
  /** What arch_prctl knows besides the bases: cpuid faulting (4.12), processor states (5.16). */
  readonly archPrctl: { readonly cpuid: boolean; readonly xcomp: boolean };
  /** Mapping memory. */
  readonly memory: MemoryEra;
  /** Open files. */
  readonly files: FilesEra;
  /** Deepest level of a pid namespace; Infinity before 3.7 (B-25). */
  readonly maxPidNsLevel: number;
  /** Absent where there is no eclone. */
  readonly eclone?: EcloneRules;
}
