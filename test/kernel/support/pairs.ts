import { afterAll, expect, test } from "vitest";
import type { Profile } from "../../../src/kernel/index.ts";
import type { Era } from "./eras.ts";
import { breaks, merge, RUNG_OF, type Scenario, SOUND, speaks } from "./scenario.ts";
import { Stage } from "./stage.ts";
import { EXCLUSIONS, type Violation } from "./violations.ts";

/** A ladder as rules.md has it, in check order, with what breaks each rung. */
export type Violations = Readonly<Record<string, Violation>>;

/** Every scenario in which both rungs are broken and no third one stands in front of them. */
function together(
  a: string,
  b: string,
  ladder: readonly string[],
  era: Era,
  violations: Violations,
): Scenario[] {
  const found: Scenario[] = [];
  for (const x of violations[a]?.ways ?? []) {
    for (const y of violations[b]?.ways ?? []) {
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
  process.stdout.write(`pairs of rungs\n${coverage.map((line) => `  ${line}\n`).join("")}`);
});

/** All pairs of one era, a test a rung. */
export function pairs(
  era: Era,
  name: string,
  violations: Violations,
  ladder: readonly string[],
  profile?: Profile,
): void {
  const stage = new Stage(era, profile);
  let played = 0;
  let scenarios = 0;
  let apart = 0;

  test("a call with nothing wrong succeeds", () => {
    expect(new Stage(era, profile).play(SOUND)).toEqual({ errno: null, rung: null });
  });

  test.each(ladder)("%s alone speaks", (rung) => {
    const alone = (violations[rung]?.ways ?? [])
      .map((way) => merge(way, {}))
      .filter((s): s is Scenario => s !== null && speaks(s, ladder, era) === rung);
    expect(alone.length).toBeGreaterThan(0);
    for (const s of alone) expect(stage.play(s)).toEqual({ errno: violations[rung]?.errno, rung });
  });

  test.each(ladder.slice(0, -1))("%s speaks before every rung below it", (a) => {
    for (const b of ladder.slice(ladder.indexOf(a) + 1)) {
      const found = together(a, b, ladder, era, violations);
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
          errno: violations[rung]?.errno,
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
