import type { ErrnoName } from "../abi/errno.ts";
import type { Rung } from "../abi/ladder.ts";
import type { WritePtr } from "../abi/pointer.ts";
import type { Registry, TableEra } from "../abi/registry.ts";
import { kernelVersion } from "../abi/version.ts";
import type { ArchName } from "../arch/arch-name.ts";
import { NATIVE_PATHS } from "../arch/entry.ts";
import type { EntryPath } from "../arch/entry-path.ts";
import { RegsPool } from "../arch/pt-regs.ts";
import type { SyscallTable } from "../arch/table.ts";
import type { ArgSource } from "../arch/words.ts";
import type { AddressSpace } from "../mm/address-space.ts";
import type { FaultPlan } from "../mm/fault-plan.ts";
import type { FramePool } from "../mm/frames.ts";
import { Slab } from "../mm/slab.ts";
import { Uaccess } from "../mm/uaccess.ts";
import type { TableRow } from "./call.ts";
import { FILE_BYTES } from "./file/open-file.ts";
import { PIPE_BYTES } from "./file/pipe.ts";
import { Gate } from "./gate.ts";
import { KernelCall, OUTSIDE } from "./kernel-call.ts";
import { List } from "./list.ts";
import { NO_RETURN, type Result } from "./outcome.ts";
import { PidNamespace } from "./pid/namespace.ts";
import type { PidPolicy } from "./pid/policy.ts";
import type { Profile } from "./profile/profile.ts";
import { userLimitOf } from "./profile/user-limit.ts";
import { MachineSnapshot } from "./snapshot/machine-snapshot.ts";
import { isAlive } from "./task/alive.ts";
import { UserNamespace } from "./task/credentials.ts";
import { dieOfKill, exitTask, finishExit } from "./task/exit.ts";
import { SIG } from "./task/signal-queue.ts";
import type { Task } from "./task/task.ts";
import type { Tracer } from "./trace/tracer.ts";

/** A defect of trapgate that a guest ran into: never an errno, always reported. */
export interface Oops {
  readonly call: string;
  readonly tid: number;
  readonly error: unknown;
}

/** A security module's say on a new task: an errno that refuses it, or null (B-04). */
export type SecurityHook = (task: Task, flags: number) => ErrnoName | null;

/** What a machine is put together from; `boot` does it. */
export interface MachineParts {
  readonly arch: ArchName;
  readonly profile: Profile;
  readonly pool: FramePool;
  readonly registry: Omit<Registry, "add">;
  /** By the entry path's index; null for the ways another kernel has. */
  readonly tables: readonly (SyscallTable<TableRow> | null)[];
  /** Where the rows' arguments look. */
  readonly source: ArgSource;
  readonly pidPolicy: PidPolicy;
  readonly pidMax: number;
  readonly maxThreads: number;
}

/**
 * One emulated computer: memory, tasks, namespaces and the gate between them and their guests. It has no clock and
 * no randomness of its own: the same traps in the same order give the same answers and the same trace.
 */
export class Machine {
  readonly arch: ArchName;
  readonly profile: Profile;
  readonly pool: FramePool;
  /** Declarations, which machines may have in common: calls of your own are given to boot. */
  readonly registry: Omit<Registry, "add">;
  readonly uaccess: Uaccess;
  readonly regsPool: RegsPool;
  /** Open files (`files_stat`). */
  readonly filp: Slab;
  /** Pipes that have an end left. */
  readonly pipes: Slab;
  readonly pidPolicy: PidPolicy;
  readonly rootPidNs: PidNamespace;
  readonly rootUserNs: UserNamespace;
  /** Every task that has not been released, in the order they were made. */
  readonly tasks: List<Task> = new List();
  /** What the kernel answers about itself: empty unless trapgate has a defect. */
  readonly oopses: Oops[] = [];
  /** Why the machine stands still for good: the initial namespace's init has exited. */
  panicked: string | null = null;
  /** Tasks that exist, zombies included; held against {@link maxThreads} (B-07). */
  nrThreads = 0;
  maxThreads: number;
  /** The machine's memory in pages, as far as a mapping is refused for want of it; 16 GiB. */
  ramPages: number = 4_194_304;
  /** Faults to inject, set by {@link inject}; null for none. */
  plan: FaultPlan | null = null;
  tracer: Tracer | null = null;
  securityTaskCreate: SecurityHook | null = null;
  /** The profile as tables see it, its kernel as a comparable number. */
  readonly era: TableEra;
  private readonly tables: MachineParts["tables"];
  private readonly woken: List<Task> = new List();
  private readonly gate: Gate;
  private readonly call: KernelCall;
  private ids = 0;
  private idleTask: Task | null = null;
  private initTask: Task | null = null;

