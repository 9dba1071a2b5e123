import { expect } from "vitest";
import { CLONE } from "../../../../src/abi/structs/index.ts";
import { Guest, type Task } from "../../../../src/kernel/index.ts";
import type { PidNamespace } from "../../../../src/kernel/pid/namespace.ts";
import { Lab3 } from "../../support/clone3.ts";
import type { Era } from "../../support/eras.ts";
import { become, Lab, SCRATCH } from "../../support/lab.ts";
import { GONE, WAITS } from "./calls.ts";
import { type CloneFlags, candidates, reap, settleLeaving, statusOf } from "./life.ts";
import type { Group, Space, Thread, World } from "./world.ts";

/** The machine beside the model. */
export class Real {
  readonly lab: Lab;
  private readonly today: Lab3 | null;

  constructor(era: Era, limits: { readonly pidMax: number; readonly maxThreads: number }) {
    this.today = era.profile.startsWith("clone3") ? new Lab3(era, limits) : null;
    this.lab = this.today ?? new Lab(era, limits);
    this.lab.machine.tracer = null;
    this.lab.caller.writeInts(SCRATCH, [0]);
  }

  /** The task a thread of the model stands for. */
  task(thread: Thread): Task {
    const { machine } = this.lab;
    const task = machine.find(machine.rootPidNs, thread.id.numbers[0] ?? 0);
    if (task === null) throw new Error(`the machine has no task ${thread.id.numbers}`);
    return task;
  }

  /** Whether the machine still has a group's leader, alive or a zombie. */
  has(group: Group): boolean {
    const { machine } = this.lab;
    return machine.find(machine.rootPidNs, group.id.numbers[0] ?? 0) !== null;
  }

  guest(thread: Thread): Guest {
    return new Guest(this.lab.machine, this.task(thread));
  }

  /** Makes a call and says how it went, in the model's words. */
  call(thread: Thread, name: string, args: Record<string, number>): number | string {
    const guest = this.guest(thread);
    return this.answer(guest, guest.call(name, args));
  }

  private answer(guest: Guest, result: number | null): number | string {
    if (result !== null) return guest.errno(result) ?? result;
    return guest.task.state === "blocked" ? WAITS : GONE;
  }

  clone(thread: Thread, flags: CloneFlags, pids: readonly number[] | null): number | string {
    const guest = this.guest(thread);
    const bits =
      (flags.thread ? CLONE.THREAD : 0) |
      (flags.sighand ? CLONE.SIGHAND : 0) |
      (flags.vm ? CLONE.VM : 0) |
      (flags.parent ? CLONE.PARENT : 0) |
      (flags.newpid ? CLONE.NEWPID : 0) |
      (flags.vfork ? CLONE.VFORK : 0);
    if (this.today !== null && pids !== null) {
      const exitSignal = flags.thread || flags.parent ? 0 : flags.signal;
      return this.answer(guest, this.today.clone3({ flags: bits, exitSignal, tids: pids }, guest));
    }
    const wish = { flags: bits, signal: flags.signal, ...(pids === null ? {} : { pids }) };
    const { pid_set, ...args } = this.lab.prepare(wish, guest) as Record<string, number>;
    return pids === null
      ? this.call(thread, "clone", args)
      : this.call(thread, "clone_with_pids", { ...args, pid_set: pid_set ?? 0 });
  }

  /** Where a thread's waits store the status: a place of its own, since memory may be shared. */
  statusAt(thread: Thread): number {
    return SCRATCH + 4 * ((thread.id.numbers[0] ?? 0) % 1000);
  }

  dropCapabilities(group: Group): void {
    const { machine } = this.lab;
    for (const thread of group.threads) become(new Guest(machine, this.task(thread)), 0, []);
  }
}

/**
 * Compares everything. Waits that the machine has ended are ended in the model, with any answer the rules allow: which of
 * several zombies a wait reports, and which of two waiting threads has it, no rule says.
 */
