import { errnoNumber } from "../abi/errno.ts";
import { userPtr } from "../abi/pointer.ts";
import type { EntryEra, EntryPath } from "../arch/entry-path.ts";
import type { BlockedCall, Handler, Restart } from "./call.ts";
import { type KernelCall, OUTSIDE } from "./kernel-call.ts";
import type { Machine } from "./machine.ts";
import { BLOCKED, isRestart, NO_RETURN, RESTART_SYS, type Result, STORED } from "./outcome.ts";
import { deliverSignals } from "./signal/deliver.ts";
import { setMask } from "./signal/mask.ts";
import { hasFatalSignal, hasPendingSignal } from "./signal/pending.ts";
import type { SignalSet } from "./task/sigmask.ts";
import type { Task } from "./task/task.ts";

const EFAULT = -errnoNumber("EFAULT");
const ENOMEM = -errnoNumber("ENOMEM");
const EINTR = -errnoNumber("EINTR");

/**
 * The way in and out of the emulated kernel: number to table row, row to handler, outcome to registers. Signals are
 * delivered on the way out. Nothing a guest does makes it throw.
 */
export class Gate {
  private readonly machine: Machine;
  private readonly k: KernelCall;
  private readonly era: EntryEra;

  constructor(machine: Machine, k: KernelCall) {
    this.machine = machine;
    this.k = k;
    this.era = machine.profile.entry;
  }

  /** One trap of `task` through `path`, until the task is back in user mode, waits, stops, or is gone. */
  enter(task: Task, path: EntryPath): void {
    const { k } = this;
    const { regs } = task;
    this.become(task, path);
    const nr = path.begin(regs, this.era);
    k.nr = nr;
    if (this.machine.tracer !== null || path.sixthOnStack === true) {
      this.enterObserved(task, path);
      return;
    }
    let result: Result;
    try {
      const { handler, args } = k.table.get(nr);
      result = handler(k, args as never);
    } catch (error) {
      result = this.oops(error);
    }
    // The common way out; everything else is in complete().
    if (result >= 0 && task.sigpending === false) path.finish(regs, result);
    else this.complete(task, result);
  }

  /** As {@link enter} from the look at the sixth argument on, with the records of a trace. */
  private enterObserved(task: Task, path: EntryPath): void {
    const { k } = this;
    if (path.sixthOnStack && !this.readSixth(task)) {
      path.finish(task.regs, EFAULT);
      return;
    }
    const { row } = k;
    this.machine.tracer?.enter(task, row.call, path, k.nr, k.source.sixth);
    this.complete(task, this.call(row.handler, row.args as never));
  }

  /** No task is in the kernel any more. */
  leave(): void {
    this.k.nr = OUTSIDE;
  }

  /** Goes on with the call a woken task waits in. */
  resume(task: Task): void {
    const { blocked } = task;
    if (blocked === null) return;
    this.become(task, blocked.path);
    this.k.nr = blocked.nr;
    task.blocked = null;
    task.state = "running";
    const result = this.call(blocked.resume as Handler, blocked.state as never);
    if (result !== BLOCKED) {
      this.complete(task, result);
      return;
    }
    // Not yet: it waits on as it did, unless a signal came. One that came with what was waited for ends no wait.
    const waiting = task.blocked ?? blocked;
    task.blocked = waiting;
    if (!endsWait(task, waiting)) {
      this.complete(task, BLOCKED);
      return;
    }
    task.blocked = null;
    const { path, how } = waiting;
    const code = how.restart ?? "ERESTARTSYS";
    this.cutShort(task, { code, path, blocked: how.anew === true ? null : waiting, outcome: null });
  }

  /** Delivers the signals of a task in user mode, or on its way there. */
  interrupt(task: Task): void {
    this.machine.start(task);
    this.become(task, task.restart?.path ?? task.path);
    this.k.nr = -1;
    this.deliver(task);
  }

  /** Points the kernel at a task; most calls come from the one it points at already. */
  private become(task: Task, path: EntryPath): void {
    const { k } = this;
    if (k.task !== task || k.path !== path) k.pointAt(task, path);
    if (k.used === true || k.pool.scratchUsed === true) k.reset();
    k.uaccess.begin(task.mm);
  }

