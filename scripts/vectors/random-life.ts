import { Dice } from "../../src/conform/random/dice.ts";
import type { Arg, Operation, Patch, Vector, VectorArch } from "../../src/conform/vector.ts";
import { SCRATCH } from "./clone3-wish.ts";
import { ARCHES, arg, type CallName, hex, page, sys, words32, words64 } from "./draft.ts";
import { MINUS_1, WALL } from "./families/setting.ts";

const SIGCONT = 18;
const SIGSTOP = 19;
const ACTIONS = 0x800;
const MASKS = 0xa00;
const SETS = 0xb00;
/** What a task has whose sets of capabilities may show: not every machine's root has all. */
const SOME: readonly string[] = ["CAP_KILL", "CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"];
/** Where results may be written. */
const OUT = 0x100;
/** Options of waitid: WSTOPPED, WEXITED, WNOWAIT, and __WALL. */
const WATCH = 0x41000006;

/** SIG_DFL and SIG_IGN with what a parent can say of its children: nothing, SA_NOCLDSTOP, SA_NOCLDWAIT, both. */
const CHILD_ACTIONS: readonly (readonly [handler: number, flags: number])[] = [
  [0, 0],
  [1, 0],
  [0, 1],
  [0, 2],
  [1, 2],
  [0, 3],
];

/** Sets of signals: none, all, SIGCHLD, SIGTERM and SIGHUP, job control, the highest ones. */
const SIGNAL_SETS: readonly bigint[] = [
  0n,
  0xffff_ffff_ffff_ffffn,
  1n << 16n,
  (1n << 14n) | 1n,
  (1n << 17n) | (1n << 18n) | (1n << 19n) | (1n << 20n),
  (1n << 63n) | (1n << 31n),
];

/** Header and data of capset: version 3, pid 0; all but CAP_SYS_ADMIN, only CAP_KILL, none. */
const CAP_SETS: readonly (readonly number[])[] = [
  [0xffdf_ffff, 0xffdf_ffff, 0, 0x1ff, 0x1ff, 0],
  [0x20, 0x20, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0],
];

/**
 * The `n`th life of a seed: processes at random. The main task makes a few children that stop at once, and from then on
 * either does something itself or lets one of them go on to its next stop: only one runs at any time, so that a case has
 * one answer.
 */
export function randomLife(seed: number, n: number): Vector {
  const dice = new Dice(Math.imul(seed, 0x9e3779b1) ^ Math.imul(n + 1, 0x85ebca77));
  return new Life(dice, ARCHES[n % 3] as VectorArch).vector(`random.lives/${seed}-${n}`);
}

/** One task of the case: what it does, and the label that made it. */
interface Actor {
  readonly label: string;
  readonly list: Operation[];
  readonly children: Actor[];
  /** Labels of calls whose results are numbers this task may name: its own, and its children's. */
  readonly known: string[];
}

class Life {
  private readonly dice: Dice;
  private readonly arch: VectorArch;
  private labels = 0;
  private setsCapabilities = false;

  constructor(dice: Dice, arch: VectorArch) {
    this.dice = dice;
    this.arch = arch;
  }

  vector(id: string): Vector {
    const { dice, arch } = this;
    const main: Actor = { label: "main", list: [], children: [], known: [] };
    // A session of its own: nobody outside the case hears its signals, or keeps its groups from being orphaned.
    main.list.push(this.sys("setsid"));
    const puppets = 1 + dice.below(3);
    for (let i = 0; i < puppets; i++) this.makePuppet(main);
    for (let step = 0; step < 6 + dice.below(14); step++) {
      const puppet = dice.oneIn(2) ? dice.pick(main.children) : null;
      if (puppet === null) this.act(main);
      else this.letGoOn(main, puppet);
    }
    for (const puppet of main.children) this.letGoOn(main, puppet);
    main.list.push(this.sys("wait4", [MINUS_1, hex(SCRATCH + 8), "0x40000001", 0]));
    return {
      id: `${id}/${arch}`,
      group: "random.lives",
      arch,
      caps: this.setsCapabilities || dice.oneIn(4) ? SOME : "all",
      nsLevel: 1 + dice.below(2),
      nsInit: !dice.oneIn(3),
      regions: [page(SCRATCH, "rw-", this.patches())],
      dump: [{ addr: hex(SCRATCH), size: 4096 }],
      program: main.list,
    };
  }

