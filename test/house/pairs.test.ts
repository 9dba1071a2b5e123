import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  casesIn,
  forgottenBy,
  PLANS,
  pairingOf,
  unplannedOf,
  WORD_LADDERS,
} from "../../scripts/coverage/plans.ts";
import { CALLS, FLAG_SETS, LADDERS, Registry, STRUCTS } from "../../src/abi/index.ts";
import { operationsOf, RECORDING_PROFILE, type Vector } from "../../src/conform/index.ts";

const registry = new Registry({ calls: CALLS, structs: STRUCTS, flagsets: FLAG_SETS, ladders: LADDERS });

/** What the cases say their calls break: each rung that speaks, and pairs, as `era call first+second`. */
function* brokenIn(vector: Vector): Generator<string> {
  const era = vector.profile ?? RECORDING_PROFILE;
  for (const [label, broken] of Object.entries(vector.provenance?.breaks ?? {})) {
    const operation = [...operationsOf(vector.program)].find((o) => o.op === "sys" && o.label === label);
    const call = operation?.op === "sys" ? operation.name : "";
    if (broken[0] !== undefined) yield `${era} ${call} ${broken[0]}`;
    for (const [i, first] of broken.entries())
      for (const second of broken.slice(i + 1)) yield `${era} ${call} ${first}+${second}`;
  }
}

describe("the order of checks", () => {
  const shown = new Set<string>();
  for (const vector of casesIn(join(import.meta.dirname, "../../vectors")))
    for (const broken of brokenIn(vector)) shown.add(broken);

  test("every call with a ladder has a plan that asks for its pairs", () => {
    expect(unplannedOf(registry.calls())).toEqual([]);
    const ladder = [
      ["first", "EPERM", [], "it may not"],
      ["second", "EINVAL", [], "it cannot"],
    ] as const;
    const called = { name: "newcomer", numbers: { x86_64: 999 }, args: {}, returns: "int" } as const;
    const declared = { ...called, ladder, support: "full", provenance: ["nowhere"] } as const;
    expect(unplannedOf(new Registry({ calls: [declared] }).calls())).toEqual(["newcomer"]);
  });

  test.each([...PLANS, ...WORD_LADDERS])("$call in $era: the plan forgets no rung", (plan) => {
    const call = registry.get(plan.call);
    expect(call === undefined ? ["no such call"] : forgottenBy(plan, call)).toEqual([]);
  });

  test.each(PLANS)("$call in $era: every pair of rungs has a case, or a reason for having none", (plan) => {
    const { covered, total, missing } = pairingOf(plan, shown);
    expect(missing).toEqual([]);
    expect(covered).toBeGreaterThan(total * 0.8);
  });

  test.each(WORD_LADDERS)(
    "$call in $era: every pair of rungs has a case, or a reason for having none",
    (plan) => {
      expect(pairingOf(plan, shown).missing).toEqual([]);
      const { call, era, rungs } = plan;
      expect(rungs.filter((rung) => !shown.has(`${era} ${call} ${rung}`))).toEqual([]);
    },
  );

  test.each([...PLANS, ...WORD_LADDERS])(
    "$call in $era: a pair that has a case has no reason for having none",
    (plan) => {
      const { call, era, holes } = plan;
      expect([...holes.keys()].filter((pair) => shown.has(`${era} ${call} ${pair}`))).toEqual([]);
    },
  );
});
