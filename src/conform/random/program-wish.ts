import type { Arg, Operation, SysOperation, Vector, VectorArch } from "../vector.ts";
import { hexWord } from "../words.ts";
import type { Dice } from "./dice.ts";
import { AT, CASE_NUMBERS } from "./wish-vector.ts";

/** A call of a random program: its name, its words, and the list of the task it makes. */
export interface Step {
  readonly name: keyof (typeof CASE_NUMBERS)["i386"];
  /** A number, or the place of an earlier step of the same or an outer list: what it returned. */
  readonly args: readonly (number | { readonly step: number })[];
  readonly child?: readonly Step[];
}

/** A small program of tasks that make, signal and wait for one another. */
export interface ProgramWish {
  readonly arch: VectorArch;
  readonly nsLevel: number;
  readonly nsInit: boolean;
  readonly list: readonly Step[];
}

const WNOHANG = 1;
const OPTIONS = [
  0,
  WNOHANG,
  WNOHANG,
  WNOHANG | 2,
  WNOHANG | 8,
  0x40000000,
  0x40000001,
  0x80000001,
  0x20000001,
] as const;
const WAITID_OPTIONS = [5, 5, 0x1000005, 7, 13, 4, 0x40000005] as const;
const SIGNALS = [0, 9, 9, 10, 15, 17, 18, 19, 23, 64, 65] as const;
const CLONE_FLAGS = [
  17, 0, 10, 0x20000011, 0x411, 0x8011, 0x10000011, 0x30000011, 0x1200011, 0x4111,
] as const;

/** A program that nobody has thought of. */
export function randomProgram(dice: Dice): ProgramWish {
  const nsLevel = dice.pick([1, 1, 2]);
  return {
    arch: dice.pick(["x86_64", "i386", "int80"]),
    nsLevel,
    nsInit: dice.oneIn(2),
    list: steps(dice, 2 + dice.below(7), 0),
  };
}

function steps(dice: Dice, count: number, depth: number): Step[] {
  const list: Step[] = [];
  for (let i = 0; i < count; i++) list.push(step(dice, list, depth));
  return list;
}

/** One call; `before` are those that have returned. */
function step(dice: Dice, before: readonly Step[], depth: number): Step {
  const made = before.flatMap(({ child }, i) => (child === undefined ? [] : [i]));
  const somebody = (): Step["args"][number] =>
    made.length > 0 && !dice.oneIn(4) ? { step: dice.pick(made) } : dice.pick([1, 2, 3, 4, 99]);
  const word = Number(AT.word);
  switch (dice.below(depth < 2 ? 14 : 10)) {
    case 0:
      return { name: "wait4", args: [dice.oneIn(2) ? -1 : somebody(), word, dice.pick(OPTIONS), 0] };
    case 1:
      return {
        name: "waitid",
        args: [dice.pick([0, 1, 1, 2]), somebody(), word, dice.pick(WAITID_OPTIONS), 0],
      };
    case 2:
    case 3:
      return { name: "kill", args: [dice.oneIn(12) ? -1 : somebody(), dice.pick(SIGNALS)] };
    case 4:
      return { name: dice.pick(["getpid", "getppid", "gettid", "setsid"]), args: [] };
    case 5:
      return { name: dice.pick(["getpgid", "getsid"]), args: [dice.oneIn(2) ? 0 : somebody()] };
    case 6: {
      // Into a group of its own, or the caller's: an init in the group of another could never end.
      const who = dice.oneIn(2) ? 0 : somebody();
      return { name: "setpgid", args: [who, dice.oneIn(2) ? 0 : who] };
    }
    case 7:
      // SIGCHLD ignored, or by default again; SIGTERM and SIGUSR1 blocked, or not any more.
      return dice.oneIn(2)
        ? { name: "rt_sigaction", args: [17, Number(AT.scratch) + (dice.oneIn(2) ? 0x500 : 0x540), 0, 8] }
        : { name: "rt_sigprocmask", args: [dice.below(2), Number(AT.scratch) + 0x580, 0, 8] };
    case 8:
      return dice.oneIn(3) ? { name: "unshare", args: [0x20000000] } : { name: "dup", args: [dice.below(5)] };
    case 9:
      if (depth === 0) return { name: "prctl", args: [1, dice.pick([0, 9, 15])] };
      return dice.oneIn(2)
        ? { name: "pause", args: [] }
        : { name: dice.pick(["exit", "exit_group"]), args: [dice.below(300)] };
    default: {
      const child = steps(dice, dice.below(5), depth + 1);
      if (dice.oneIn(2)) return { name: "fork", args: [], child };
      return { name: "clone", args: [dice.pick(CLONE_FLAGS), 0, word, word, word], child };
    }
  }
}

/** Programs that are plainer by one step, or live in a plainer place. */
export function* plainerPrograms(wish: ProgramWish): Generator<ProgramWish> {
  if (wish.arch !== "x86_64") yield { ...wish, arch: "x86_64" };
  if (wish.nsLevel > 1) yield { ...wish, nsLevel: 1 };
  if (!wish.nsInit) yield { ...wish, nsInit: true };
  for (const list of shorter(wish.list)) yield { ...wish, list };
}

function* shorter(list: readonly Step[]): Generator<readonly Step[]> {
  for (const [i, { child }] of list.entries()) {
    yield without(list, i);
    if (child === undefined) continue;
    for (const inner of shorter(child)) yield list.with(i, { ...(list[i] as Step), child: inner });
  }
}

/** A list without one of its steps; what the others say of the later ones is said of the same ones still. */
function without(list: readonly Step[], gone: number): Step[] {
  return list.toSpliced(gone, 1).map((each) => ({
    ...each,
    args: each.args.map((arg) => {
      if (typeof arg === "number" || arg.step < gone) return arg;
      return arg.step === gone ? 2 : { step: arg.step - 1 };
    }),
  }));
}

const SCRATCH_DATA = {
  /** struct sigaction of SIG_IGN, in either width; the zeros behind it are SIG_DFL. */
  ignore: "0100000000000000",
  /** A mask of SIGUSR1 and SIGTERM. */
  mask: "0042000000000000",
} as const;

/** The case of a program. */
export function vectorOfProgram(id: string, wish: ProgramWish): Vector {
  const { arch, nsLevel, nsInit, list } = wish;
  return {
    id,
    group: "random.program",
    arch,
    caps: "all",
    nsLevel,
    nsInit,
    regions: [
      {
        addr: hexWord(AT.scratch),
        size: 4096,
        prot: "rw-",
        fill: "00",
        data: [
          { off: 0x500, hex: SCRATCH_DATA.ignore },
          { off: 0x580, hex: SCRATCH_DATA.mask },
        ],
      },
    ],
    dump: [{ addr: hexWord(AT.scratch), size: 4096 }],
    program: operations(list, arch, ""),
  };
}

/** Labels are the places of the steps: `0`, `1`, and `1.0` in the list of the task that `1` makes. */
function operations(list: readonly Step[], arch: VectorArch, prefix: string): Operation[] {
  const numbers = CASE_NUMBERS[arch === "x86_64" ? "x86_64" : "i386"];
  return list.map(({ name, args, child }, i): SysOperation => {
    const words = args.map((arg): Arg => (typeof arg === "number" ? arg : { ret: `${prefix}s${arg.step}` }));
    const label = `${prefix}s${i}`;
    const more = child === undefined ? {} : { child: operations(child, arch, `${label}.`) };
    return { op: "sys", label, name, nr: numbers[name], args: words, ...more };
  });
}
