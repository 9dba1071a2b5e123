import { strict as assert } from "node:assert";
import { CLONE, errnoName, hiOf, loOf, target_pid_set } from "../../src/abi/index.ts";
import { ENTRY_PATHS, type EntryPath } from "../../src/arch/index.ts";
import {
  boot,
  Guest,
  type Machine,
  NO_CAPABILITIES,
  PROFILES,
  SIG,
  type Task,
} from "../../src/kernel/index.ts";
import { FaultPlan, PAGE_SIZE, PROT_NONE, PROT_READ, PROT_WRITE } from "../../src/mm/index.ts";
import { writeCloneArgs } from "./clone3.ts";
import { ecloneQuirks, writeEcloneArgs } from "./eclone.ts";
import { checkInvariants } from "./invariants.ts";
import type { Random } from "./random.ts";

const MAX_TASKS = 60;
const PAGES = 6;

/** One machine, a number of random entries, and its end. */
export class Episode {
  private readonly random: Random;
  private readonly outcomes: Map<string, number>;
  private readonly machine: Machine;
  private readonly arena: number;
  private readonly profile: string;
  private readonly arch: "x86_64" | "i386";

  constructor(random: Random, outcomes: Map<string, number>) {
    this.random = random;
    this.outcomes = outcomes;
    this.arch = random.pick(["x86_64", "i386"]);
    this.profile = random.pick(Object.keys(PROFILES));
    const bits = this.arch === "x86_64" && random.oneIn(3) ? 32 : undefined;
    this.machine = boot({
      arch: this.arch,
      profile: this.profile,
      quirks: this.profile === "eclone" ? ecloneQuirks(random) : [],
      frames: 256,
      pidMax: random.pick([310, 400, 32_768]),
      ...(bits === undefined ? {} : { bits }),
      ...(random.oneIn(8) ? { trace: () => {} } : {}),
    });
    const init = new Guest(this.machine, this.machine.init);
    this.arena = init.map(PAGES * PAGE_SIZE);
    this.makeChildren(init);
  }

  /** What kind of machine this is. */
  describe(): string {
    return `${this.arch}, ${this.profile}`;
  }

  /** Makes up to `budget` entries; returns how many were made. */
  run(budget: number): number {
    const { machine, random } = this;
    for (let i = 0; i < budget; i++) {
      const ready = [...machine.tasks].filter((t) => t.state === "running" && t !== machine.init);
      const task = ready.length > 0 ? random.pick(ready) : null;
      if (task === null || machine.tasks.size > MAX_TASKS) this.cull();
      else this.oneEntry(task);
      if (machine.tasks.size < 3) this.makeChildren(new Guest(machine, machine.init));
      if (i % 64 === 0) checkInvariants(machine);
    }
    return budget;
  }

  /** Kills everybody but init, reaps, and looks for what is left over. */
  tearDown(): void {
    const { machine } = this;
    machine.inject(null);
    this.cull();
    checkInvariants(machine);
    machine.init.mm?.release();
    assert.equal(machine.tasks.size, 1, "tasks left");
    assert.equal(machine.nrThreads, 1, "threads left");
    assert.equal(machine.rootPidNs.live, 2, "numbers left");
    assert.equal(machine.regsPool.live, 2, "register images left");
    assert.equal(machine.rootUserNs.account(0).processes, 1, "process count left");
    assert.equal(machine.filp.used, 0, "open files left");
    assert.equal(machine.pipes.used, 0, "pipes left");
    assert.equal(machine.rootUserNs.account(0).pipeBuffers, 0, "pipe pages left");
    assert.equal(machine.pool.used, 0, "frames left");
  }

  private makeChildren(init: Guest): void {
    for (const flags of [0, CLONE.NEWPID, CLONE.NEWPID]) {
      const nr = init.call("clone", { flags: flags | SIG.CHLD });
      if (nr === null || nr <= 0) continue;
      const child = init.child(nr);
      if (this.random.oneIn(2)) child.call("clone", { flags: CLONE.NEWPID | SIG.CHLD });
    }
  }