  constructor(parts: MachineParts, makeIdle: (machine: Machine) => Task) {
    this.arch = parts.arch;
    this.profile = parts.profile;
    this.pool = parts.pool;
    const { layout, model } = NATIVE_PATHS[parts.arch];
    this.regsPool = new RegsPool(layout);
    this.filp = new Slab(parts.pool, FILE_BYTES);
    this.pipes = new Slab(parts.pool, PIPE_BYTES);
    this.registry = parts.registry;
    this.era = { name: parts.profile.name, kernel: kernelVersion(parts.profile.kernel) };
    this.tables = parts.tables;
    this.pidPolicy = parts.pidPolicy;
    this.maxThreads = parts.maxThreads;
    this.rootUserNs = new UserNamespace(this.nextId(), null, 0, parts.profile.userNamespaces);
    this.rootPidNs = new PidNamespace({
      id: this.nextId(),
      parent: null,
      pidMax: parts.pidMax,
      userNs: this.rootUserNs,
    });
    this.uaccess = new Uaccess(this.pool, userLimitOf(this.profile, parts.arch), model.littleEndian);
    this.idleTask = makeIdle(this);
    this.call = new KernelCall(this, this.idleTask, parts.source, "generic");
    this.gate = new Gate(this, this.call);
  }

  /** The rung the last call failed at; null when it did not fail at one. */
  get failedAt(): Rung | null {
    return this.call.rung;
  }

  /** The swapper: number 0, parent of the first init, never runs. */
  get idle(): Task {
    if (this.idleTask === null) throw new Error("the machine has no idle task yet");
    return this.idleTask;
  }

  /** The first task: pid 1 of the initial namespace. */
  get init(): Task {
    if (this.initTask === null) throw new Error("the machine has no init yet");
    return this.initTask;
  }

  set init(task: Task) {
    this.initTask = task;
  }

  /**
   * Traps: `task` executes its system-call instruction with the registers as they are. When this returns, every task
   * that could go on has gone on; `task` itself may be waiting, stopped, or gone.
   * @param path how it comes in; by default the way of its own architecture
   * @throws RangeError when the task is not in user mode: it waits, is stopped, or has exited.
   */
  enter(task: Task, path: EntryPath = task.path): void {
    if (this.panicked !== null) return;
    if (task.state !== "running") throw notInUserMode(task);
    if (task.fresh === true) this.start(task);
    this.gate.enter(task, path);
    this.gate.leave();
    if (this.woken.head !== null) this.settle();
  }

  /** The task in the kernel right now; null while none is. */
  get current(): Task | null {
    return this.call.nr === OUTSIDE ? null : this.call.task;
  }

  /** `schedule_tail`: what a new task does before its first instruction (B-18). */
  start(task: Task): void {
    if (!task.fresh) return;
    task.fresh = false;
    if (task.setChildTid !== 0 && task.mm !== null) {
      this.putUser32(task.mm, task.setChildTid as WritePtr, task.tid);
    }
  }

  /** Lets every woken task go on until none can. */
  settle(): void {
    for (let next = this.woken.head; next !== null; next = this.woken.head) {
      const task = next.value;
      this.woken.remove(next);
      task.queued = false;
      if (this.panicked !== null) continue;
      if (task.state === "exiting" && task.pidNs.awaited === null) finishExit(this, task);
      if (!isAlive(task)) continue;
      if (task.state === "blocked") this.gate.resume(task);
      else if (task.state === "running") this.gate.interrupt(task);
      this.gate.leave();
    }
  }

  /** Ends one thread with SIGKILL at once, even one that waits for something no signal interrupts. */
  kill(task: Task): void {
    dieOfKill(this, task);
  }

  /** Puts a task on the list of those that {@link settle} looks at. */
  wake(task: Task): void {
    if (task.queued || !isAlive(task)) return;
    task.queued = true;
    this.woken.push(task);
  }

