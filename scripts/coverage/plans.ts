import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CompiledSyscall, kernelVersion } from "../../src/abi/index.ts";
import { parseVectors, RECORDING_PROFILE, type Vector } from "../../src/conform/index.ts";
import { profileNamed } from "../../src/kernel/index.ts";
import { CLONE_PLAN } from "../vectors/pairs/clone.ts";
import { CLONE3_PLAN } from "../vectors/pairs/clone3.ts";
import { type BaseWish, type Plan, pairsOf } from "../vectors/pairs/join.ts";
import { WORD_PLANS } from "../vectors/pairs/word-plans.ts";
import { oldPlan } from "../vectors/written/ladder.ts";
import { EVERY } from "../vectors/written/spec.ts";
import { UNOBSERVABLE_CALLS, UNOBSERVABLE_RUNGS } from "./reasons.ts";

/** A plan's ladder, holes and reasons, whatever its calls look like. */
export interface Ladder {
  readonly call: string;
  readonly era: string;
  readonly rungs: readonly string[];
  readonly unobservable: Readonly<Record<string, string>>;
  readonly holes: ReadonlyMap<string, string>;
}

function ladderOf<W extends BaseWish, Way extends string>(plan: Plan<W, Way>): Ladder {
  return {
    call: plan.call,
    era: plan.profile ?? RECORDING_PROFILE,
    rungs: [...new Set(plan.demands.map(({ rung }) => rung))],
    unobservable: plan.unobservable,
    holes: new Map(pairsOf(plan).holes.map(({ pair, because }) => [pair.join("+"), because])),
  };
}

/** Every ladder whose pairs of rungs are to be shown. */
export const PLANS: readonly Ladder[] = [
  ...EVERY.map((profile) => ladderOf(oldPlan(profile))),
  ladderOf(CLONE_PLAN),
  ladderOf(CLONE3_PLAN),
];

/** Those of calls whose arguments leave many rungs alone: one pointer is not bad in two ways. */
export const WORD_LADDERS: readonly Ladder[] = WORD_PLANS.map(ladderOf);

/** Of these calls, those that the recording kernel has more than one rung of, and no plan asks for their pairs. */
export function unplannedOf(calls: Iterable<CompiledSyscall>): string[] {
  const kernel = kernelVersion(profileNamed(RECORDING_PROFILE).kernel);
  return [...calls]
    .filter((call) => call.ladderIn(kernel).length > 1 && !(call.name in UNOBSERVABLE_CALLS))
    .map(({ name }) => name)
    .filter((name) => ![...PLANS, ...WORD_LADDERS].some(({ call }) => call === name));
}

/** The rungs a call has in the era of a plan that the plan neither breaks nor has a reason not to. */
export function forgottenBy({ era, rungs, unobservable }: Ladder, call: CompiledSyscall): string[] {
  return call
    .ladderIn(kernelVersion(profileNamed(era).kernel))
    .map(({ id }) => id)
    .filter(
      (id) =>
        !(
          rungs.includes(id) ||
          id in unobservable ||
          UNOBSERVABLE_RUNGS.some(([pattern]) => pattern.test(id))
        ),
    );
}

/** The cases of a folder, in order. */
export function* casesIn(folder: string): Generator<Vector> {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort())
    if (name.endsWith(".jsonl"))
      for (const { vector } of parseVectors(readFileSync(join(folder, name), "utf8"), name)) yield vector;
}

/** How many pairs of a ladder's rungs are shown, and which neither are nor have a reason for that. */
export function pairingOf(
  { call, era, rungs, holes }: Ladder,
  shown: ReadonlySet<string>,
): { readonly covered: number; readonly total: number; readonly missing: readonly string[] } {
  const missing: string[] = [];
  let covered = 0;
  let total = 0;
  for (const [i, first] of rungs.entries())
    for (const second of rungs.slice(i + 1)) {
      total++;
      const either = [`${first}+${second}`, `${second}+${first}`];
      if (either.some((pair) => shown.has(`${era} ${call} ${pair}`))) covered++;
      else if (!either.some((pair) => holes.has(pair))) missing.push(`${first}+${second}`);
    }
  return { covered, total, missing };
}