  /** init kills everybody and reaps. */
  private cull(): void {
    const { machine } = this;
    const init = new Guest(machine, machine.init);
    machine.inject(null);
    assert.equal(machine.init.state, "running", "init waits for nobody");
    init.call("kill", { pid: -1, sig: SIG.KILL });
    while ((init.call("wait4", { upid: -1, options: 0x40000001 }) ?? -1) > 0);
  }

  private oneEntry(task: Task): void {
    const { machine, random } = this;
    if (random.oneIn(20)) this.disturbMemory(task);
    if (random.oneIn(10)) this.planFaults();
    if (random.oneIn(50)) task.cred = { ...task.cred, effective: NO_CAPABILITIES };
    if (random.oneIn(100))
      task.sighand.set(
        1 + random.below(31),
        random.pick(["ignore", "default", { handler: 1, restart: random.oneIn(2) }]),
      );
    const path = random.pick(this.pathsOf(task));
    this.loadRegisters(task, path);
    const { decl } = machine.tableOf(path).get(task.regs.lo("ax") | 0).call;
    machine.enter(task, path);
    this.note(task, Object.keys(decl.numbers).length > 0 ? decl.name : "other numbers");
  }

  private pathsOf(task: Task): EntryPath[] {
    if (this.arch === "i386") return [ENTRY_PATHS["i386/int80"], ENTRY_PATHS["i386/sysenter"]];
    if (task.bits === 32) return [ENTRY_PATHS["ia32/int80"]];
    return [ENTRY_PATHS["x86_64/syscall"], ENTRY_PATHS["x86_64/int80"]];
  }

  private loadRegisters(task: Task, path: EntryPath): void {
    const { random, machine } = this;
    for (const register of task.regs.names()) {
      const [lo, hi] = this.word();
      task.regs.setWord(register, lo, hi);
    }
    if (random.oneIn(40)) return;
    const calls = [...machine.registry.calls()]
      .map((c) => machine.numberOf(c.name, path))
      .filter((n) => n !== undefined);
    const cwp = machine.numberOf("clone_with_pids", path);
    const clone3 = machine.numberOf("clone3", path);
    const eclone = machine.numberOf("eclone", path);
    const chooses = cwp ?? eclone ?? clone3;
    const nr = random.oneIn(3) && chooses !== undefined ? chooses : random.pick(calls);
    task.regs.setWord("ax", nr, 0);
    const first = path.convention.args[0] as string;
    if (random.oneIn(2)) task.regs.setWord(first, this.cloneFlags(), random.oneIn(9) ? random.bits() : 0);
    if (nr === cwp) this.loadSet(task, path);
    else if (nr === eclone) this.loadEclone(task, path);
    else if (nr === clone3) this.loadStruct(task, path);
    else if (nr === machine.numberOf("setns", path))
      task.regs.setWord(path.convention.args[1] as string, this.cloneFlags() & ~0xff, 0);
  }

  /** Mostly sensible flags: what a random word would ask for fails at the first rung. */
  private cloneFlags(): number {
    const { random } = this;
    let flags = random.pick([SIG.CHLD, SIG.CHLD, 0, 255, random.below(256)]);
    const sets = [
      0,
      CLONE.VM,
      CLONE.VM | CLONE.VFORK,
      CLONE.VM | CLONE.SIGHAND | CLONE.THREAD,
      CLONE.NEWPID,
      CLONE.PARENT,
      CLONE.STOPPED,
      CLONE.FILES | CLONE.FS,
    ];
    flags |= random.pick(sets);
    if (random.oneIn(6)) flags |= 1 << (8 + random.below(24));
    return flags >>> 0;
  }

