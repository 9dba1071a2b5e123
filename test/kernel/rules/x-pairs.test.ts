import { afterAll, describe, expect, test } from "vitest";
import type { CopyStep } from "../../../src/kernel/clone/step-names.ts";
import { boot, PROFILES, type Profile } from "../../../src/kernel/index.ts";
import { ERAS, type Era, TITLE, V3, variant } from "../support/eras.ts";
import { breaks, merge, RUNG_OF, type Scenario, SOUND, speaks } from "../support/scenario.ts";
import { Stage } from "../support/stage.ts";
import { EXCLUSIONS, VIOLATIONS } from "../support/violations.ts";

const SINCE_2_6_32 = ["parent-by-init", "newpid-parent"];

/** The rungs of an era, in the order of rules.md. */
function ladderOf(era: Era, additions: boolean): readonly string[] {
  return Object.entries(VIOLATIONS)
    .filter(([rung, { only }]) => (additions || !SINCE_2_6_32.includes(rung)) && (only?.(era) ?? true))
    .map(([rung]) => rung);
}

/** Every scenario in which both rungs are broken and no third one stands in front of them. */
function together(a: string, b: string, ladder: readonly string[], era: Era): Scenario[] {
  const found: Scenario[] = [];
  for (const x of VIOLATIONS[a]?.ways ?? []) {
    for (const y of VIOLATIONS[b]?.ways ?? []) {
      const s = merge(x, y);
      if (s === null || !breaks(s, a, era) || !breaks(s, b, era)) continue;
      const first = speaks(s, ladder, era);
      if (first === a || first === b) found.push(s);
    }
  }
  return found;
}

/** Why a pair cannot be broken together; undefined when it can. */
function excluded(a: string, b: string, era: Era): string | undefined {
  return EXCLUSIONS.find(
    (e) =>
      (e.only?.(era) ?? true) &&
      ((e.a.includes(a) && e.b.includes(b)) || (e.a.includes(b) && e.b.includes(a))),
  )?.why;
}

const coverage: string[] = [];
afterAll(() => {
  process.stdout.write(`pairs of clone_with_pids's rungs\n${coverage.map((line) => `  ${line}\n`).join("")}`);
});

/** All pairs of one era, a test a rung. */
function pairs(era: Era, name: string, additions: boolean, profile?: Profile): void {
  const ladder = ladderOf(era, additions);
  const stage = new Stage(era, profile);
  let played = 0;
  let scenarios = 0;
  let apart = 0;

  test("a call with nothing wrong succeeds", () => {
    expect(new Stage(era, profile).play(SOUND)).toEqual({ errno: null, rung: null });
  });

  test.each(ladder)("%s alone speaks", (rung) => {
    const alone = (VIOLATIONS[rung]?.ways ?? [])
      .map((way) => merge(way, {}))
      .filter((s): s is Scenario => s !== null && speaks(s, ladder, era) === rung);
    expect(alone.length).toBeGreaterThan(0);
    for (const s of alone) expect(stage.play(s)).toEqual({ errno: VIOLATIONS[rung]?.errno, rung });
  });

  test.each(ladder.slice(0, -1))("%s speaks before every rung below it", (a) => {
    for (const b of ladder.slice(ladder.indexOf(a) + 1)) {
      const found = together(a, b, ladder, era);
      const why = excluded(a, b, era);
      expect(found.length > 0, `${a} + ${b}: ${why ?? "no way to break both"}`).toBe(why === undefined);
      if (why !== undefined) {
        apart++;
        continue;
      }
      played++;
      // Among numbers the place decides, not the kind (A-47): both ways round are played. Elsewhere one will do.
      const numbers = Object.values(RUNG_OF);
      const all = numbers.includes(a) && numbers.includes(b) ? found : found.slice(0, 2);
      for (const s of all) {
        scenarios++;
        const rung = speaks(s, ladder, era) ?? "none";
        if (!numbers.includes(a)) expect(rung).toBe(a);
        const answer = stage.play(s);
        expect({ pair: `${a} + ${b}`, ...answer }).toEqual({
          pair: `${a} + ${b}`,
          errno: VIOLATIONS[rung]?.errno,
          rung,
        });
      }
    }
  });

  afterAll(() => {
    const total = (ladder.length * (ladder.length - 1)) / 2;
    coverage.push(
      `${name}: ${ladder.length} rungs, ${played} of ${total} pairs in ${scenarios} calls, ${apart} exclude each other`,
    );
  });
}

describe.each(ERAS)(`Pairs of rungs, ${TITLE}`, (era) => {
  pairs(era, `${era.arch} ${era.profile}`, false);

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
  pairs(era, `${era.arch} ${era.profile} as of 2.6.32`, true, variant(era.profile, { copyProcess }));
});

describe("Pairs that exclude each other", () => {
  test.each(EXCLUSIONS)("$a with $b: $why", ({ a, b, why }) => {
    for (const rung of [...a, ...b]) expect(VIOLATIONS[rung]).toBeDefined();
    expect(why).not.toBe("");
  });
});
