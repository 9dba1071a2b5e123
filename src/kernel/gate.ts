import { errnoNumber } from "../abi/errno.ts";
import { userPtr } from "../abi/pointer.ts";
import type { EntryEra, EntryPath } from "../arch/entry.ts";
import type { Handler } from "./call.ts";
import { type KernelCall, OUTSIDE } from "./kernel-call.ts";
import type { Machine } from "./machine.ts";
import { BLOCKED, isRestart, NO_RETURN, RESTART_SYS, type Result } from "./outcome.ts";
import { deliverSignals } from "./signal/deliver.ts";
import { hasPendingSignal } from "./signal/pending.ts";
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
    if (!waiting.interruptible || !hasPendingSignal(task)) {
      this.complete(task, BLOCKED);
      return;
    }
    task.blocked = null;
    this.interrupted(task, waiting);
  }

  /** Delivers the signals of a task in user mode. */
  interrupt(task: Task): void {
    this.become(task, task.path);
    this.k.nr = -1;
    deliverSignals(this.machine, task);
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
      if (task.blocked?.interruptible && hasPendingSignal(task)) this.machine.wake(task);
      return;
    }
    if (result === NO_RETURN) return;
    if (isRestart(result)) {
      this.machine.tracer?.exit(task, {
        kind: "restart",
        code: result === RESTART_SYS ? "ERESTARTSYS" : "ERESTARTNOINTR",
      });
      this.restart(task, this.k.path);
      return;
    }
    this.answer(task, this.outOfMemory(result));
    if (hasPendingSignal(task)) deliverSignals(this.machine, task);
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

  /** Signals first, then the same call again, unseen by the guest; a task that was stopped goes on when continued. */
  private restart(task: Task, path: EntryPath): void {
    const delivered = deliverSignals(this.machine, task);
    if (delivered === "killed") return;
    task.regs.setWord("ax", task.regs.lo("orig_ax"), task.regs.hi("orig_ax"));
    if (delivered === "stopped") task.restart = path;
    else this.enter(task, path);
  }

  /** A signal came to a task that waits: the wait goes on unless a handler ran that does not restart calls. */
  private interrupted(task: Task, blocked: NonNullable<Task["blocked"]>): void {
    const { machine } = this;
    const delivered = deliverSignals(machine, task);
    const over = delivered === "killed" || delivered === "handled-no-restart";
    if (over) blocked.abandon?.(machine, task, blocked.state as never);
    if (delivered === "killed") return;
    if (delivered === "handled-no-restart") {
      this.k.errno = "EINTR";
      this.k.used = true;
      this.answer(task, EINTR);
      return;
    }
    task.blocked = blocked;
    task.state = delivered === "stopped" ? "stopped" : "blocked";
    if (delivered !== "stopped") machine.wake(task);
  }
}
