import type { PtRegs } from "../../arch/pt-regs.ts";
import type { SysOperation, VectorArch } from "../vector.ts";
import { wordOf } from "../words.ts";

const NAMES_32 = ["ax", "bx", "cx", "dx", "si", "di", "bp", "sp"] as const;
const NAMES_64 = ["8", "9", "10", "11", "12", "13", "14", "15"] as const;

const WIDE = [...NAMES_64.map(spelt), ...NAMES_32];
const SPELT = { x86_64: WIDE, int80: WIDE, i386: NAMES_32 } as const;

/** The general registers of a program, as the case format calls them. */
export function registerNames(arch: VectorArch): readonly string[] {
  return arch === "i386" ? NAMES_32 : [...NAMES_64, ...NAMES_32];
}

/** `8` … `15` have an r in front in pt_regs. */
function spelt(name: string): string {
  return /^\d/.test(name) ? `r${name}` : name;
}

/** The flags a task has where a case says nothing: interrupts, and the bit that is always set. */
export const PLAIN_FLAGS = 0x202;

/**
 * Puts an operation's registers and flags into a task; of each what the program's registers can hold. What the operation
 * does not say of a register is 0.
 */
export function loadRegisters(regs: PtRegs, operation: SysOperation, arch: VectorArch): void {
  for (const name of SPELT[arch]) regs.setWord(name, 0, 0);
  regs.setWord("flags", PLAIN_FLAGS, 0);
  for (const [name, word] of Object.entries(operation.regs ?? {}))
    regs.set(spelt(name), cut(wordOf(word), arch));
  if (operation.flags !== undefined) regs.set("flags", cut(wordOf(operation.flags), arch));
}

/** Every register of a task, with its flags and where it goes on. */
export function captureRegisters(regs: PtRegs, arch: VectorArch): Record<string, bigint> {
  return Object.fromEntries(
    [...registerNames(arch), "flags", "ip"].map((name) => [name, cut(regs.get(spelt(name)), arch)]),
  );
}

/** A value as a register of the program can hold it. */
export function cut(value: bigint, arch: VectorArch): bigint {
  return BigInt.asUintN(arch === "i386" ? 32 : 64, value);
}
