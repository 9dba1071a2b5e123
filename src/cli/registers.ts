import { registerOf } from "../arch/convention.ts";
import type { EntryPath } from "../arch/entry-path.ts";

/** A register as a program of this entry path calls it. */
export function registerName(path: EntryPath, register: string): string {
  return registerOf(path.convention, register);
}

/** Where argument word `i` of a call travels: a register, or the word a register points at (N-10). */
export function argumentPlace(path: EntryPath, i: number): string {
  const name = registerName(path, path.convention.args[i] ?? "?");
  return path.sixthOnStack && i === 5 ? `(${name})` : name;
}
