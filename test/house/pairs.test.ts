import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { casesIn, PLANS, pairingOf, WORD_LADDERS } from "../../scripts/coverage/plans.ts";
import { operationsOf, RECORDING_PROFILE, type Vector } from "../../src/conform/index.ts";

/** What a case says one of its calls breaks, as pairs: `era call first+second`. */
function pairsIn(vector: Vector): string[] {
  const era = vector.profile ?? RECORDING_PROFILE;
  return Object.entries(vector.provenance?.breaks ?? {}).flatMap(([label, broken]) => {
    const operation = [...operationsOf(vector.program)].find((o) => o.op === "sys" && o.label === label);
    const call = operation?.op === "sys" ? operation.name : "";
    return broken.flatMap((first, i) =>
      broken.slice(i + 1).map((second) => `${era} ${call} ${first}+${second}`),
    );
  });
}

describe("the order of checks", () => {
  const shown = new Set([...casesIn(join(import.meta.dirname, "../../vectors"))].flatMap(pairsIn));

  test.each(PLANS)("$call in $era: every pair of rungs has a case, or a reason for having none", (plan) => {
    const { covered, total, missing } = pairingOf(plan, shown);
    expect(missing).toEqual([]);
    expect(covered).toBeGreaterThan(total * 0.8);
  });

  test.each(WORD_LADDERS)(
    "$call in $era: every pair of rungs has a case, or a reason for having none",
    (plan) => {
      const { covered, missing } = pairingOf(plan, shown);
      expect(missing).toEqual([]);
      expect(covered).toBeGreaterThan(0);
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
