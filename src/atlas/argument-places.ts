import type { ArgOrder } from "../abi/syscall.ts";
import { type Convention, registerOf } from "../arch/convention.ts";
import type { Parameter } from "./signature.ts";

/** Where one argument of a call travels: a register, a pair of them low word first, or none that is left. */
export interface ArgumentPlace {
  readonly name: string;
  readonly type: string;
  /** The words in argument order; two where a 64-bit value is split. Beyond the convention's registers: `—`. */
  readonly registers: readonly string[];
  /** An argument word that stays unused so that the pair begins at an even one. */
  readonly skips: string | null;
}

/** The places of clone's flags, newsp, parent_tid, child_tid and tls in each order (rules §8). */
const CLONE_ORDERS: Readonly<Record<ArgOrder, readonly number[]>> = {
  default: [0, 1, 2, 3, 4],
  backwards: [0, 1, 2, 4, 3],
  backwards2: [1, 0, 2, 3, 4],
  // Microblaze alone: a stack size between newsp and parent_tid. None of the tables here has it.
  backwards3: [0, 1, 2, 3, 4],
};

/** The arguments of a call in the order an architecture passes them: only clone's differ. */
export function passedBy(
  convention: Convention,
  call: string,
  parameters: readonly Parameter[],
): readonly Parameter[] {
  if (call !== "clone" || parameters.length !== 5) return parameters;
  return CLONE_ORDERS[convention.cloneOrder].map((i) => parameters[i] as Parameter);
}

const WIDE = /^(?:const )?(?:loff_t|__?[us]64|[us]64|u?int64_t|(?:unsigned |signed )?long long(?: int)?)$/;

/** Whether a C type is 64 bits wide on every architecture. */
export function isWide(type: string): boolean {
  return WIDE.test(type);
}

/**
 * Where the arguments of a call travel under a convention. A 64-bit value on a 32-bit architecture takes two words, the
 * low one first on little endian and the high one first on big endian.
 */
export function argumentPlaces(convention: Convention, parameters: readonly Parameter[]): ArgumentPlace[] {
  let next = 0;
  return parameters.map(({ name, type }) => {
    const wide = convention.pairs !== "whole" && isWide(type);
    const skipped = wide && convention.pairs === "even" && next % 2 === 1 ? next++ : null;
    const registers = Array.from({ length: wide ? 2 : 1 }, () => placeOf(convention, next++));
    return { name, type, registers, skips: skipped === null ? null : placeOf(convention, skipped) };
  });
}

/** How many argument words a call takes under a convention, words left out included. */
export function argumentWords(convention: Convention, parameters: readonly Parameter[]): number {
  return argumentPlaces(convention, parameters).reduce(
    (sum, { registers, skips }) => sum + registers.length + (skips === null ? 0 : 1),
    0,
  );
}

function placeOf(convention: Convention, i: number): string {
  const register = convention.args[i];
  return register === undefined ? "—" : registerOf(convention, register);
}
