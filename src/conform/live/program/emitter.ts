import { Assembler, type Memory } from "../asm/assembler.ts";
import type { Bits, Register } from "../asm/encodings.ts";
import { LAYOUT, type Layout } from "./layout.ts";

/** Calls that the programs of the oracle make for themselves: their numbers, 64-bit and 32-bit. */
const NUMBERS = {
  capset: [126, 185],
  chdir: [80, 12],
  clone: [56, 120],
  close: [3, 6],
  close_range: [436, 436],
  dup2: [33, 63],
  exit: [60, 1],
  exit_group: [231, 252],
  futex: [202, 240],
  getpid: [39, 20],
  getppid: [110, 64],
  gettid: [186, 224],
  kill: [62, 37],
  // mmap2 in 32-bit programs: the same but for the unit of an offset that is 0 here.
  mmap: [9, 192],
  mprotect: [10, 125],
  munmap: [11, 91],
  open: [2, 5],
  prctl: [157, 172],
  prlimit64: [302, 340],
  read: [0, 3],
  rt_sigprocmask: [14, 175],
  rt_sigtimedwait: [128, 177],
  sched_setaffinity: [203, 241],
  sched_setparam: [142, 154],
  sched_setscheduler: [144, 156],
  sched_yield: [24, 158],
  setgroups: [116, 206],
  setpgid: [109, 57],
  umask: [95, 60],
  unshare: [272, 310],
  wait4: [61, 114],
  waitid: [247, 284],
  write: [1, 4],
} as const;

/** A call of the program's own. */
export type OwnCall = keyof typeof NUMBERS;

/** An argument of one: a number, what lies in memory, or the register that no call of a program changes. */
export type OwnArg = number | bigint | { readonly at: Memory } | { readonly bp: number };

/** Argument registers of a program's own way in, in order. */
const OWN_ARGS: Readonly<Record<Bits, readonly Register[]>> = {
  64: ["di", "si", "dx", "10", "8", "9"],
  32: ["bx", "cx", "dx", "si", "di", "bp"],
};

/** Answers from here up, as unsigned numbers, are errors. */
const FIRST_ERROR = -4095;

/**
 * An assembler that knows where its program lies, and how a program calls the kernel for itself. A call destroys every
 * register but bp, which holds what has to be kept across calls (one of six arguments destroys that too in a 32-bit
 * program). No code of ours has a stack.
 */
export class Emitter extends Assembler {
  readonly layout: Layout;

  constructor(bits: Bits, base: number) {
    super(bits, base);
    this.layout = LAYOUT[bits];
  }

  /** Calls the kernel. The answer is in ax; `jae` jumps when it is an error, `jb` when it is not. */
  call(name: OwnCall, ...args: readonly OwnArg[]): void {
    const registers = OWN_ARGS[this.bits];
    for (const [i, arg] of args.entries()) this.argument(registers[i] as Register, arg);
    this.set("ax", NUMBERS[name][this.bits === 64 ? 0 : 1]);
    this.bare(this.bits === 64 ? "syscall" : "int 0x80");
    this.arithmetic("cmp", "ax", FIRST_ERROR);
  }

  private argument(register: Register, arg: OwnArg): void {
    if (typeof arg !== "object") this.set(register, arg);
    else if ("at" in arg) this.load(register, arg.at);
    else {
      this.copy(register, "bp");
      if (arg.bp !== 0) this.arithmetic("add", register, arg.bp);
    }
  }
}
