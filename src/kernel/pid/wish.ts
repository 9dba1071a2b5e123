/**
 * One wish for pid numbers, whatever call says it: what clone_with_pids, eclone and clone3 are translated to, and all
 * that alloc_pid is told. A number is the caller's choice, even one that no namespace has (0, −5); null leaves it to the
 * kernel.
 */
export interface PidWish {
  /** Index = level, 0 the initial namespace; one for every level of the child's own namespace. */
  readonly numbers: readonly (number | null)[];
  /** The last level is a namespace made for the child (CLONE_NEWPID): its first task is 1, whoever chooses. */
  readonly newpid: boolean;
}

/** Where a wish is said: the caller's level, and whether the child gets a pid namespace of its own. */
export interface PidViewpoint {
  /** Level of the caller's pid namespace, 0 for the initial one. */
  readonly level: number;
  /** The call has CLONE_NEWPID. */
  readonly newpid: boolean;
}

/** What happens when chosen pids and CLONE_NEWPID come together. */
export type NewpidRule = "refuse" | "kernel-chooses-1" | "last-slot-1-or-0";

/** Why a wish cannot be said in a spelling, or an array be understood in it. */
export interface PidRefusal {
  /** One word for it; where a call has a rung for it, the rung's id. */
  readonly refused:
    | "count-too-deep"
    | "newpid-with-pids"
    | "newpid-not-init"
    | "gap"
    | "own-free"
    | "zero"
    | "array-too-long";
  readonly reason: string;
  readonly rules: readonly string[];
}

/** Why an array of 2009 cannot be understood: the rungs the calls of that time have for it. */
export type TargetPidsRefusal = PidRefusal & {
  readonly refused: "count-too-deep" | "newpid-with-pids" | "newpid-not-init";
};

/** Whether a translation was refused. */
export function isPidRefusal<R extends PidRefusal>(result: object | R): result is R {
  return "refused" in result;
}

/** Numbers an array of 2009 or of eclone may have (A-10, A-27, E-08). */
export function mostTargetPids({ level, newpid }: PidViewpoint, rule: NewpidRule): number {
  return newpid && rule === "last-slot-1-or-0" ? level + 2 : level + 1;
}

/**
 * An array of 2009 or of eclone: oldest namespace first, a short one for the youngest levels, 0 for the kernel's choice
 * (A-20 … A-27, E-15). An empty one is a plain clone.
 */
export function fromTargetPids(
  pids: readonly number[],
  at: PidViewpoint,
  rule: NewpidRule,
): PidWish | TargetPidsRefusal {
  const most = mostTargetPids(at, rule);
  if (pids.length > most) return TOO_DEEP;
  const { level, newpid } = at;
  const numbers = allFree(newpid ? level + 2 : level + 1);
  if (pids.length === 0) return { numbers, newpid };
  if (newpid && rule === "refuse") return NEWPID_WITH_PIDS;
  const first = most - pids.length;
  for (let i = 0; i < pids.length; i++) numbers[first + i] = pids[i] === 0 ? null : (pids[i] as number);
  if (newpid && !isInitNumber(numbers[level + 1])) return NEWPID_NOT_INIT;
  return { numbers, newpid };
}

/** {@link fromTargetPids} the other way: the shortest array that says it. */
export function toTargetPids(wish: PidWish, rule: NewpidRule): readonly number[] | PidRefusal {
  const { numbers, newpid } = wish;
  if (numbers.includes(0)) return ZERO_IS_FREE;
  const last = numbers.at(-1);
  if (newpid && !isInitNumber(last)) return NEWPID_NOT_INIT;
  const said = newpid ? numbers.slice(0, -1) : numbers;
  const oldest = said.findIndex((nr) => nr !== null);
  if (oldest < 0) return [];
  if (newpid && rule === "refuse") return NEWPID_WITH_PIDS;
  const pids = said.slice(oldest).map((nr) => nr ?? 0);
  return newpid && rule === "last-slot-1-or-0" ? [...pids, last ?? 0] : pids;
}

/**
 * clone3's set_tid: innermost namespace first, outer levels beyond the array left to the kernel, 0 a number like any
 * other wrong one (T-03, T-14, T-15). An empty one is a plain clone.
 */
export function fromSetTid(tids: readonly number[], { level, newpid }: PidViewpoint): PidWish | PidRefusal {
  if (tids.length > MOST_SET_TID) return ARRAY_TOO_LONG;
  const levels = newpid ? level + 2 : level + 1;
  if (tids.length > levels) return { ...TOO_DEEP, rules: ["T-01"] };
  const numbers = allFree(levels);
  for (let i = 0; i < tids.length; i++) numbers[levels - 1 - i] = tids[i] as number;
  return { numbers, newpid };
}

/** {@link fromSetTid} the other way: chosen numbers from the innermost level outwards, without a gap. */
export function toSetTid(wish: PidWish): readonly number[] | PidRefusal {
  const { newpid } = wish;
  const outermost = wish.numbers.findIndex((nr) => nr !== null);
  if (outermost < 0) return [];
  const chosen = wish.numbers.slice(outermost);
  // Nobody but the new namespace's init can have its first number, so leaving it to the kernel is asking for 1.
  if (newpid && chosen.at(-1) === null) chosen[chosen.length - 1] = 1;
  const tids = chosen.reverse();
  const own = newpid ? 1 : 0;
  if (tids[own] === null) return OWN_FREE;
  if (tids.includes(null)) return GAP;
  return tids.length > MOST_SET_TID ? ARRAY_TOO_LONG : (tids as readonly number[]);
}

/** The choice left to the kernel at every level. */
function allFree(levels: number): (number | null)[] {
  const numbers: (number | null)[] = new Array(levels);
  for (let level = 0; level < levels; level++) numbers[level] = null;
  return numbers;
}

/** MAX_PID_NS_LEVEL: numbers a set_tid array has at most (C-07). */
const MOST_SET_TID = 32;

/** What may be asked for in a namespace that is made for the child. */
function isInitNumber(nr: number | null | undefined): boolean {
  return nr === 1 || nr === null;
}

const TOO_DEEP: TargetPidsRefusal = {
  refused: "count-too-deep",
  reason: "there are more numbers than levels",
  rules: ["A-10", "E-08"],
};
const NEWPID_WITH_PIDS: TargetPidsRefusal = {
  refused: "newpid-with-pids",
  reason: "v2 refuses CLONE_NEWPID together with chosen pids",
  rules: ["A-14"],
};
const NEWPID_NOT_INIT: TargetPidsRefusal = {
  refused: "newpid-not-init",
  reason: "the first task of a new namespace is 1: no other number can be asked for there",
  rules: ["A-25", "A-26", "A-27"],
};
const ZERO_IS_FREE: PidRefusal = {
  refused: "zero",
  reason: "0 leaves the choice to the kernel there: it cannot be asked for, not even to be refused",
  rules: ["A-23", "T-14"],
};
const GAP: PidRefusal = {
  refused: "gap",
  reason: "set_tid has no word for a level left to the kernel between two chosen ones",
  rules: ["T-14", "T-15"],
};
const OWN_FREE: PidRefusal = {
  refused: "own-free",
  reason:
    "set_tid begins at the caller's own level: it cannot be left to the kernel while an outer one is chosen",
  rules: ["T-14", "T-15"],
};
const ARRAY_TOO_LONG: PidRefusal = {
  refused: "array-too-long",
  reason: "set_tid has 32 numbers at most",
  rules: ["C-07"],
};
