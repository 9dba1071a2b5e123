import type { DataModel } from "../abi/data-model.ts";
import type { EntryPath } from "../arch/entry-path.ts";
import type { Machine } from "../kernel/machine.ts";
import { SIG } from "../kernel/task/signal-queue.ts";
import type { Task } from "../kernel/task/task.ts";
import type { FaultPlan } from "../mm/fault-plan.ts";
import { axesOf, type CallAxes } from "./axes.ts";
import type { Observation, StepSeen } from "./observation.ts";
import type { PlacedCall, PlacedObject } from "./placed-call.ts";
import type { Plan, PlanStep } from "./plan.ts";
import { FUZZ_ARCHS, type FuzzArch } from "./program.ts";
import { load, resultOf } from "./registers.ts";
import { resolve } from "./resolve.ts";
import { Stand } from "./stand.ts";
import { StepRecords } from "./step-records.ts";
import { NOBODY, SEVERAL, Tape } from "./tape.ts";
import type { FuzzTarget } from "./target.ts";
import { type Remains, tearDown } from "./tear-down.ts";
import { writeObject } from "./write-object.ts";

/** Turns of other tasks while the caller waits. */
const MOST_TURNS = 64;

/**
 * Runs programs on machines of its own and says what they did. The machine stays as a run left it until the next one:
 * detectors look at its memory meanwhile.
 */
export class Lab {
  readonly target: FuzzTarget;
  /** Every call to be tested, taken apart; a call with forms stands there once for each. */
  readonly calls: readonly CallAxes[];
  /** What the last run did to user memory. */
  readonly tape: Tape = new Tape();
  /** Runs so far. */
  runs = 0;
  /** Is told every program before it runs: who never comes back can still be asked what it was doing. */
  watch: ((plan: Plan) => void) | null = null;
  private readonly stands: Map<32 | 64, Stand> = new Map();
  private readonly seen: { steps: StepSeen[]; oops: Observation["oops"] } = { steps: [], oops: null };
  private readonly records: StepRecords = new StepRecords((call, arch) => this.placed(call, arch));
  /** The stand of the last run, while nobody has put it back; and whether that takes a restore. */
  private current: Stand | null = null;
  private touched = false;
  /** Outcomes that have changed what the quick look does not see. */
  private readonly changing: Set<number> = new Set();

  constructor(target: FuzzTarget) {
    this.target = target;
    const { registry } = this.standOf("x86_64").machine;
    const calls: CallAxes[] = [];
    for (const name of target.test) {
      const call = registry.get(name);
      if (call === undefined) throw new RangeError(`no call is called ${name}`);
      calls.push(...axesOf(call, registry.types, calls.length));
    }
    this.calls = calls.filter((call) => target.archs.some((arch) => this.placed(call, arch) !== null));
    if (this.calls.length === 0)
      throw new RangeError(`none of ${target.test.join(", ")} has a number under ${target.profile.name}`);
  }

  /** The machine of an architecture's programs. */
  standOf(arch: FuzzArch): Stand {
    const width = arch === "i386" ? 32 : 64;
    let stand = this.stands.get(width);
    if (stand === undefined) this.stands.set(width, (stand = new Stand(this.target, width)));
    return stand;
  }

  /** A call as an architecture lays it out; null when it has no number there. */
  placed(call: CallAxes, arch: FuzzArch): PlacedCall | null {
    return this.standOf(arch).call(call, arch);
  }

  /** The machine of the last run. */
  get machine(): Machine {
    return (this.current ?? this.standOf("x86_64")).machine;
  }

  /** Puts everything back to where programs begin, thoroughly, for callers of every width. */
  reset(): void {
    for (const stand of this.stands.values()) {
      stand.world.distrust();
      stand.restore();
    }
    this.current = null;
    this.touched = false;
  }

  /**
   * Runs a program from the start.
   * @param inject faults and observers for the step at `injectAt`, by default the first
   */
  run(plan: Plan, inject: FaultPlan | null = null, injectAt = 0): Observation {
    this.watch?.(plan);
    this.putBack();
    const arch = FUZZ_ARCHS[plan.arch] as FuzzArch;
    const stand = this.standOf(arch);
    this.current = stand;
    this.runs++;
    const { tape, seen } = this;
    tape.length = 0;
    seen.oops = null;
    seen.steps = this.prepare(plan, stand, stand.path(arch));
    if (plan.capable === false) stand.setCapable(false);
    stand.machine.uaccess.log = tape;
    if (this.target.counters !== null) this.target.counters.fill(0);
    stand.fingerprint.take();
    try {
      this.play(plan, stand, stand.path(arch), inject, injectAt);
    } catch (error) {
      this.touched = true;
      stand.world.distrust();
      seen.oops ??= { call: "outside the gate", error };
    }
    stand.machine.uaccess.log = null;
    return seen;
  }