  private patches(): Patch[] {
    const wide = this.arch === "x86_64";
    const actions = CHILD_ACTIONS.map(([handler, flags], i) => ({
      off: ACTIONS + 0x20 * i,
      hex: wide ? words64([handler, flags, 0, 0]) : words32([handler, flags, 0, 0, 0]),
    }));
    return [
      ...actions,
      { off: MASKS, hex: words64(SIGNAL_SETS) },
      { off: SETS, hex: words32([0x20080522, 0]) },
      ...CAP_SETS.map((set, i) => ({ off: SETS + 0x20 * (i + 1), hex: words32(set) })),
    ];
  }

  private sys(name: CallName, args: readonly Arg[] = [], more: object = {}): Operation & { label: string } {
    return sys(this.arch, `o${this.labels++}`, name, args, more);
  }

  /** A child that knows its own number and stops. */
  private makePuppet(parent: Actor): void {
    const list: Operation[] = [];
    const me = this.sys("getpid");
    // Exit signals that end no parent: how soon one comes is the scheduler's affair.
    const flags = this.dice.pick([17, 17, 17, 17, 0, 23, 28, 200]);
    const made = this.sys("clone", [flags, 0, 0, 0, 0], {
      child: list,
      childExit: this.dice.below(256),
      childDump: true,
      noPdeathsig: true,
    });
    list.push(me, this.sys("kill", [{ ret: me.label }, SIGSTOP]));
    parent.list.push(made, this.sys("waitid", [1, { ret: made.label }, 0, arg(WATCH), 0]));
    parent.children.push({ label: made.label, list, children: [], known: [me.label] });
    parent.known.push(made.label);
  }

  /** A puppet does something and stops again, or comes to its end. */
  private letGoOn(main: Actor, puppet: Actor): void {
    main.list.push(
      this.sys("kill", [{ ret: puppet.label }, SIGCONT]),
      this.sys("waitid", [1, { ret: puppet.label }, this.out(), arg(WATCH), 0]),
    );
    for (let i = 0; i <= this.dice.below(3); i++) this.act(puppet);
    const [me = ""] = puppet.known;
    puppet.list.push(
      this.dice.oneIn(6)
        ? this.sys(this.dice.pick(["exit", "exit_group"]), [this.dice.below(300)])
        : this.sys("kill", [{ ret: me }, SIGSTOP]),
    );
  }

  private out(): string {
    return hex(SCRATCH + OUT + 0x80 * this.dice.below(10));
  }

  /** A number a task may name: one it knows, as it is or as a group, or one that may be nobody's. */
  private pid(actor: Actor): Arg {
    const { dice } = this;
    if (actor.known.length > 0 && !dice.oneIn(3)) return { ret: dice.pick(actor.known) };
    return arg(dice.pick([0, 1, 2, 3, 4, -1, -2, -3, -4, 99, -99]));
  }

  private act(actor: Actor): void {
    const { dice } = this;
    const { list } = actor;
    switch (dice.below(16)) {
      case 0:
      case 1:
        list.push(this.sys("wait4", [this.pid(actor), this.out(), this.waitOptions(), 0]));
        break;
      case 2:
      case 3:
        list.push(this.waitid(actor));
        break;
      case 4:
      case 5:
        list.push(this.kill(actor));
        break;
      case 6:
        list.push(this.sys("setpgid", [this.pid(actor), this.pid(actor)]));
        break;
      case 7:
        list.push(this.sys(dice.pick(["getpgid", "getsid"]), [this.pid(actor)]));
        break;
      case 8:
        list.push(this.sys(dice.pick(["getppid", "getpid", "setsid", "getuid"])));
        break;
      case 9:
        list.push(this.sys("rt_sigaction", [17, this.action(), dice.oneIn(2) ? this.out() : 0, 8]));
        break;
      case 10:
        list.push(this.sys("rt_sigaction", [this.signal(), this.action(), 0, 8]));
        break;
      case 11:
        list.push(this.sys("rt_sigprocmask", [dice.below(3), this.mask(), this.out(), 8]));
        break;
      case 12:
        list.push(this.sys("rt_sigpending", [this.out(), 8]));
        break;
      case 13:
        list.push(this.prctl());
        break;
      case 14:
        list.push(this.credentials());
        break;
      default:
        this.makeLeaf(actor);
    }
  }

