import { type DataModel, I386, X86_64 } from "../abi/data-model.ts";
import type { ErrnoFamily } from "../abi/errno.ts";
import type { TableId } from "../abi/numbers.ts";
import type { ArgOrder } from "../abi/syscall.ts";

/**
 * How a 64-bit argument travels: `whole` in one register, in two `consecutive` argument words, or in two that begin at
 * an `even` one, a word being left out where they would not.
 */
export type WidePairs = "whole" | "consecutive" | "even";

/**
 * How an error is told from a value: a `negative` result, or a positive errno beside a flag: powerpc's summary overflow
 * bit, mips' a3, sparc's carry bit.
 */
export type ErrorReport = "negative" | "ppc-cr0-so" | "mips-a3" | "sparc-carry";

/** How an architecture knocks: pure data (rules §8). */
export interface Convention {
  readonly table: TableId;
  readonly model: DataModel;
  /** The instruction that traps. */
  readonly instruction: string;
  /** Register of the number. */
  readonly number: string;
  /** Which half of a 64-bit register the number is; left out where the era decides (N-02, N-03). */
  readonly numberHalf?: "low" | "both";
  /** Registers of the arguments, in order; `16(sp)` is the word at that distance from the stack pointer. */
  readonly args: readonly string[];
  readonly result: string;
  readonly errors: ErrorReport;
  /** Whose errno numbers they are. */
  readonly errnos: ErrnoFamily;
  readonly pairs: WidePairs;
  /** Registers the instruction changes beside the result. */
  readonly clobbers: readonly string[];
  /** The order of clone's arguments. */
  readonly cloneOrder: ArgOrder;
}

/** x86_64 through `syscall`: rcx and r11 are lost (N-08). */
export const CONVENTION_X86_64: Convention = {
  table: "x86_64",
  model: X86_64,
  instruction: "syscall",
  number: "ax",
  args: ["di", "si", "dx", "r10", "r8", "r9"],
  result: "ax",
  errors: "negative",
  errnos: "generic",
  pairs: "whole",
  clobbers: ["cx", "r11"],
  cloneOrder: "default",
};

/** i386 through `int $0x80` (N-09). */
export const CONVENTION_I386: Convention = {
  table: "i386",
  model: I386,
  instruction: "int $0x80",
  number: "ax",
  args: ["bx", "cx", "dx", "si", "di", "bp"],
  result: "ax",
  errors: "negative",
  errnos: "generic",
  pairs: "consecutive",
  clobbers: [],
  cloneOrder: "backwards",
};

/** The compat table of a 64-bit kernel: i386's registers, layouts and numbers. */
export const CONVENTION_IA32: Convention = { ...CONVENTION_I386, table: "ia32" };

/** i386 through 2009's `sysenter`: ebp is the user stack, the sixth argument the word on top of it (N-10). */
export const CONVENTION_SYSENTER: Convention = { ...CONVENTION_I386, instruction: "sysenter" };

/** The registers that carry their width in their name: `ax` is `eax` to a 32-bit program and `rax` to a 64-bit one. */
const WIDTH_NAMED = new Set(["ax", "bx", "cx", "dx", "si", "di", "bp", "sp", "ip"]);

/** A register as programs spell it; conventions spell it as `pt_regs` does. */
export function registerOf({ pairs }: Convention, register: string): string {
  if (!WIDTH_NAMED.has(register)) return register;
  return `${pairs === "whole" ? "r" : "e"}${register}`;
}
