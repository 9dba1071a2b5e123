import type { EntryPath } from "../../arch/entry-path.ts";
import type { PtRegs } from "../../arch/pt-regs.ts";
import type { AddressSpace } from "../../mm/address-space.ts";
import type { BlockedCall, Restart } from "../call.ts";
import type { Link, List } from "../list.ts";
import type { PidNamespace } from "../pid/namespace.ts";
import type { Pid } from "../pid/pid.ts";
import type { Credentials } from "./credentials.ts";
import type { FilesStruct } from "./files-struct.ts";
import type { FsStruct } from "./fs-struct.ts";
import type { NsProxy } from "./nsproxy.ts";
import type { Sighand } from "./sighand.ts";
import { NO_SIGNALS, type SignalSet } from "./sigmask.ts";
import { SignalQueue } from "./signal-queue.ts";
import type { SignalStruct } from "./signal-struct.ts";
import type { TlsSlots } from "./tls.ts";

/**
 * Where a task is in its life. `exiting` is an init that has let go of everything and waits for the last numbers of its
 * namespace before it is a zombie; `dead` is a task that has been released.
 */
export type TaskState = "running" | "blocked" | "stopped" | "exiting" | "zombie" | "dead";

/** `struct task_struct`: one thread. Made by copy_process and by boot, never by a caller. */
export class Task {
  state: TaskState = "running";
  /** The register image the next trap is read from. */
  readonly regs: PtRegs;
  /** How this task knocks by default. */
  path: EntryPath;
  /** Width of the program: 32 for i386, native or compat. */
  readonly bits: 32 | 64;
  /** Null once the task has exited. */
  mm: AddressSpace | null;
  /** `struct pid`: the task's number at every level of its namespace. */
  readonly pid: Pid;
  /** The thread group's leader, itself for a process. */
  groupLeader: Task;
  readonly signal: SignalStruct;
  sighand: Sighand;
  files: FilesStruct;
  fs: FsStruct;
  nsproxy: NsProxy;
  cred: Credentials;
  realParent: Task;
  /** Children in the order they were made or inherited; null while there were none. */
  children: List<Task> | null = null;
  /** This task's place among its parent's children; null for a thread. */
  sibling: Link<Task> | null = null;
  /** This task's place among all tasks. */
  link: Link<Task> | null = null;
  /** Sent to the parent at the end; −1 for a thread. */
  exitSignal = 0;
  /** Wait status of a zombie: exit code in bits 8–15 or the fatal signal in bits 0–6. */
  exitStatus = 0;
  /** Signals for this thread alone. */
  readonly pending: SignalQueue = new SignalQueue();
  /** TIF_SIGPENDING: a look at the queues is worth while. */
  sigpending = false;
  /** Signals that wait until they are let through (`task->blocked`). */
  sigmask: SignalSet = NO_SIGNALS;
  /** What {@link sigmask} was before sigsuspend changed it, to be put back with the next return; null for none. */
  savedSigmask: SignalSet | null = null;
  /** A stop of the group waits for this thread to stop (JOBCTL_STOP_PENDING). */
  stopPending = false;
  /** The call this task waits in. */
  blocked: BlockedCall | null = null;
  /** Who waits, in vfork, for this task to let go of the memory. */
  vforkParent: Task | null = null;
  /** CLONE_CHILD_SETTID: written when the task first runs; 0 when not asked for. */
  setChildTid = 0;
  /** CLONE_CHILD_CLEARTID: zeroed at exit; 0 when not asked for. */
  clearChildTid = 0;
  /** The task has not run yet: schedule_tail is still to come. */
  fresh = false;
  /** On the list of tasks to look at. */
  queued = false;
  /** The call that a signal cut short, while what becomes of it is not known yet. */
  restart: Restart | null = null;
  /**
   * FS base of a 64-bit task, in address form; off x86 the thread pointer where that is no general register: tpidr_el0
   * of arm64, access registers 0 and 1 of s390x.
   */
  fsBase = 0;
  /** GS base of a 64-bit task, in address form. */
  gsBase = 0;
  /** The TLS descriptors set_thread_area fills; null while none ever was. */
  tls: TlsSlots | null = null;
  /** The alternate signal stack (`sas_ss_sp`); size 0 when there is none. */
  altStackAddress = 0;
  altStackSize = 0;
  /** The task has called execve since it was made; trapgate has no execve, a host may set it. */
  didExec = false;
  /** PR_SET_NO_NEW_PRIVS. */
  noNewPrivs = false;
  /** What personality was asked for: PER_LINUX, 0, unless the task said otherwise. */
  personality = 0;
  /** PR_SET_TIMERSLACK, in nanoseconds, and what 0 goes back to; nothing here sleeps by the clock. */
  timerSlack = 50_000;
  defaultTimerSlack = 50_000;
  /** PR_SET_PDEATHSIG; 0 for none. */
  deathSignal = 0;
  comm: string;

  constructor(parts: TaskParts) {
    this.regs = parts.regs;
    this.path = parts.path;
    this.bits = parts.bits;
    this.mm = parts.mm;
    this.pid = parts.pid;
    this.signal = parts.signal;
    this.sighand = parts.sighand;
    this.files = parts.files;
    this.fs = parts.fs;
    this.nsproxy = parts.nsproxy;
    this.cred = parts.cred;
    this.comm = parts.comm;
    this.groupLeader = parts.groupLeader ?? this;
    this.realParent = parts.realParent ?? this;
  }

  /** The pid namespace the task lives in (`task_active_pid_ns`). */
  get pidNs(): PidNamespace {
    return this.pid.ns;
  }

  /** True for the leader of its thread group. */
  get isGroupLeader(): boolean {
    return this.groupLeader === this;
  }

  /** The task's number in its own namespace (`task_pid_vnr` of itself). */
  get tid(): number {
    return this.pid.nr;
  }

  /** The thread group's number in the task's own namespace, which is every thread's (B-11). */
  get tgid(): number {
    return this.groupLeader.pid.nr;
  }

  /** The task's number as `ns` sees it; 0 when it is not visible there. */
  nrIn(ns: PidNamespace): number {
    return this.pid.nrIn(ns);
  }

  /** The task's numbers, level 0 first. */
  pidNumbers(): readonly number[] {
    return this.pid.numbers;
  }
}

/** What a task is made of. */
export interface TaskParts {
  readonly regs: PtRegs;
  readonly path: EntryPath;
  readonly bits: 32 | 64;
  readonly mm: AddressSpace | null;
  readonly pid: Pid;
  readonly signal: SignalStruct;
  readonly sighand: Sighand;
  readonly files: FilesStruct;
  readonly fs: FsStruct;
  readonly nsproxy: NsProxy;
  readonly cred: Credentials;
  readonly comm: string;
  /** Null for a task that leads its own group. */
  readonly groupLeader: Task | null;
  /** Null for the idle task, which is its own parent. */
  readonly realParent: Task | null;
}
