import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placesOf } from "../../src/cli/restart/picture/place.ts";
import { type Card, sketchOf } from "../../src/cli/restart/picture/sketch.ts";
import { deed } from "../restart/deeds.ts";
import { garden, live } from "../restart/history.ts";
import { here } from "./cli.ts";
import { expectGolden } from "./golden.ts";

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function isIn(one: Area, other: Area): boolean {
  return (
    one.x >= other.x &&
    one.y >= other.y &&
    one.x + one.width <= other.x + other.width &&
    one.y + one.height <= other.y + other.height
  );
}

function meets(one: Area, other: Area): boolean {
  const apart =
    one.x + one.width <= other.x ||
    other.x + other.width <= one.x ||
    one.y + one.height <= other.y ||
    other.y + other.height <= one.y;
  return !apart;
}

test("law: no card lies on another, and the box of a namespace holds those who are in it and nobody else", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(deed, { minLength: 5, maxLength: 60 }), (rootIsInit, deeds) => {
      const there = garden(rootIsInit);
      const tree = live(there, deeds);
      fc.pre(![...there.machine.tasks].some(({ state }) => state === "exiting"));
      const { restarter } = sketchOf(tree);
      const { cards, boxes, width, height } = placesOf(restarter);
      const placed = [...cards.values()];
      expect(placed).toHaveLength(1 + tree.tasks.length + (tree.gone?.length ?? 0));
      for (const [i, one] of placed.entries()) {
        expect(isIn(one, { x: 0, y: 0, width, height })).toBe(true);
        for (const other of placed.slice(i + 1)) expect(meets(one, other)).toBe(false);
      }
      expect(boxes).toHaveLength(1 + (tree.namespaces?.length ?? 0));
      for (const { card, ...area } of placed.filter(
        ({ card: { member } }) => member !== null && !member.gone,
      )) {
        const around = boxes.filter((box) => isIn(area, box));
        expect(around.map(({ level }) => level).sort()).toEqual(levelsOf(card));
        for (const box of boxes) expect(meets(area, box)).toBe(isIn(area, box));
      }
    }),
    { numRuns: 60 },
  );
});

/** The levels of the namespaces somebody is in. */
function levelsOf({ member }: Card): number[] {
  return Array.from({ length: (member?.ns.level ?? 0) + 1 }, (_, level) => level);
}

describe("show --svg", () => {
  test("is a picture that stands alone", async () => {
    const { code, stdout } = await here(["restart", "show", "--svg", "examples/restart/sub-namespace.json"]);
    expect(code).toBe(0);
    expectGolden("sub-namespace.svg", stdout);
    expect(stdout.match(/<(?:image|script|link)|href|url\(/g)).toBeNull();
  });

  test("says why a tree cannot come back, and marks the task", async () => {
    const { stdout } = await here(["restart", "show", "--svg", "examples/restart/impossible.json"]);
    expect(stdout).toContain("cannot come back (session-not-inherited): task 12 is in session 9");
    expect(stdout.match(/class="card task guilty"/g)).toHaveLength(1);
    expect(stdout).not.toContain('class="step"');
  });

  test("is of one tree", async () => {
    const files = ["examples/restart/flat.json", "examples/restart/orphans.json"];
    expect(await here(["restart", "show", "--svg", ...files])).toEqual({
      code: 2,
      stdout: "",
      stderr: "trapgate: --svg is a picture of one tree, and there are 2 files\n",
    });
  });
});
