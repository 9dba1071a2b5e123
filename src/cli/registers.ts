import type { EntryPath } from "../arch/entry.ts";

/** The registers that carry their width in their name: `ax` is `eax` to a 32-bit program and `rax` to a 64-bit one. */
const WIDTH_NAMED = new Set(["ax", "bx", "cx", "dx", "si", "di", "bp", "sp", "ip"]);

/** A register as a program of this entry path calls it; convention tables spell it as `pt_regs` does. */
export function registerName(path: EntryPath, register: string): string {
  if (!WIDTH_NAMED.has(register)) return register;
  return `${path.wide ? "r" : "e"}${register}`;
}

/** Where argument word `i` of a call travels: a register, or the word a register points at (N-10). */
export function argumentPlace(path: EntryPath, i: number): string {
  const name = registerName(path, path.convention.args[i] ?? "?");
  return path.sixthOnStack && i === 5 ? `(${name})` : name;
}
