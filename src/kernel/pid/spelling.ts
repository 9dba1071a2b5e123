import {
  fromSetTid,
  fromTargetPids,
  isPidRefusal,
  type NewpidRule,
  type PidRefusal,
  type PidViewpoint,
  type PidWish,
  toSetTid,
  toTargetPids,
} from "./wish.ts";

/** Who says which pids it wishes: a posting of clone_with_pids, eclone, or clone3's set_tid. */
export type PidSpelling = "cwp-v2" | "cwp-v2-newpid" | "cwp-v3" | "eclone" | "clone3";

/** The spellings of 2009 and 2010: the same array, and three rules for a namespace that comes with the child. */
const RULES: Readonly<Record<Exclude<PidSpelling, "clone3">, NewpidRule>> = {
  "cwp-v2": "refuse",
  "cwp-v2-newpid": "last-slot-1-or-0",
  "cwp-v3": "kernel-chooses-1",
  eclone: "kernel-chooses-1",
};

/** A refusal, and whose: the spelling that has no such array, or no word for the wish. */
export type SpellingRefusal = PidRefusal & { readonly spelling: PidSpelling };

/**
 * What an array says in a spelling, as a wish.
 * @param at the caller's level, and whether its call has CLONE_NEWPID
 */
export function readPids(
  pids: readonly number[],
  spelling: PidSpelling,
  at: PidViewpoint,
): PidWish | SpellingRefusal {
  return mark(
    spelling === "clone3" ? fromSetTid(pids, at) : fromTargetPids(pids, at, RULES[spelling]),
    spelling,
  );
}

/** A wish in a spelling, as short as it can be said; an empty array is a plain clone. */
export function spellPids(wish: PidWish, spelling: PidSpelling): readonly number[] | SpellingRefusal {
  return mark(spelling === "clone3" ? toSetTid(wish) : toTargetPids(wish, RULES[spelling]), spelling);
}

/**
 * One wish for pid numbers, from one spelling to another: order, short arrays, what 0 means and what CLONE_NEWPID does
 * to the array. The child's numbers are the same in both; what the other cannot say is refused with its reason, never
 * said by halves. Whether the caller may ask is another matter: clone_with_pids and eclone want CAP_SYS_ADMIN even for
 * zeros, clone3 wants it only where a number is chosen.
 *
 * @example
 * ```ts
 * import { translatePids } from "trapgate";
 * const at = { level: 2, newpid: false };
 * console.log(JSON.stringify(translatePids([0, 77, 99], { from: "eclone", to: "clone3", ...at }))); // [99,77]
 * const gap = translatePids([500, 0, 99], { from: "eclone", to: "clone3", ...at });
 * console.log("refused" in gap && gap.refused); // gap
 * ```
 */
export function translatePids(
  pids: readonly number[],
  { from, to, ...at }: PidViewpoint & { readonly from: PidSpelling; readonly to: PidSpelling },
): readonly number[] | SpellingRefusal {
  const wish = readPids(pids, from, at);
  return isPidRefusal(wish) ? wish : spellPids(wish, to);
}

function mark<T extends object>(result: T | PidRefusal, spelling: PidSpelling): T | SpellingRefusal {
  return isPidRefusal(result) ? { ...result, spelling } : result;
}
