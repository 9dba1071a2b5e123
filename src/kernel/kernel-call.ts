import type { ErrnoFamily, ErrnoName } from "../abi/errno.ts";
import { errnoNumber } from "../abi/errno.ts";
import type { Rung } from "../abi/ladder.ts";
import { layoutOf, type StructDecl, type StructLayout } from "../abi/struct.ts";
import type { Word64 } from "../abi/word64.ts";
import type { EntryPath } from "../arch/entry-path.ts";
import type { SyscallTable } from "../arch/table.ts";
import { type ArgSource, rawWord } from "../arch/words.ts";
import type { FramePool } from "../mm/frames.ts";
import type { Uaccess } from "../mm/uaccess.ts";
import type { BlockedCall, Call, Resume, TableRow, Waiting } from "./call.ts";
import type { Machine } from "./machine.ts";
import { BLOCKED, type Result } from "./outcome.ts";
import type { Profile } from "./profile/profile.ts";
import type { Task } from "./task/task.ts";

/** Thrown for a defect of trapgate itself; the gate turns it into an oops. */
export class KernelBug extends Error {}

/** Instead of a number: nobody is making a call. */
export const OUTSIDE = -2;

/**
 * The one {@link Call} of a machine: the gate points it at a task and a table row before each handler runs, so
 * entering the kernel allocates nothing.
 */
export class KernelCall implements Call {
  readonly machine: Machine;
  readonly uaccess: Uaccess;
  readonly pool: FramePool;
  readonly view: DataView;
  readonly profile: Profile;
  private readonly errnoFamily: ErrnoFamily;
  task: Task;
  path: EntryPath;
  /** The table of {@link path}. */
  table: SyscallTable<TableRow>;
  /** The number asked for; −1 for one beyond every table, {@link OUTSIDE} while no task is in the kernel. */
  nr: number = OUTSIDE;
  /** Where the arguments of every table row are read. */
  readonly source: ArgSource;
  /** The rung the call failed with, for traces and tests; null after a success. */
  rung: Rung | null = null;
  errno: ErrnoName | null = null;
  /** Something below has been touched since {@link reset}; most calls touch nothing. */
  used = false;

  constructor(machine: Machine, task: Task, source: ArgSource, errnoFamily: ErrnoFamily) {
    this.machine = machine;
    this.uaccess = machine.uaccess;
    this.pool = machine.pool;
    this.view = machine.pool.view;
    this.profile = machine.profile;
    this.task = task;
    this.path = task.path;
    this.source = source;
    this.table = machine.tableOf(task.path);
    this.errnoFamily = errnoFamily;
  }

  /** The call under way. */
  get row(): TableRow {
    return this.table.get(this.nr);
  }

  /** The calls from now on are `task`'s, through `path`. @throws RangeError when this kernel has no such path */
  pointAt(task: Task, path: EntryPath): void {
    this.table = this.machine.tableOf(path);
    this.path = path;
    this.task = task;
    this.source.regs = task.regs;
  }

  fail(id: string): Result {
    const failure = this.row.failures.get(id);
    if (failure === undefined) {
      throw new KernelBug(`${this.row.call.name} failed with a rung it does not declare: ${id}`);
    }
    this.rung = failure.rung;
    this.errno = failure.errno;
    this.used = true;
    return failure.value;
  }

  failWith(id: string, errno: ErrnoName): Result {
    this.fail(id);
    this.errno = errno;
    return -errnoNumber(errno, this.errnoFamily);
  }

  /** Forgets the last call: its rung, its sixth argument, its scratch memory. */
  reset(): void {
    this.rung = null;
    this.errno = null;
    this.source.sixth = 0;
    this.pool.kreset();
    this.used = false;
  }

  kalloc(bytes: number): number {
    return this.pool.kalloc(bytes);
  }

  kstack(bytes: number): number {
    return this.pool.kstack(bytes);
  }

  layout(struct: StructDecl): StructLayout {
    return layoutOf(struct, this.path.model, this.machine.registry.types);
  }

  word(name: string): Word64 {
    const order = this.row.call.argOrder(this.path.convention.cloneOrder);
    const i = order.indexOf(name);
    if (i < 0) throw new KernelBug(`${this.row.call.name} has no argument ${name}`);
    return rawWord(this.path, this.task.regs, i, this.source.sixth);
  }

  allocate(site: string): boolean {
    const { plan } = this.machine;
    return plan === null || plan.allocate(site);
  }

  block<S>(resume: Resume<string, S>, state: S, how: Waiting<S>): Result {
    const blocked: BlockedCall = {
      nr: this.nr,
      path: this.path,
      resume: resume as unknown as BlockedCall["resume"],
      state,
      how,
    };
    this.task.blocked = blocked;
    return BLOCKED;
  }
}
