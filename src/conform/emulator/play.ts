import type { EntryPath } from "../../arch/entry-path.ts";
import type { Machine } from "../../kernel/machine.ts";
import { SIG } from "../../kernel/task/signal-queue.ts";
import type { Task } from "../../kernel/task/task.ts";
import { PAGE_SIZE } from "../../mm/frames.ts";
import type { Answer, ChangedWord, RawResult, SpokenRung } from "../answer.ts";
import { mainlineName, numberExisted } from "../mainline.ts";
import { changedWords } from "../memory-words.ts";
import { startOf } from "../start-memory.ts";
import type { Arg, Range, SysOperation, Vector } from "../vector.ts";
import { operationsOf } from "../vector.ts";
import { addressOfWord, wordOf } from "../words.ts";
import { Actor } from "./actor.ts";
import { captureRegisters, cut, loadRegisters, resultOf } from "./registers.ts";
import { type Stage, Unplayable } from "./stage.ts";

/**
 * Plays a case on a machine that stands at its start. Of the tasks that could go on, the oldest does: a parent runs
 * until it blocks, and its children after it.
 */
export class Play {
  private readonly vector: Vector;
  private readonly machine: Machine;
  private readonly path: EntryPath;
  private readonly exitNr: number;
  private readonly stage: Stage;
  private readonly main: Actor;
  private readonly actors: Actor[];
  private readonly known: Set<Task>;
  private readonly results: Record<string, RawResult> = {};
  private readonly memory: Record<string, readonly ChangedWord[]> = {};
  private readonly pids: Record<string, readonly number[]> = {};
  private readonly regs: Record<string, Record<string, bigint>> = {};
  private readonly rungs: Record<string, SpokenRung> = {};
  private readonly unsupported: Set<string> = new Set();
  private readonly self: number;
  private readonly parent: number;
  private completed = false;

  constructor(vector: Vector, stage: Stage) {
    this.vector = vector;
    this.machine = stage.machine;
    this.path = stage.path;
    this.exitNr = stage.exitNr;
    this.stage = stage;
    this.main = new Actor("main", stage.main, vector.program, null);
    this.actors = [this.main];
    this.known = new Set(stage.machine.tasks);
    this.self = stage.main.tgid;
    this.parent = stage.main.realParent.nrIn(stage.main.pidNs);
    for (const operation of operationsOf(vector.program))
      if (operation.op === "sys") this.results[operation.label] = { notReached: true };
  }

  /** Plays to the end. @throws Unplayable when the case asks for what cannot be done */
  play(): Answer {
    const { machine, main } = this;
    for (;;) {
      const actor = this.actors.find((each) => each.ready);
      if (actor === undefined || machine.panicked !== null || main.task.signal.live === 0) break;
      this.step(actor);
    }
    const { task } = main;
    const [oops] = machine.oopses;
    return {
      results: this.results,
      memory: this.memory,
      pids: this.pids,
      regs: this.regs,
      rungs: this.rungs,
      mainCompleted: this.completed,
      mainWaitStatus: task.signal.live === 0 ? (task.signal.groupExitStatus ?? task.exitStatus) : null,
      self: this.self,
      parent: this.parent,
      ...(this.unsupported.size > 0 ? { unsupported: [...this.unsupported] } : {}),
      ...(oops === undefined ? {} : { defect: `${oops.call}: ${oops.error}` }),
    };
  }

  /** The label of the call that the task with these numbers is in; null for one that is no operation of the case. */
  labelOf(pids: readonly number[]): string | null {
    const caller = this.actors.find(
      ({ task, pending }) => pending !== null && task.pidNumbers().join() === pids.join(),
    );
    return caller?.pending?.label ?? null;
  }

  private step(actor: Actor): void {
    if (!actor.started) this.begin(actor);
    const operation = actor.list[actor.next++];
    if (operation === undefined) this.end(actor);
    else if (operation.op === "nspid") {
      const of = this.actors.find((each) => each.name === operation.of)?.task;
      if (of !== undefined && of.state !== "dead") this.pids[operation.of] = of.pidNumbers();
    } else this.call(actor, operation);
    this.collect();
  }

