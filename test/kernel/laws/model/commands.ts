import fc from "fast-check";
import { expect } from "vitest";
import { CLONE } from "../../../../src/abi/structs/index.ts";
import * as calls from "./calls.ts";
import type { CloneFlags } from "./life.ts";
import { agree, type Real, report } from "./real.ts";
import type { Space, Thread, World } from "./world.ts";

type Command = fc.Command<World, Real>;

const WALL = 0x4000_0000;
const WCLONE = 0x8000_0000;

/** A command of one thread, chosen among those that run. */
abstract class Step implements Command {
  readonly who: number;

  constructor(who: number) {
    this.who = who;
  }

  check(world: Readonly<World>): boolean {
    const thread = this.caller(world);
    return thread !== null && this.allowed(thread, world);
  }

  run(world: World, real: Real): void {
    const thread = this.caller(world);
    if (thread === null) return;
    this.act(thread, world, real);
    agree(world, real);
  }

  protected allowed(_thread: Thread, _world: Readonly<World>): boolean {
    return true;
  }

  protected abstract act(thread: Thread, world: World, real: Real): void;

  private caller(world: Readonly<World>): Thread | null {
    const running = world.threads.filter((t) => t.waiting === null && t.vfork === null);
    return running[this.who % Math.max(1, running.length)] ?? null;
  }
}

class Clone extends Step {
  readonly flags: CloneFlags;
  readonly pids: readonly number[] | null;

  constructor(who: number, flags: CloneFlags, pids: readonly number[] | null) {
    super(who);
    this.flags = flags;
    this.pids = pids;
  }

  // The first task's sibling would be a child of nobody, which nobody reaps (that is what B-23 came for).
  protected override allowed(thread: Thread, world: Readonly<World>): boolean {
    if (this.flags.parent && thread.group === world.init) return false;
    // An init of today that goes sets its handlers to ignore SIGCHLD, and whoever shares them reaps no more.
    const init = this.flags.newpid === true || thread.home !== thread.id.space;
    return !(world.limits.today !== null && init && this.flags.sighand === true);
  }

  protected override act(thread: Thread, world: World, real: Real): void {
    // As many numbers as the caller may name; now and then one too many.
    const most = thread.id.space.level + (this.who % 10 === 0 ? 2 : 1) + (this.flags.newpid === true ? 1 : 0);
    const pids = this.pids?.slice(0, most) ?? null;
    const expected = calls.clone(world, thread, this.flags, pids);
    expect(real.clone(thread, this.flags, pids)).toBe(expected);
  }

  override toString(): string {
    const flags = Object.entries(this.flags).flatMap(([name, on]) => (on === true ? [name] : []));
    const pids = this.pids === null ? "" : ` {${this.pids}}`;
    return `${this.who}: clone ${[...flags, this.flags.signal].join("|")}${pids}`;
  }
}

class Unshare extends Step {
  protected override act(thread: Thread, world: World, real: Real): void {
    expect(real.call(thread, "unshare", { unshare_flags: CLONE.NEWPID })).toBe(calls.unshare(world, thread));
  }

  override toString(): string {
    return `${this.who}: unshare(CLONE_NEWPID)`;
  }
}

class Exit extends Step {
  readonly code: number;
  readonly group: boolean;

  constructor(who: number, code: number, group: boolean) {
    super(who);
    this.code = code;
    this.group = group;
  }

  protected override allowed(thread: Thread, world: Readonly<World>): boolean {
    return thread.group !== world.init || (!this.group && thread.id !== thread.group.id);
  }

  protected override act(thread: Thread, world: World, real: Real): void {
    const name = this.group ? "exit_group" : "exit";
    // The machine first: the model's thread cannot be found afterwards.
    const got = real.call(thread, name, { error_code: this.code });
    const call = this.group ? calls.exitGroup : calls.exit;
    expect(got).toBe(call(world, thread, this.code));
  }

  override toString(): string {
    return `${this.who}: ${this.group ? "exit_group" : "exit"}(${this.code})`;
  }
}