  /** Lays a program's objects into memory, where {@link peek} sees them, and runs nothing. Good until the next run. */
  lay(plan: Plan): readonly StepSeen[] {
    this.putBack();
    const stand = this.standOf(FUZZ_ARCHS[plan.arch] as FuzzArch);
    this.current = stand;
    return this.prepare(plan, stand, stand.path(FUZZ_ARCHS[plan.arch] as FuzzArch));
  }

  /** What kernel memory is filled with from now on, when it is handed out. */
  set poison(byte: number) {
    for (const { machine } of this.stands.values()) machine.pool.poison = byte;
  }

  /** The data model of the last run's caller. */
  get model(): DataModel {
    return (this.current ?? this.standOf("x86_64")).main.path.model;
  }

  /** Numbers of tasks that exist where programs begin. */
  get pids(): readonly number[] {
    return [...this.stands.values()].flatMap((stand) => stand.pids);
  }

  /** What of the kernel's state is not as it was where programs begin; null when everything is. */
  stateDifference(): string | null {
    const stand = this.current;
    if (stand === null) return null;
    const difference = stand.difference();
    if (difference === null) return null;
    this.touched = true;
    for (const step of this.seen.steps) if (step.ran) this.changing.add(outcomeOf(step));
    return difference;
  }

  /** Runs a program, or none, and says what is left when everybody is gone. */
  remains(plan: Plan | null): Remains {
    const idle = plan === null;
    if (plan !== null) this.run(plan);
    else this.current ??= this.standOf("x86_64");
    const stand = this.current as Stand;
    if (idle && stand.remains !== null) return stand.remains;
    if (idle) stand.restore();
    this.touched = true;
    const left = tearDown(stand.machine);
    if (idle) stand.remains = left;
    return left;
  }

  /** Turns every bit of one byte of the caller's memory over: a racing writer. */
  flip(address: number): void {
    this.current?.world.flip(address);
  }

  /** Where in the caller's memory a byte is found first, from an address on; −1 for nowhere. */
  find(address: number, n: number, byte: number): number {
    return this.current?.world.find(address, n, byte) ?? -1;
  }

  /** One byte of the caller's memory as the last run left it; −1 where there is none. */
  peek(address: number): number {
    return this.current?.world.peek(address) ?? -1;
  }

  /** Bytes of the caller's memory as the last run left it; the filling where there is none to be seen. */
  bytes(address: number, n: number): Uint8Array {
    return (this.current ?? this.standOf("x86_64")).world.bytes(address, n);
  }

  /**
   * The pointer in whose object an address lies: an axis, or {@link NOBODY}; {@link SEVERAL} where objects lie on one
   * another, or one may reach that has no known end.
   */
  siteOf(step: StepSeen, address: number): number {
    const { objects } = step.call;
    const { values } = step;
    let found = NOBODY;
    let reached = false;
    for (let i = 0; i < objects.length; i++) {
      const axis = (objects[i] as PlacedObject).axis.index;
      const start = values.address[axis] as number;
      const size = values.size[axis] as number;
      // Nothing at NULL is nobody's: a word of 0 that is no pointer may come there.
      if (start < 0 || (start === 0 && size === 0)) continue;
      if (address < start) continue;
      if (address >= start + (size === 0 ? 1 : size)) {
        if (values.open[axis] === 1) reached = true;
        continue;
      }
      if (found !== NOBODY) return SEVERAL;
      found = axis;
    }
    return found === NOBODY && reached ? SEVERAL : found;
  }

  private putBack(): void {
    const stand = this.current;
    if (stand === null) return;
    if (this.touched || !stand.world.trusted) stand.restore();
    else {
      stand.world.restore();
      stand.setCapable(true);
    }
    this.touched = false;
    this.current = null;
  }

  /** Lays the objects of every step into memory. */
  private prepare(plan: Plan, stand: Stand, path: EntryPath): StepSeen[] {
    const steps = this.records.of(plan);
    for (const { step, call, values, firstSlot } of steps) {
      resolve(values, step.cells, call, path, firstSlot, stand.limit);
      for (const object of call.objects) if (object.read) writeObject(stand, object, step.cells, values);
    }
    return steps;
  }

