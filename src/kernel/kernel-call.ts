import type { ErrnoFamily, ErrnoName } from "../abi/errno.ts";
import { errnoNumber } from "../abi/errno.ts";
import type { Rung } from "../abi/ladder.ts";
import { layoutOf, type StructDecl, type StructLayout } from "../abi/struct.ts";
import type { Word64 } from "../abi/word64.ts";
import type { EntryPath } from "../arch/entry.ts";
import { rawWord } from "../arch/words.ts";
import type { Uaccess } from "../mm/uaccess.ts";
import type { BlockedCall, Call, Resume, TableRow } from "./call.ts";
import type { Machine } from "./machine.ts";
import { BLOCKED, type Result } from "./outcome.ts";
import type { Profile } from "./profile/profile.ts";
import type { Task } from "./task/task.ts";

/** Thrown for a defect of trapgate itself; the gate turns it into an oops. */
export class KernelBug extends Error {}

/**
 * The one {@link Call} of a machine: the gate points it at a task and a table row before each handler runs, so
 * entering the kernel allocates nothing.
 */
export class KernelCall implements Call {
  readonly machine: Machine;
  readonly uaccess: Uaccess;
  readonly view: DataView;
  readonly profile: Profile;
  private readonly errnoFamily: ErrnoFamily;
  task: Task;
  path: EntryPath;
  row: TableRow | null = null;
  /** The sixth argument where it came from the user's stack (N-10). */
  sixth = 0;
  /** The rung the call failed with, for traces and tests; null after a success. */
  rung: Rung | null = null;
  errno: ErrnoName | null = null;
  /** Something below has been touched since {@link reset}; most calls touch nothing. */
  used = false;

  constructor(machine: Machine, task: Task, errnoFamily: ErrnoFamily) {
    this.machine = machine;
    this.uaccess = machine.uaccess;
    this.view = machine.pool.view;
    this.profile = machine.profile;
    this.task = task;
    this.path = task.path;
    this.errnoFamily = errnoFamily;
  }

  fail(id: string): Result {
    const failure = this.row?.failures.get(id);
    if (failure === undefined) {
      throw new KernelBug(
        `${this.row?.call.name ?? "no call"} failed with a rung it does not declare: ${id}`,
      );
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
    this.sixth = 0;
    this.machine.pool.kreset();
    this.used = false;
  }

  kalloc(bytes: number): number {
    return this.machine.pool.kalloc(bytes);
  }

  kstack(bytes: number): number {
    return this.machine.pool.kstack(bytes);
  }

  layout(struct: StructDecl): StructLayout {
    return layoutOf(struct, this.path.model, this.machine.registry.types);
  }

  word(name: string): Word64 {
    const order = this.row?.call.argOrder(this.path.convention.cloneOrder) ?? [];
    const i = order.indexOf(name);
    if (i < 0) throw new KernelBug(`${this.row?.call.name ?? "no call"} has no argument ${name}`);
    return rawWord(this.path, this.task.regs, i, this.sixth);
  }

  allocate(site: string): boolean {
    const { plan } = this.machine;
    return plan === null || plan.allocate(site);
  }

  block<S>(resume: Resume<string, S>, state: S, how: { readonly interruptible: boolean }): Result {
    if (this.row === null) throw new KernelBug("a task blocked outside a call");
    const blocked: BlockedCall = {
      row: this.row,
      path: this.path,
      resume: resume as unknown as BlockedCall["resume"],
      state,
      interruptible: how.interruptible,
    };
    this.task.blocked = blocked;
    return BLOCKED;
  }
}