  /** A struct target_pid_set in the arena, right or wrong. */
  private loadSet(task: Task, path: EntryPath): void {
    const { random, arena } = this;
    const guest = new Guest(this.machine, task);
    const at = arena + random.below(PAGES * PAGE_SIZE - 64);
    const numbers = Array.from({ length: 6 }, () =>
      random.pick([0, 0, 2, 99, 1 + random.below(350), -1, 32_768, 1]),
    );
    const count = random.pick([0, 1, 1, 1, 2, 2, 3, -1, 40, random.bits() | 0]);
    const where = random.oneIn(8) ? this.word()[0] : at + 24;
    try {
      guest.writeInts(at + 24, numbers);
      guest.writeStruct(at, target_pid_set, { num_pids: count, target_pids: where });
    } catch {
      // The page is gone: then the call will find that out.
    }
    const sixth = path.convention.args[5] as string;
    const [lo, hi] = random.oneIn(8) ? this.word() : [loOf(at), hiOf(at)];
    task.regs.setWord(sixth, lo, hi);
  }

  /** eclone's struct and array in the arena, right or wrong. */
  private loadEclone(task: Task, path: EntryPath): void {
    const { random, arena } = this;
    const at = arena + random.below(PAGES * PAGE_SIZE - 128);
    const size = writeEcloneArgs(random, new Guest(this.machine, task), at);
    const [, args, third, pids] = path.convention.args as [string, string, string, string];
    for (const [register, where] of [
      [args, at],
      [pids, at + 64],
    ] as const) {
      const [lo, hi] = random.oneIn(10) ? this.word() : [loOf(where), hiOf(where)];
      task.regs.setWord(register, lo, hi);
    }
    task.regs.setWord(third, size, 0);
  }

  /** A struct clone_args in the arena, right or wrong. */
  private loadStruct(task: Task, path: EntryPath): void {
    const { random, arena } = this;
    const at = arena + random.below(PAGES * PAGE_SIZE - 256);
    const size = writeCloneArgs(random, new Guest(this.machine, task), at, this.cloneFlags(), () =>
      this.word(),
    );
    const [uargs, second] = path.convention.args as [string, string];
    const [lo, hi] = random.oneIn(10) ? this.word() : [loOf(at), hiOf(at)];
    task.regs.setWord(uargs, lo, hi);
    task.regs.setWord(second, size, 0);
  }

  /** A word: a pointer near an edge of the arena, a small number, a special value, or noise. */
  private word(): [lo: number, hi: number] {
    const { random, arena } = this;
    switch (random.below(5)) {
      case 0: {
        const at = arena + random.below(PAGES + 1) * PAGE_SIZE - random.pick([0, 1, 4, 8, 16, 64]);
        return [loOf(at), hiOf(at)];
      }
      case 1:
        return [random.below(20), 0];
      case 2:
        return random.pick<[number, number]>([
          [0, 0],
          [0xffffffff, 0xffffffff],
          [0xfffff000, 0x7fff],
          [0, 0xffff8000],
          [0xc0000000, 0],
          [0, 0x9000],
        ]);
      case 3:
        return [random.bits(), 0];
      default:
        return [random.bits(), random.bits()];
    }
  }

  private disturbMemory(task: Task): void {
    const { random } = this;
    const { mm } = task;
    if (mm === null) return;
    const at = this.arena + random.below(PAGES) * PAGE_SIZE;
    if (random.oneIn(3)) mm.unmap(at, PAGE_SIZE);
    else if (random.oneIn(2))
      mm.protect(at, PAGE_SIZE, random.pick([PROT_NONE, PROT_READ, PROT_WRITE, PROT_READ | PROT_WRITE]));
    else mm.map(at, PAGE_SIZE * (1 + random.below(2)), PROT_READ | PROT_WRITE, { shared: random.oneIn(4) });
  }

  private planFaults(): void {
    const { machine, random } = this;
    const plan = random.oneIn(2)
      ? null
      : new FaultPlan().failAccess(1 + random.below(4)).failAllocation(1 + random.below(20));
    machine.inject(plan);
  }

  private note(task: Task, name: string): void {
    const value = task.state === "running" ? task.regs.lo("ax") | 0 : 0;
    const outcome =
      task.state !== "running"
        ? task.state
        : value < 0 && value >= -4095
          ? (errnoName(-value) ?? "error")
          : "ok";
    const key = `${name}: ${outcome}`;
    this.outcomes.set(key, (this.outcomes.get(key) ?? 0) + 1);
  }
}