export function agree(world: World, real: Real): void {
  settleLeaving(world);
  endWaits(world, real);
  settleDoubts(world, real);
  settleLeaving(world);
  expect(real.lab.machine.oopses).toEqual([]);
  expect(tasksOf(real)).toEqual(tasksIn(world));
  for (const thread of world.threads) compareThread(thread, real);
  for (const [space, ns] of spaces(world, real)) {
    const used = [...world.identities].map((id) => world.numberIn(id, space)).filter((nr) => nr !== 0);
    const seen = [...ns.pids()].map((pid) => pid.nrIn(ns)).filter((nr) => nr !== 0);
    expect(seen).toEqual([...new Set(used)].sort((a, b) => a - b));
    expect(ns.lastPid).toBe(space.last);
  }
}

/** A zombie that was reported: the model's group, by the number the waiter was told. */
export function report(world: World, waiter: Thread, told: number | string, status: number): void {
  const { waiting } = waiter;
  if (waiting === null) throw new Error("nobody waits");
  waiter.waiting = null;
  const fitting = candidates(world, waiter, waiting);
  if (typeof told === "string") {
    expect([told, fitting.length]).toEqual(["ECHILD", 0]);
    return;
  }
  const zombie = fitting.find((g) => world.isZombie(g) && world.numberIn(g.id, waiter.id.space) === told);
  expect(zombie, `${told} is no zombie to be reported`).toBeDefined();
  if (zombie === undefined) return;
  expect(status).toBe(statusOf(zombie));
  reap(world, zombie);
  settleLeaving(world);
}

function endWaits(world: World, real: Real): void {
  const ended = world.threads.filter((t) => t.waiting !== null && real.task(t).state === "running");
  const told = (thread: Thread): number | string => {
    const guest = real.guest(thread);
    return guest.errno(guest.result) ?? guest.result;
  };
  // Those that report a zombie first: they leave the others without.
  for (const thread of ended.filter((t) => typeof told(t) === "number")) {
    report(world, thread, told(thread), real.guest(thread).readInt(real.statusAt(thread)));
  }
  for (const thread of ended.filter((t) => t.waiting !== null)) report(world, thread, told(thread), 0);
  for (const thread of world.threads) {
    // A child that changes its group wakes nobody: such a wait may sleep on for nothing.
    if (thread.waiting === null || thread.waiting.kind === "group") continue;
    const fitting = candidates(world, thread, thread.waiting);
    expect(fitting.map((g) => world.isZombie(g)).sort()).toEqual(fitting.map(() => false));
    expect(fitting.length).toBeGreaterThan(0);
  }
}

/** Each wait that died had one zombie at most; the machine says which. */
function settleDoubts(world: World, real: Real): void {
  for (const doubtful of world.doubtful) {
    const missing = doubtful.find((g) => world.groups.includes(g) && world.isZombie(g) && !real.has(g));
    if (missing !== undefined) reap(world, missing);
  }
  world.doubtful = [];
}

function compareThread(thread: Thread, real: Real): void {
  const task = real.task(thread);
  expect(task.pidNumbers()).toEqual(thread.id.numbers);
  const waits = thread.waiting !== null || thread.vfork !== null;
  expect([task.pidNumbers(), task.state]).toEqual([thread.id.numbers, waits ? "blocked" : "running"]);
  if (thread.answer === null) return;
  expect(real.guest(thread).result).toBe(thread.answer);
  thread.answer = null;
}

function tasksIn(world: World): string[] {
  const leaders = world.groups
    .filter((g) => !g.threads.some((t) => t.id === g.id))
    .map((g) => `${g.id.numbers} ${g.leaving ? "leaving" : "zombie"}`);
  return [...leaders, ...world.threads.map((t) => `${t.id.numbers} alive`)].sort();
}

const STATES: Readonly<Partial<Record<Task["state"], string>>> = { exiting: "leaving", zombie: "zombie" };

function tasksOf(real: Real): string[] {
  return [...real.lab.machine.tasks].map((t) => `${t.pidNumbers()} ${STATES[t.state] ?? "alive"}`).sort();
}

/** Every space somebody lives in, with the machine's namespace. */
function spaces(world: World, real: Real): Map<Space, PidNamespace> {
  const found = new Map<Space, PidNamespace>();
  for (const thread of world.threads) {
    let ns: PidNamespace | null = real.task(thread).pidNs;
    for (let space: Space | null = thread.id.space; space !== null; space = space.above) {
      expect(ns?.level).toBe(space.level);
      if (ns === null) break;
      expect(found.get(space) ?? ns).toBe(ns);
      found.set(space, ns);
      ns = ns.parent;
    }
  }
  return found;
}