/** A number as a call's argument: as it is, or that of some task as the caller sees it. */
export interface Target {
  readonly raw: number | null;
  readonly index: number;
  readonly negative: boolean;
}

function resolve({ raw, index, negative }: Target, thread: Thread, world: World): number {
  if (raw !== null) return raw;
  const all = [...world.identities];
  const id = all[index % all.length];
  const nr = id === undefined ? 0 : world.numberIn(id, thread.id.space);
  return negative ? -nr : nr;
}

const show = ({ raw, index, negative }: Target): string => `${raw ?? `${negative ? "-" : ""}#${index}`}`;

class Wait extends Step {
  readonly target: Target;
  readonly options: number;

  constructor(who: number, target: Target, options: number) {
    super(who);
    this.target = target;
    this.options = options;
  }

  // Somebody has to go on; and waits without a child are soon known.
  protected override allowed(thread: Thread, world: Readonly<World>): boolean {
    if (world.children(thread.group).length === 0 && this.who % 10 !== 0) return false;
    return (this.options & 1) !== 0 || world.threads.filter((t) => t.waiting === null).length > 1;
  }

  protected override act(thread: Thread, world: World, real: Real): void {
    const upid = resolve(this.target, thread, world);
    const expected = calls.wait(world, thread, upid, this.options);
    const stat_addr = real.statusAt(thread);
    const got = real.call(thread, "wait4", { upid, stat_addr, options: this.options });
    if (typeof expected !== "object") {
      expect(got).toBe(expected);
      return;
    }
    // One of the zombies is reported, and reaped.
    thread.waiting = expected;
    expect(typeof got).toBe("number");
    report(world, thread, got, real.guest(thread).readInt(stat_addr));
  }

  override toString(): string {
    return `${this.who}: wait4(${show(this.target)}, ${this.options.toString(16)})`;
  }
}

class Setsid extends Step {
  protected override act(thread: Thread, world: World, real: Real): void {
    expect(real.call(thread, "setsid", {})).toBe(calls.setsid(world, thread));
  }

  override toString(): string {
    return `${this.who}: setsid()`;
  }
}

class Setpgid extends Step {
  readonly target: Target;
  readonly into: Target;

  constructor(who: number, target: Target, into: Target) {
    super(who);
    this.target = target;
    this.into = into;
  }

  protected override act(thread: Thread, world: World, real: Real): void {
    const pid = resolve(this.target, thread, world);
    const pgid = resolve(this.into, thread, world);
    expect(real.call(thread, "setpgid", { pid, pgid })).toBe(calls.setpgid(world, thread, pid, pgid));
  }

  override toString(): string {
    return `${this.who}: setpgid(${show(this.target)}, ${show(this.into)})`;
  }
}

class Kill extends Step {
  readonly target: Target;
  readonly sig: number;

  constructor(who: number, target: Target, sig: number) {
    super(who);
    this.target = target;
    this.sig = sig;
  }

  protected override act(thread: Thread, world: World, real: Real): void {
    const pid = resolve(this.target, thread, world);
    const got = real.call(thread, "kill", { pid, sig: this.sig });
    expect(got).toBe(calls.kill(world, thread, pid, this.sig));
  }

  override toString(): string {
    return `${this.who}: kill(${show(this.target)}, ${this.sig})`;
  }
}

class Look extends Step {
  protected override act(thread: Thread, world: World, real: Real): void {
    const got = ["getpid", "gettid", "getppid", "getpgrp"].map((name) => real.call(thread, name, {}));
    got.push(real.call(thread, "getsid", { pid: 0 }));
    expect(got).toEqual(calls.look(world, thread));
  }

  override toString(): string {
    return `${this.who}: getpid() …`;
  }
}

class Drop extends Step {
  protected override allowed(thread: Thread, world: Readonly<World>): boolean {
    return thread.group !== world.init && this.who % 3 === 0;
  }

  protected override act(thread: Thread, _world: World, real: Real): void {
    thread.group.capable = false;
    real.dropCapabilities(thread.group);
  }