  private play(plan: Plan, stand: Stand, path: EntryPath, inject: FaultPlan | null, injectAt: number): void {
    const { machine, main } = stand;
    const { seen } = this;
    const results: number[] | null = plan.steps.length > 1 ? [] : null;
    let at = 0;
    for (let i = 0; i < plan.steps.length; i++) {
      const step = plan.steps[i] as PlanStep;
      const record = seen.steps[at] as StepSeen;
      if (inject !== null && at === injectAt) machine.inject(inject);
      this.trap(stand, main, path, record, results);
      if (inject !== null) machine.inject(null);
      if (main.state === "blocked") this.drain(stand, path, seen.steps, at, step);
      if (!record.returned && main.state === "running") record.result = resultOf(main, path);
      this.finish(record, stand);
      if (results !== null) results.push(main.state === "running" ? resultOf(main, path) : 0);
      if (seen.oops !== null || main.state !== "running") break;
      at += countSteps(step);
    }
  }

  /** One entry, and what it comes to if it comes back at once. */
  private trap(
    stand: Stand,
    task: Task,
    path: EntryPath,
    record: StepSeen,
    results: readonly number[] | null,
  ): void {
    const { machine } = stand;
    const { tape } = this;
    record.ran = true;
    record.from = tape.length;
    load(task, path, record, results);
    machine.enter(task, path);
    record.to = tape.length;
    if (machine.oopses.length > 0) this.noteOops(machine);
    if (task.state !== "running" || machine.panicked !== null) {
      this.touched = true;
      return;
    }
    record.returned = true;
    const result = resultOf(task, path);
    record.result = result;
    if (result < 0 && result >= -4095) {
      const rung = machine.failedAt;
      record.rung = rung;
      record.rungIndex = rung === null ? -1 : (record.call.rungs.get(rung) ?? -1);
    }
    const { site, address } = tape;
    for (let i = record.from; i < record.to; i++) site[i] = this.siteOf(record, address[i] as number);
  }

  /** What the kernel wrote is noted, and whether its state has changed. */
  private finish(record: StepSeen, stand: Stand): void {
    const { tape } = this;
    for (let i = record.from; i < tape.length; i++)
      if (tape.write[i] === 1) stand.world.soil(tape.address[i] as number, tape.done[i] as number);
    if (this.changing.size > 0 && this.changing.has(outcomeOf(record))) this.touched = true;
    if (stand.fingerprint.same()) return;
    record.changed = !stand.fingerprint.sameButCursor();
    this.touched = true;
    stand.fingerprint.take();
  }

  private noteOops(machine: Machine): void {
    const [oops] = machine.oopses;
    this.touched = true;
    if (oops !== undefined) this.seen.oops = { call: oops.call, error: oops.error };
  }

  /** The caller waits: whatever tasks it has made go on, oldest first, until it can. */
  private drain(stand: Stand, path: EntryPath, steps: readonly StepSeen[], at: number, step: PlanStep): void {
    const { machine, main } = stand;
    this.touched = true;
    const todo = new Map<Task, number>();
    for (let turn = 0; turn < MOST_TURNS && main.state === "blocked" && machine.panicked === null; turn++) {
      let next: Task | null = null;
      for (const task of stand.made()) if (next === null && task.state === "running") next = task;
      if (next === null) return;
      const done = todo.get(next) ?? 0;
      if (done === 0) {
        machine.start(next);
        next.deathSignal = SIG.KILL;
      }
      todo.set(next, done + 1);
      const own = step.child[done];
      if (own === undefined) stand.exit(next, path);
      else {
        let place = at + 1;
        for (let i = 0; i < done; i++) place += countSteps(step.child[i] as PlanStep);
        this.trap(stand, next, path, steps[place] as StepSeen, null);
        (steps[place] as StepSeen).returned = false;
      }
      if (machine.oopses.length > 0) this.noteOops(machine);
    }
  }
}

/** A call and where it ended. */
function outcomeOf({ step, rungIndex, result }: StepSeen): number {
  return step.call.id * 512 + (result >= 0 ? 0 : 2 + rungIndex);
}

function countSteps(step: PlanStep): number {
  let n = 1;
  for (const inner of step.child) n += countSteps(inner);
  return n;
}
