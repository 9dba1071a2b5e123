import { type DataModel, I386, LP64 } from "../abi/data-model.ts";
import type { TableId } from "../abi/numbers.ts";
import type { ArgOrder } from "../abi/syscall.ts";

/** How an architecture knocks: pure data (rules §8). */
export interface Convention {
  readonly table: TableId;
  readonly model: DataModel;
  /** The instruction that traps. */
  readonly instruction: string;
  /** Register of the number. */
  readonly number: string;
  /** Registers of the arguments, in order. */
  readonly args: readonly string[];
  readonly result: string;
  /** How an error is told from a value. */
  readonly errors: "negative" | "ppc-cr0-so" | "mips-a3";
  /** Registers the instruction changes beside the result. */
  readonly clobbers: readonly string[];
  /** The order of clone's arguments. */
  readonly cloneOrder: ArgOrder;
}

/** x86_64 through `syscall`: rcx and r11 are lost (N-08). */
export const CONVENTION_X86_64: Convention = {
  table: "x86_64",
  model: LP64,
  instruction: "syscall",
  number: "ax",
  args: ["di", "si", "dx", "r10", "r8", "r9"],
  result: "ax",
  errors: "negative",
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
  clobbers: [],
  cloneOrder: "backwards",
};

/** The compat table of a 64-bit kernel: i386's registers, layouts and numbers. */
export const CONVENTION_IA32: Convention = { ...CONVENTION_I386, table: "ia32" };

/** i386 through 2009's `sysenter`: ebp is the user stack, the sixth argument the word on top of it (N-10). */
export const CONVENTION_SYSENTER: Convention = { ...CONVENTION_I386, instruction: "sysenter" };
