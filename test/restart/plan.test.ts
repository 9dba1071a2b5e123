import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boot } from "../../src/kernel/index.ts";
import {
  type Dialect,
  differencesOf,
  followSchedule,
  isRefusal,
  parseTree,
  planRestart,
  portraitOf,
  type Tree,
} from "../../src/restart/index.ts";
import { checkTree } from "../../src/restart/tree/check-tree.ts";
import { everyTree, everyWriting, keyOfTree } from "./brute-force.ts";
import { deed } from "./deeds.ts";
import { garden, live } from "./history.ts";

/** Where a tree comes back: the differences, or why it does not. */
function restore(tree: Tree, dialect: Dialect, arch: "x86_64" | "i386", profile: string): string[] {
  const plan = planRestart(tree);
  if (isRefusal(plan)) return [`refused: ${plan.reason}`];
  const machine = boot({ arch, profile, frames: 4096 });
  const followed = followSchedule(machine, plan, { dialect });
  if (followed.failure !== null || followed.root === null)
    return [`step ${followed.steps} (${followed.failure?.step.do}) failed: ${followed.failure?.reason}`];
  return differencesOf(tree, portraitOf(followed.root, followed.base));
}

describe("law: what a kernel had comes back", () => {
  test.each<["x86_64" | "i386"]>([["x86_64"], ["i386"]])("on %s", (arch) => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(deed, { minLength: 5, maxLength: 60 }), (rootIsInit, deeds) => {
        const there = garden(rootIsInit);
        const tree = live(there, deeds);
        // An init that still waits for the last of its namespace is neither alive nor a zombie.
        fc.pre(![...there.machine.tasks].some(({ state }) => state === "exiting"));
        expect(there.machine.oopses).toEqual([]);
        expect(restore(parseTree(JSON.stringify(tree), "tree"), "clone3", arch, "clone3-614")).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe("law: in the dialects of 2009 and 2010 too, where no namespace is entered from outside", () => {
  test.each<[Dialect, string]>([
    ["clone_with_pids", "cwp-v3"],
    ["clone_with_pids", "cwp-v2-newpid"],
    ["eclone", "eclone"],
  ])("%s under %s", (dialect, profile) => {
    const inside = deed.filter(({ what }) => what !== "enter" && what !== "home");
    fc.assert(
      fc.property(fc.array(inside, { minLength: 5, maxLength: 40 }), (deeds) => {
        const there = garden(true);
        const tree = live(there, deeds);
        fc.pre(![...there.machine.tasks].some(({ state }) => state === "exiting"));
        const plan = planRestart(tree);
        fc.pre(!isRefusal(plan) && plan.steps.every((step) => step.do !== "enter"));
        expect(restore(tree, dialect, "i386", profile)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});

test("a plan is made where trying everything finds a way, and nowhere else: every tree of two tasks below an init", () => {
  const possible = everyTree(3);
  const counts = { possible: 0, refused: 0 };
  for (const tree of everyWriting(2, 3)) {
    const wrong = checkTree(tree);
    const isPossible = possible.has(keyOfTree(tree));
    if (wrong !== null) {
      expect(
        isPossible,
        `${JSON.stringify(tree)} is a tree of a kernel: ${wrong.path}: ${wrong.message}`,
      ).toBe(false);
      continue;
    }
    const plan = planRestart(tree);
    // Trying everything has three numbers and no more: what needs another helper is shown by restoring it.
    if (!isRefusal(plan)) expect(restore(tree, "clone3", "x86_64", "clone3-614")).toEqual([]);
    else expect(isPossible, `${JSON.stringify(tree)}: ${plan.reason}`).toBe(false);
    counts[isRefusal(plan) ? "refused" : "possible"]++;
  }
  expect(counts).toEqual({ possible: 60, refused: 40 });
});