  /** N-10: the sixth argument of sysenter is the word ebp points at; a fault there comes before the table. */
  private readSixth(task: Task): boolean {
    const { uaccess } = this.machine;
    const ok = uaccess.getUser(userPtr(task.regs.lo("bp")), 4);
    if (ok) this.k.source.sixth = uaccess.lo;
    this.k.used = true;
    return ok;
  }

  private call(handler: Handler, args: never): Result {
    try {
      return handler(this.k, args);
    } catch (error) {
      return this.oops(error);
    }
  }

  private oops(error: unknown): Result {
    const { task, row } = this.k;
    return this.machine.oops(task, row.call.name, error);
  }

  private complete(task: Task, result: Result): void {
    if (result === BLOCKED) {
      this.k.path.preset(task.regs);
      task.state = "blocked";
      // What the task waits for may have come while it went to sleep.
      if (task.blocked !== null && endsWait(task, task.blocked)) this.machine.wake(task);
      return;
    }
    if (result === NO_RETURN) return;
    if (isRestart(result)) {
      const code = result === RESTART_SYS ? "ERESTARTSYS" : "ERESTARTNOINTR";
      this.machine.tracer?.exit(task, { kind: "restart", code });
      this.cutShort(task, { code, path: this.k.path, blocked: null, outcome: null });
      return;
    }
    if (result === STORED) this.machine.tracer?.exit(task, { kind: "value", value: this.stored(task) });
    else this.answer(task, this.outOfMemory(result));
    if (hasPendingSignal(task)) this.deliver(task);
  }

  /** The low word of a result that the handler has put into its register itself. */
  private stored({ regs }: Task): number {
    return regs.u32[regs.base + this.k.path.resultIndex] as number;
  }

  /** Contract 5: user memory that could not be backed by a frame is a lack of memory, not a bad address. */
  private outOfMemory(result: Result): Result {
    if (result !== EFAULT || !this.machine.uaccess.outOfFrames) return result;
    this.k.rung = null;
    this.k.errno = "ENOMEM";
    this.k.used = true;
    return ENOMEM;
  }

  private answer(task: Task, result: Result): void {
    const { k, machine } = this;
    k.path.finish(task.regs, result);
    if (machine.tracer === null) return;
    machine.traceExit(task, result, k);
  }

  /** A signal came before a call was done: signals first, then what the first handler lets become of the call. */
  private cutShort(task: Task, restart: Restart): void {
    task.restart = restart;
    this.deliver(task);
  }

  /** exit_to_user_mode_loop: signals until there is none, then the task is where it was, or in its call again. */
  private deliver(task: Task): void {
    do if (deliverSignals(this.machine, task) !== "returns") return;
    while (task.savedSigmask !== null && this.restoreMask(task, task.savedSigmask));
    const { restart } = task;
    task.restart = null;
    if (restart === null) return;
    if (restart.outcome === "interrupted") this.endInterrupted(task, restart);
    else if (restart.blocked !== null) this.waitOn(task, restart.blocked);
    else {
      restart.path.rewind(task.regs);
      this.enter(task, restart.path);
    }
  }

  /** What sigsuspend changed is as it was. Whether that lets a signal through: the call begins anew after it. */
  private restoreMask(task: Task, mask: SignalSet): boolean {
    task.savedSigmask = null;
    if (task.restart !== null) task.restart.outcome ??= "restarted";
    setMask(this.machine, task, mask);
    return hasPendingSignal(task);
  }

  private endInterrupted(task: Task, { blocked }: Restart): void {
    blocked?.how.abandon?.(this.machine, task, blocked.state as never);
    this.k.errno = "EINTR";
    this.k.used = true;
    this.answer(task, EINTR);
  }

  /** The wait begins again: what it waits for may have come meanwhile. */
  private waitOn(task: Task, blocked: BlockedCall): void {
    task.blocked = blocked;
    task.state = "blocked";
    this.machine.wake(task);
  }
}

/** Whether a signal that is pending ends a wait: any, where it is interruptible, else SIGKILL at the most. */
function endsWait(task: Task, { how }: BlockedCall): boolean {
  if (how.interruptible) return hasPendingSignal(task);
  return how.killable === true && hasFatalSignal(task);
}