  override toString(): string {
    return `${this.who}: drops CAP_SYS_ADMIN`;
  }
}

/** The cursor of the caller's namespace, as if so many tasks had come and gone. */
class Cursor extends Step {
  readonly last: number;

  constructor(who: number, last: number) {
    super(who);
    this.last = last;
  }

  protected override act(thread: Thread, _world: World, real: Real): void {
    const space: Space = thread.id.space;
    space.last = this.last;
    real.task(thread).pidNs.lastPid = this.last;
  }

  override toString(): string {
    return `${this.who}: last_pid = ${this.last}`;
  }
}

/** Commands for a machine whose pid_max is `pidMax`. */
export function commands(pidMax: number, today: boolean): fc.Arbitrary<Iterable<Command>> {
  const who = fc.nat(30);
  const flags: fc.Arbitrary<CloneFlags> = fc.oneof(
    { weight: 4, arbitrary: fc.constant({ signal: 17 }) },
    { weight: 4, arbitrary: fc.constant({ signal: 17, newpid: true }) },
    { weight: 2, arbitrary: fc.constant({ signal: 0, thread: true, sighand: true, vm: true }) },
    { weight: 1, arbitrary: fc.constant({ signal: 17, vfork: true, vm: true }) },
    { weight: 1, arbitrary: fc.constant({ signal: 17, parent: true }) },
    {
      weight: 1,
      arbitrary: fc.record({
        signal: fc.constantFrom(0, 17),
        thread: fc.boolean(),
        sighand: fc.boolean(),
        vm: fc.boolean(),
        parent: fc.boolean(),
        newpid: fc.boolean(),
        vfork: fc.boolean(),
      }),
    },
  );
  const nr = fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 12 }) },
    { weight: 1, arbitrary: fc.constantFrom(-1, 299, 300, pidMax - 1, pidMax, 0x7fff_ffff) },
  );
  const pids = fc.array(nr, { maxLength: 4 });
  const target: fc.Arbitrary<Target> = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ raw: fc.constant(null), index: fc.nat(40), negative: fc.boolean() }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        raw: fc.constantFrom(-1, 0, 1, 2, -2, 99, -99, 0x7fff_ffff, -0x8000_0000),
        index: fc.constant(0),
        negative: fc.constant(false),
      }),
    },
  );
  const any: Target = { raw: -1, index: 0, negative: false };
  const options = fc.constantFrom(0, 1, 1 | WALL, WALL, 1 | WCLONE);
  const sig = fc.constantFrom(0, 9, 9, 15, 17, 65);
  return fc.commands(
    [
      fc.tuple(who, flags).map(([w, f]) => new Clone(w, f, null)),
      fc.tuple(who, flags).map(([w, f]) => new Clone(w, f, null)),
      fc.tuple(who, flags, pids).map(([w, f, p]) => new Clone(w, f, p)),
      fc.tuple(who, flags, pids).map(([w, f, p]) => new Clone(w, f, p)),
      fc.tuple(who, fc.integer({ min: -1, max: 300 }), fc.boolean()).map(([w, c, g]) => new Exit(w, c, g)),
      fc.tuple(who, options).map(([w, o]) => new Wait(w, any, o)),
      fc.tuple(who, target, options).map(([w, t, o]) => new Wait(w, t, o)),
      who.map((w) => new Setsid(w)),
      fc.tuple(who, target, target).map(([w, t, i]) => new Setpgid(w, t, i)),
      fc.tuple(who, target, sig).map(([w, t, s]) => new Kill(w, t, s)),
      who.map((w) => new Look(w)),
      who.map((w) => new Drop(w)),
      ...(today ? [who.map((w) => new Unshare(w))] : []),
      fc.tuple(who, fc.constantFrom(5, 298, 299, pidMax - 2, pidMax - 1)).map(([w, l]) => new Cursor(w, l)),
    ],
    { maxCommands: 80, size: "max" },
  );
}
