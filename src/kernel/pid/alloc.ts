import type { FaultPlan } from "../../mm/fault-plan.ts";
import { BITMAP_CAPACITY, CHUNK_NUMBERS } from "./bitmap.ts";
import type { PidNamespace } from "./namespace.ts";
import { Pid } from "./pid.ts";
import type { ChoiceCheck, PidPolicy } from "./policy.ts";
import type { PidWish } from "./wish.ts";

/** Why no number could be had at some level. The caller knows which rung, and so which errno, that is. */
export type PidFailure =
  | "negative"
  | "beyond-pid-max"
  | "reserved"
  | "no-memory"
  | "taken"
  | "exhausted"
  | "undefined";

/**
 * `alloc_pid`: an identity in `ns`, with a number at every level from `ns` to the initial namespace. Levels are served
 * innermost first, and the first failure wins; numbers taken at inner levels are given back then, while a
 * cursor that has moved stays moved.
 *
 * @param targets number asked for by level, level 0 first; null leaves the choice to the kernel, here or everywhere
 */
export function allocPid(
  ns: PidNamespace,
  targets: PidWish["numbers"] | null,
  policy: PidPolicy,
  plan: FaultPlan | null = null,
): Pid | PidFailure {
  const numbers: number[] = new Array(ns.level + 1);
  for (let at: PidNamespace | null = ns; at !== null; at = at.parent) {
    const asked = targets === null ? null : (targets[at.level] ?? null);
    const limit = pidMaxAt(at, policy);
    const got =
      asked === null ? chooseNext(at, limit, policy, plan) : chooseGiven(at, asked, limit, policy, plan);
    if (typeof got !== "number") {
      giveBack(ns, at, numbers);
      return got;
    }
    numbers[at.level] = got;
  }
  return new Pid(ns, numbers);
}

/** The bound of a level: numbers are below it. */
function pidMaxAt(ns: PidNamespace, policy: PidPolicy): number {
  return Math.min(policy.pidMaxScope === "global" ? ns.root.pidMax : ns.pidMax, BITMAP_CAPACITY);
}

/** B-30: the next number after the last one, and from the reserved ones up again after the last of all. */
function chooseNext(
  ns: PidNamespace,
  limit: number,
  policy: PidPolicy,
  plan: FaultPlan | null,
): number | PidFailure {
  const start = ns.lastPid + 1 >= limit ? policy.reserved : ns.lastPid + 1;
  let nr = ns.map.nextFree(start, limit);
  if (nr < 0) nr = ns.map.nextFree(policy.reserved, Math.min(start, limit));
  if (nr < 0) return policy.fullMapYieldsZero && ns.lastPid !== policy.reserved ? 0 : "exhausted";
  if (!hasPage(ns, nr, plan)) return "no-memory";
  ns.map.set(nr);
  ns.lastPid = nr;
  return nr;
}

/** A-41 … A-44: a number of the caller's choice; the cursor stays where it is. */
function chooseGiven(
  ns: PidNamespace,
  nr: number,
  limit: number,
  policy: PidPolicy,
  plan: FaultPlan | null,
): number | PidFailure {
  for (const check of policy.choice) {
    const failure = judge(check, ns, nr, limit, policy, plan);
    if (failure !== null) return failure;
  }
  ns.map.set(nr);
  return nr;
}

function judge(
  check: ChoiceCheck,
  ns: PidNamespace,
  nr: number,
  limit: number,
  policy: PidPolicy,
  plan: FaultPlan | null,
): PidFailure | null {
  switch (check) {
    case "negative":
      return nr < 0 ? "negative" : null;
    case "beyond-pid-max":
      return nr >= limit ? "beyond-pid-max" : null;
    case "reserved":
      return nr < policy.reserved && ns.lastPid >= policy.reserved ? "reserved" : null;
    case "page":
      return hasPage(ns, nr, plan) ? null : "no-memory";
    case "taken":
      if (!ns.map.has(nr)) return null;
      return policy.takenBeyondPageUndefined && nr >= CHUNK_NUMBERS ? "undefined" : "taken";
  }
}

/** The page of the map a number lies on exists, or there is memory for it. */
function hasPage(ns: PidNamespace, nr: number, plan: FaultPlan | null): boolean {
  // A namespace is made with its first page.
  return nr < CHUNK_NUMBERS || ns.map.hasChunk(nr) || plan === null || plan.allocate("pidmap");
}

function giveBack(from: PidNamespace, failed: PidNamespace, numbers: readonly number[]): void {
  for (let ns: PidNamespace | null = from; ns !== null && ns !== failed; ns = ns.parent) {
    ns.map.clear(numbers[ns.level] as number);
  }
}

export { PID_POLICY_2009, PID_POLICY_CLONE3, PID_POLICY_OWN_PID_MAX, type PidPolicy } from "./policy.ts";