  private action(): string {
    return hex(SCRATCH + ACTIONS + 0x20 * this.dice.below(CHILD_ACTIONS.length));
  }

  private mask(): Arg {
    return this.dice.oneIn(5) ? 0 : hex(SCRATCH + MASKS + 8 * this.dice.below(SIGNAL_SETS.length));
  }

  private signal(): number {
    return this.dice.pick([1, 2, 3, 6, 9, 10, 12, 13, 15, 17, 18, 19, 20, 21, 22, 23, 28, 32, 34, 64]);
  }

  /** A wait that never blocks: nobody else runs. */
  private waitOptions(): string {
    let options = 1;
    for (const bit of [2, 8, 0x40000000, 0x40000000, 0x20000000, 0x80000000])
      if (this.dice.oneIn(3)) options = (options | bit) >>> 0;
    return hex(options);
  }

  private waitid(actor: Actor): Operation {
    const { dice } = this;
    let options = 1;
    for (const bit of [2, 4, 4, 8, 0x1000000, 0x40000000, 0x40000000, 0x20000000, 0x80000000])
      if (dice.oneIn(2)) options = (options | bit) >>> 0;
    return this.sys("waitid", [
      dice.below(3),
      this.pid(actor),
      dice.oneIn(6) ? 0 : this.out(),
      hex(options),
      0,
    ]);
  }

  private kill(actor: Actor): Operation {
    const { dice } = this;
    const sig = dice.oneIn(4) ? 0 : this.signal();
    const [someone = ""] = actor.known;
    if (dice.oneIn(3) && someone !== "") {
      const target = { ret: dice.pick(actor.known) };
      return dice.oneIn(2)
        ? this.sys("tkill", [target, sig])
        : this.sys("tgkill", [dice.oneIn(3) ? { ret: someone } : target, target, sig]);
    }
    // Who stops the main task, or kills it, ends the case.
    return this.sys("kill", [this.pid(actor), sig]);
  }

  private prctl(): Operation {
    const { dice } = this;
    switch (dice.below(8)) {
      case 0:
        return this.sys("prctl", [1, dice.pick([0, 1, 9, 15, 19, 65])]);
      case 1:
        return this.sys("prctl", [2, this.out()]);
      case 2:
        return this.sys("prctl", [3]);
      case 3:
        return this.sys("prctl", [8, dice.below(3)]);
      case 4:
        return this.sys("prctl", [28, dice.pick([0, 4, 0x10, 0x30, 0x40, 0x100, 0x14])]);
      case 5:
        return this.sys("prctl", [27]);
      case 6:
        return this.sys("prctl", [36, dice.below(2)]);
      default:
        return this.sys("prctl", [37, this.out()]);
    }
  }

  private credentials(): Operation {
    const { dice } = this;
    const id = (): Arg => arg(dice.pick([0, 0, 1000, 1000, 2000, -1]));
    switch (dice.below(7)) {
      case 0:
        return this.sys("setresuid", [id(), id(), id()]);
      case 1:
        return this.sys("setreuid", [id(), id()]);
      case 2:
        return this.sys("setuid", [id()]);
      case 3:
        return this.sys("setfsuid", [id()]);
      case 4:
        return this.sys("setresgid", [id(), id(), id()]);
      case 5:
        this.setsCapabilities = true;
        return this.sys("capset", [hex(SCRATCH + SETS), hex(SCRATCH + SETS + 0x20 * (1 + dice.below(3)))]);
      default:
        return this.sys("getresuid", [this.out(), this.out(), this.out()]);
    }
  }

  /** A child that ends at once, or stops for good; its maker waits until it has. */
  private makeLeaf(parent: Actor): void {
    const { dice } = this;
    const me = this.sys("getpid");
    const child: Operation[] = [me];
    if (dice.oneIn(2)) child.push(this.sys("kill", [{ ret: me.label }, SIGSTOP]));
    const made = this.sys("clone", [dice.pick([17, 17, 17, 0, 28]), 0, 0, 0, 0], {
      child,
      childExit: dice.below(256),
      noPdeathsig: true,
    });
    parent.list.push(made, this.sys("waitid", [1, { ret: made.label }, 0, arg(WATCH), 0]));
    parent.known.push(made.label);
    if (dice.oneIn(3)) parent.list.push(this.sys("wait4", [{ ret: made.label }, this.out(), WALL, 0]));
  }
}
