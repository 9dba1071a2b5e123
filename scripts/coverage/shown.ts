import {
  EmulatedKernel,
  isSkipped,
  operationsOf,
  RECORDING_PROFILE,
  type Vector,
} from "../../src/conform/index.ts";
import { judge } from "../../src/conform/verdict.ts";
import { PAIR_RULES } from "./reasons.ts";

/** What the cases show: rungs and pairs by era and call, and rules. */
export interface Shown {
  /** `era call rung` */
  readonly rungs: ReadonlySet<string>;
  /** `era call rung+rung`, the first speaking */
  readonly pairs: ReadonlySet<string>;
  readonly rules: ReadonlySet<string>;
  /** Cases that count for nothing: they fail, or another rung speaks than they say. */
  readonly wrong: readonly string[];
}

/** Runs every case, and notes which rung speaks in which call and what the cases say they break. */
export function shownBy(
  cases: Iterable<Vector>,
  rulesOf: (era: string, call: string, rung: string) => readonly string[],
): Shown {
  const kernel = new EmulatedKernel();
  const rungs = new Set<string>();
  const pairs = new Set<string>();
  const rules = new Set<string>();
  const wrong: string[] = [];
  const note = (where: string, broken: readonly string[]): void => {
    if (broken[0] !== undefined) rungs.add(`${where} ${broken[0]}`);
    for (const [i, first] of broken.entries())
      for (const second of broken.slice(i + 1)) pairs.add(`${where} ${first}+${second}`);
  };
  for (const vector of cases) {
    const answer = kernel.run(vector);
    const verdict = judge(vector, answer).status;
    if (verdict === "failed") wrong.push(`${vector.id}: it fails`);
    const era = vector.profile ?? RECORDING_PROFILE;
    if (verdict === "unsupported") {
      // The kernel has answered it; which rung spoke, only the case says.
      for (const [label, broken] of Object.entries(vector.provenance?.breaks ?? {}))
        note(`${era} ${nameOf(vector, label)}`, broken);
      for (const rule of vector.provenance?.rules ?? []) rules.add(rule);
    }
    if (verdict !== "passed" || isSkipped(answer)) continue;
    for (const { call, rung } of Object.values(answer.rungs ?? {})) {
      rungs.add(`${era} ${call} ${rung}`);
      for (const rule of rulesOf(era, call, rung)) rules.add(rule);
    }
    for (const rule of vector.provenance?.rules ?? []) rules.add(rule);
    for (const [label, broken] of Object.entries(vector.provenance?.breaks ?? {})) {
      const spoke = answer.rungs?.[label];
      if (spoke === undefined || spoke.rung !== broken[0]) {
        wrong.push(`${vector.id}: ${broken[0]} is said to speak, ${spoke?.rung ?? "nothing"} does`);
        continue;
      }
      note(`${era} ${spoke.call}`, broken);
    }
  }
  for (const [rule, [first, second]] of Object.entries(PAIR_RULES))
    if (pairs.has(`${RECORDING_PROFILE} clone3 ${first}+${second}`)) rules.add(rule);
  return { rungs, pairs, rules, wrong };
}

/** The call an operation says it makes. */
function nameOf(vector: Vector, label: string): string {
  for (const operation of operationsOf(vector.program))
    if (operation.op === "sys" && operation.label === label) return operation.name ?? "";
  return "";
}