  /** What a created task does before its list. */
  private begin(actor: Actor): void {
    const { task, maker } = actor;
    actor.started = true;
    this.machine.start(task);
    if (maker === null) {
      task.deathSignal = SIG.KILL;
      return;
    }
    if (maker.captureChildRegs === true)
      this.regs[`child:${maker.label}`] = captureRegisters(task.regs, this.vector.arch);
    if (maker.childSharesVm !== true && maker.noPdeathsig !== true) task.deathSignal = SIG.KILL;
  }

  private call(actor: Actor, operation: SysOperation): void {
    const { task } = actor;
    const { arch } = this.vector;
    const { convention } = this.path;
    loadRegisters(task.regs, operation, arch);
    for (const [i, arg] of operation.args.entries())
      task.regs.set(convention.args[i] as string, cut(this.argument(arg), arch));
    const number = wordOf(operation.nr);
    task.regs.set(convention.number, cut(number, arch));
    actor.pending = operation;
    // A fork that was interrupted and stopped starts again when it is continued: by somebody else's call.
    const restarting = this.actors.filter((each) => each.task.restart !== null && each.pending?.child);
    this.machine.enter(task, this.path);
    this.noteRung(operation.label, Number(BigInt.asIntN(32, number)));
    this.welcome(actor, restarting);
    this.noteUnsupported(Number(BigInt.asIntN(32, number)));
  }

  private noteRung(label: string, nr: number): void {
    const { machine, path } = this;
    const rung = machine.failedAt;
    if (rung === null) return;
    const { name } = machine.tableOf(path).get(nr).call;
    this.rungs[label] = { call: name, rung: rung.id };
  }

  private argument(arg: Arg): bigint {
    if (typeof arg !== "object") return wordOf(arg);
    const result = this.results[arg.ret];
    return result !== undefined && "ret" in result ? BigInt.asUintN(64, result.ret) : 0n;
  }

  /** Gives the tasks that came into being since the caller trapped their lists. */
  private welcome(caller: Actor, restarting: readonly Actor[]): void {
    for (const task of this.machine.tasks) {
      if (this.known.has(task)) continue;
      this.known.add(task);
      const other = restarting.find((actor) => actor.task.restart === null);
      const maker = (other ?? caller).pending;
      if (!maker?.child)
        throw new Unplayable(`${maker?.label} makes a task and has no list for it: add "child":[]`);
      this.actors.push(new Actor(maker.label, task, maker.child, maker));
    }
  }

  /** A number that a real kernel answers to and this one does not. */
  private noteUnsupported(nr: number): void {
    const { machine, path, vector } = this;
    if (Object.keys(machine.tableOf(path).get(nr).call.decl.numbers).length > 0) return;
    const name = mainlineName(vector.arch, nr);
    if (name !== undefined && numberExisted(vector.arch, nr, machine.profile.kernel))
      this.unsupported.add(name);
  }

  /** Takes the results of calls that have returned. */
  private collect(): void {
    for (const actor of this.actors) {
      const { pending, task } = actor;
      if (pending === null || task.state !== "running") continue;
      actor.pending = null;
      const bits = this.vector.arch === "i386" ? 32 : 64;
      this.results[pending.label] = { ret: resultOf(this.path, task.regs, bits) };
      if (pending.captureRegs === true)
        this.regs[pending.label] = captureRegisters(task.regs, this.vector.arch);
    }
  }

  /** The end of a list: the dump, where one is asked for, and `exit`. */
  private end(actor: Actor): void {
    const { maker, task } = actor;
    if (maker === null) this.completed = true;
    if ((maker === null || maker.childDump === true) && this.vector.dump.length > 0)
      this.memory[actor.name] = this.vector.dump.flatMap((range) => this.changed(task, range));
    task.regs.set(this.path.convention.number, this.exitNr);
    task.regs.set(this.path.convention.args[0] as string, maker?.childExit ?? 0);
    actor.exiting = true;
    this.machine.enter(task, this.path);
  }

  private changed(task: Task, range: Range): ChangedWord[] {
    const { images, scratch } = this.stage;
    const addr = addressOfWord(range.addr);
    const start = startOf(this.vector, addr, range.size, images);
    const now = scratch.take(range.size);
    now.set(start);
    for (let at = 0; at < range.size; ) {
      const run = Math.min(range.size - at, PAGE_SIZE - ((addr + at) % PAGE_SIZE));
      task.mm?.peek(addr + at, now.subarray(at, at + run));
      at += run;
    }
    return changedWords(addr, start, now, this.path.model.littleEndian);
  }
}