  /** An init that is {@link TaskState} exiting can go on: the last other number of its namespace is free. */
  wakeExiting(task: Task): void {
    if (task.queued) return;
    task.queued = true;
    this.woken.push(task);
  }

  /** A signal is pending for `task`: whoever can take it now is woken. */
  signalWake(task: Task): void {
    if (task === this.current) return;
    const { how } = task.blocked ?? {};
    if (task.state === "blocked" && how?.interruptible !== true) {
      if (how?.killable !== true || !task.pending.has(SIG.KILL)) return;
    }
    // A stopped task takes nothing but SIGKILL.
    if (task.state === "stopped") {
      if (task.pending.has(SIG.KILL)) this.continueTask(task);
      return;
    }
    this.wake(task);
  }

  /** A stopped task goes on: to the rest of its signals, and then where it was. */
  continueTask(task: Task): void {
    task.state = "running";
    this.wake(task);
  }

  /** A child has changed its state: wakes the threads of `parent`'s group that wait for it. */
  wakeWaiters(parent: Task, child: Task): void {
    for (const thread of parent.signal.threads) {
      if (thread.state === "blocked" && thread.blocked?.how.hears?.(child) === true) this.wake(thread);
    }
  }

  /** The numbers of an entry path's table. */
  tableOf(path: EntryPath): SyscallTable<TableRow> {
    const table = this.tables[path.index];
    if (table === undefined || table === null)
      throw new RangeError(`a ${this.arch} kernel has no entry ${path.name}`);
    return table;
  }

  /** The number of a call on a path in this era; undefined when it has none. */
  numberOf(name: string, path: EntryPath): number | undefined {
    return this.registry.number(name, path.table, this.era);
  }

  /** The task `ns` knows as `nr`; null when there is none. */
  find(ns: PidNamespace, nr: number): Task | null {
    return (ns.find(nr)?.task("pid") as Task | null | undefined) ?? null;
  }

  /** A number no other kernel object of this machine has. */
  nextId(): number {
    return ++this.ids;
  }

  /** A pid namespace one level below `parent`. */
  newPidNamespace(parent: PidNamespace, userNs: UserNamespace): PidNamespace {
    const { ceiling32, ceiling64 } = this.profile.pidMax;
    const pidMax = this.arch === "i386" ? ceiling32 : ceiling64;
    return new PidNamespace({ id: this.nextId(), parent, pidMax, userNs });
  }

  /** `mmput`: one user less; the last one frees every page. */
  putMm(mm: AddressSpace): void {
    if (--mm.users === 0) mm.release();
  }

  /** Stores a word in some task's memory while another may be current; a fault is ignored. */
  putUser32(mm: AddressSpace, at: WritePtr, value: number): void {
    const { uaccess } = this;
    const { mm: saved } = uaccess;
    uaccess.mm = mm;
    uaccess.putUser(at, 4, value);
    uaccess.mm = saved;
  }

  /** Injects faults from now on, into user accesses and every allocation; null stops it. */
  inject(plan: FaultPlan | null): void {
    this.plan = plan;
    this.pool.plan = plan;
    this.uaccess.plan = plan;
  }

  /** Keeps the whole state of this moment; `restore()` of what is returned goes back to it. */
  snapshot(): MachineSnapshot {
    return new MachineSnapshot(this);
  }

  /** The kernel cannot go on: every task stands still from now on. */
  panic(reason: string): void {
    this.panicked = `Kernel panic - not syncing: ${reason}`;
  }

  /** Records a defect and ends the task that met it. */
  oops(task: Task, call: string, error: unknown): Result {
    this.oopses.push({ call, tid: task.tid, error });
    this.tracer?.oops(task, error instanceof Error ? (error.stack ?? error.message) : String(error));
    exitTask(this, task, SIG.KILL, true);
    return NO_RETURN;
  }

  /** Reports a finished call to the tracer. */
  traceExit(task: Task, result: Result, k: KernelCall): void {
    if (k.errno === null) this.tracer?.exit(task, { kind: "value", value: result });
    else this.tracer?.exit(task, { kind: "error", errno: k.errno, rung: k.rung });
  }
}

function notInUserMode(task: Task): RangeError {
  return new RangeError(`task ${task.pid.numbers[0]} cannot trap: it is ${task.state}`);
}
