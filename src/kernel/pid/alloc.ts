import type { FaultPlan } from "../../mm/fault-plan.ts";
import type { Credentials } from "../task/credentials.ts";
import { nsCapableAny } from "../task/ns-capable.ts";
import { BITMAP_CAPACITY, CHUNK_NUMBERS } from "./bitmap.ts";
import type { PidNamespace } from "./namespace.ts";
import { Pid } from "./pid.ts";
import type { ChoiceCheck, PidPolicy } from "./policy.ts";
import type { PidWish } from "./wish.ts";

/** Why no number could be had at some level. The caller knows which rung, and so which errno, that is. */
export type PidFailure =
  | "negative"
  | "below-one"
  | "beyond-pid-max"
  | "reserved"
  | "without-init"
  | "not-capable"
  | "no-memory"
  | "taken"
  | "exhausted"
  | "dying"
  | "undefined";

/**
 * `alloc_pid`: an identity in `ns`, with a number at every level from `ns` to the initial namespace. Levels are served
 * innermost first, and the first failure wins (A-47, T-09); numbers taken at inner levels are given back then, while a
 * cursor that has moved stays moved unless the namespace was still empty (T-18).
 *
 * @param targets number asked for by level, level 0 first; null leaves the choice to the kernel, here or everywhere
 * @param cred who asks, for eras in which choosing takes a capability over each level; null asks for none
 */
export function allocPid(
  ns: PidNamespace,
  targets: PidWish["numbers"] | null,
  policy: PidPolicy,
  plan: FaultPlan | null = null,
  cred: Credentials | null = null,
): Pid | PidFailure {
  if (targets !== null && policy.first.length > 0) {
    const failure = judgeAll(ns, targets, policy, plan, cred);
    if (failure !== null) return failure;
  }
  const numbers: number[] = new Array(ns.level + 1);
  for (let at: PidNamespace | null = ns; at !== null; at = at.parent) {
    const asked = targets === null ? null : (targets[at.level] ?? null);
    const got = asked === null ? chooseNext(at, policy, plan) : chooseGiven(at, asked, policy, plan, cred);
    if (typeof got !== "number") return giveBack(ns, at, numbers, policy, got);
    numbers[at.level] = got;
    if (policy.initLate && got !== 1 && at.reaper === null)
      return giveBack(ns, at.parent, numbers, policy, "without-init");
  }
  if (ns.dying && policy.closes) return giveBack(ns, null, numbers, policy, "dying");
  return new Pid(ns, numbers);
}

/** The bound of a level: numbers are below it. */
function pidMaxAt(ns: PidNamespace, policy: PidPolicy): number {
  return Math.min(policy.pidMaxScope === "global" ? ns.root.pidMax : ns.pidMax, BITMAP_CAPACITY);
}

/** B-30, T-16: the next number after the last one; after the last of all from the reserved ones up again, or from 1. */
function chooseNext(ns: PidNamespace, policy: PidPolicy, plan: FaultPlan | null): number | PidFailure {
  const limit = pidMaxAt(ns, policy);
  const next = ns.lastPid + 1;
  const floor = next > policy.reservedFrom ? policy.reserved : 1;
  const start = next >= limit ? floor : next;
  let nr = ns.map.nextFree(start, limit);
  if (nr < 0) nr = ns.map.nextFree(floor, Math.min(start, limit));
  if (nr < 0) return policy.fullMapYieldsZero && ns.lastPid !== policy.reserved ? 0 : "exhausted";
  if (!hasPage(ns, nr, plan)) return "no-memory";
  ns.map.set(nr);
  ns.lastPid = nr;
  return nr;
}

/** A-41 … A-44, T-03 … T-07: a number of the caller's choice; the cursor stays where it is (A-45, T-17). */
function chooseGiven(
  ns: PidNamespace,
  nr: number,
  policy: PidPolicy,
  plan: FaultPlan | null,
  cred: Credentials | null,
): number | PidFailure {
  for (const check of policy.choice) {
    const failure = judge(check, ns, nr, policy, plan, cred);
    if (failure !== null) return failure;
  }
  ns.map.set(nr);
  return nr;
}

/** T-11: what the caller asks for, at every level, before anything is taken. */
function judgeAll(
  ns: PidNamespace,
  targets: PidWish["numbers"],
  policy: PidPolicy,
  plan: FaultPlan | null,
  cred: Credentials | null,
): PidFailure | null {
  for (let at: PidNamespace | null = ns; at !== null; at = at.parent) {
    const asked = targets[at.level] ?? null;
    if (asked === null) continue;
    for (const check of policy.first) {
      const failure = judge(check, at, asked, policy, plan, cred);
      if (failure !== null) return failure;
    }
  }
  return null;
}

function judge(
  check: ChoiceCheck,
  ns: PidNamespace,
  nr: number,
  policy: PidPolicy,
  plan: FaultPlan | null,
  cred: Credentials | null,
): PidFailure | null {
  switch (check) {
    case "negative":
      return nr < 0 ? "negative" : null;
    case "below-one":
      return nr < 1 ? "below-one" : null;
    case "beyond-pid-max":
      return nr >= pidMaxAt(ns, policy) ? "beyond-pid-max" : null;
    case "reserved":
      return nr < policy.reserved && ns.lastPid >= policy.reserved ? "reserved" : null;
    case "without-init":
      return nr !== 1 && ns.reaper === null ? "without-init" : null;
    case "capable":
      return cred === null || nsCapableAny(cred, ns.userNs, policy.capabilities) ? null : "not-capable";
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

/** Frees the numbers taken from `from` up to, not including, `end`, and passes the reason on. */
function giveBack(
  from: PidNamespace,
  end: PidNamespace | null,
  numbers: readonly number[],
  policy: PidPolicy,
  why: PidFailure,
): PidFailure {
  for (let ns: PidNamespace | null = from; ns !== null && ns !== end; ns = ns.parent) {
    ns.map.clear(numbers[ns.level] as number);
  }
  if (policy.rewinds && from.live === 0) from.lastPid = 0;
  return why;
}
