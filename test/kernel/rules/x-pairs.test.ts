import { describe, expect, test } from "vitest";
import type { CopyStep } from "../../../src/kernel/clone/step-names.ts";
import { boot, PROFILES } from "../../../src/kernel/index.ts";
import { ECLONE, ERAS, type Era, TITLE, V3, variant } from "../support/eras.ts";
import { pairs } from "../support/pairs.ts";
import { ECLONE_VIOLATIONS, EXCLUSIONS, VIOLATIONS } from "../support/violations.ts";

const SINCE_2_6_32 = ["parent-by-init", "newpid-parent"];

/** The rungs of an era, in the order of rules.md. */
function ladderOf(era: Era, additions: boolean): readonly string[] {
  return Object.entries(VIOLATIONS)
    .filter(([rung, { only }]) => (additions || !SINCE_2_6_32.includes(rung)) && (only?.(era) ?? true))
    .map(([rung]) => rung);
}

describe.each(ERAS)(`Pairs of rungs, ${TITLE}`, (era) => {
  pairs(era, `${era.arch} ${era.profile}`, VIOLATIONS, ladderOf(era, false));

  test("X-01 … X-12 the declared ladder is the one of rules.md, rung by rung", () => {
    const declared = boot({ ...era, frames: 8 })
      .registry.get("clone_with_pids")
      ?.ladder.map((rung) => rung.id);
    expect(declared).toEqual(Object.keys(VIOLATIONS));
  });
});

describe.each(V3)(`Pairs of rungs with the two of 2.6.32, ${TITLE}`, (era) => {
  const copyProcess: CopyStep[] = [...(PROFILES[era.profile]?.copyProcess ?? [])];
  copyProcess.splice(copyProcess.indexOf("security-hook"), 0, "parent-by-init");
  copyProcess.splice(copyProcess.indexOf("newpid-thread"), 0, "newpid-parent");
  const profile = variant(era.profile, { copyProcess });
  pairs(era, `${era.arch} ${era.profile} as of 2.6.32`, VIOLATIONS, ladderOf(era, true), profile);
});

describe("Pairs that exclude each other", () => {
  test.each(EXCLUSIONS)("$a with $b: $why", ({ a, b, why }) => {
    for (const rung of [...a, ...b]) expect({ ...VIOLATIONS, ...ECLONE_VIOLATIONS }[rung]).toBeDefined();
    expect(why).not.toBe("");
  });
});

describe.each(ECLONE)(`Pairs of rungs, ${TITLE}`, (era) => {
  const ladder = Object.entries(ECLONE_VIOLATIONS)
    .filter(([, { only }]) => only?.(era) ?? true)
    .map(([rung]) => rung);
  pairs(era, `${era.arch} ${era.profile}`, ECLONE_VIOLATIONS, ladder);

  test("X-13 … X-17 the declared ladder is the one of rules.md, but for what can never speak", () => {
    const declared = boot({ ...era, frames: 8 })
      .registry.get("eclone")
      ?.ladder.map((rung) => rung.id);
    const silent = ["flag-unknown", "pid-reserved"];
    expect(declared?.filter((rung) => !silent.includes(rung))).toEqual(Object.keys(ECLONE_VIOLATIONS));
  });
});
