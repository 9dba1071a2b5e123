import { readFileSync } from "node:fs";
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
import { search } from "./brute-search.ts";
import { deed, orphaned, orphaningDeed } from "./deeds.ts";
import { garden, live } from "./history.ts";
import { ORPHANED } from "./orphaned.ts";

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

const ROOT = { pid: [1], parent: 0, session: 1, group: 1 };
const FROM_OUTSIDE = { pid: [1], parent: 0, session: 0, group: 1 };

/** Groups whose numbers are not known in a namespace, and who was moved there meanwhile. */
test.each<[string, Omit<Tree, "format">]>([
  [
    "its init was in one group for one child, and in another for the next",
    {
      namespaces: [{ init: 20 }],
      tasks: [
        ROOT,
        { pid: [21], parent: 1, session: 1, group: 21 },
        { pid: [20, 1], parent: 1, session: 1, group: 1, ns: 20 },
        { pid: [22, 2], parent: 20, session: 1, group: 21, ns: 20 },
        { pid: [23, 3], parent: 20, session: 1, group: 1, ns: 20 },
      ],
    },
  ],
  [
    "it was put back before its maker's setsid, while a helper kept the group it led",
    {
      namespaces: [{ init: 33 }],
      tasks: [
        ROOT,
        { pid: [12], parent: 1, session: 12, group: 12 },
        { pid: [33, 1], parent: 12, session: 1, group: 1, ns: 33 },
        { pid: [44, 51], parent: 33, session: 1, group: 33, ns: 33 },
      ],
    },
  ],
  [
    "it was put back into the group from outside before its maker's setsid",
    {
      namespaces: [{ init: 49 }],
      tasks: [
        { pid: [77], parent: 0, session: 0, group: 0 },
        { pid: [61], parent: 77, session: 0, group: 49 },
        { pid: [59], parent: 77, session: 59, group: 59 },
        { pid: [49, 1], parent: 59, session: 0, group: 0, ns: 49 },
      ],
    },
  ],
  [
    "its init could not make the second, and adopted it",
    {
      namespaces: [{ init: 19 }, { init: 45, in: 19 }],
      tasks: [
        FROM_OUTSIDE,
        { pid: [50], parent: 1, session: 0, group: 50 },
        { pid: [19, 1], parent: 1, session: 19, group: 19, ns: 19 },
        { pid: [45, 52, 1], parent: 19, session: 0, group: 45, ns: 45 },
        { pid: [31, 38, 45], parent: 45, session: 0, group: 1, ns: 45 },
        { pid: [21, 28, 35], parent: 45, session: 0, group: 50, ns: 45 },
      ],
    },
  ],
  [
    "its init has to stay in the group from outside",
    {
      namespaces: [{ init: 4 }],
      tasks: [
        ROOT,
        { pid: [4, 1], parent: 1, session: 0, group: 0, ns: 4 },
        { pid: [37], parent: 1, session: 0, group: 37 },
        { pid: [49, 56], parent: 4, session: 0, group: 37, ns: 4 },
        { pid: [33, 40], parent: 4, session: 0, group: 0, ns: 4 },
      ],
    },
  ],
  [
    "its init was moved by a maker that had not begun its session yet",
    {
      namespaces: [{ init: 33 }],
      tasks: [
        ROOT,
        { pid: [12], parent: 1, session: 12, group: 12 },
        { pid: [21], parent: 1, session: 1, group: 21 },
        { pid: [33, 1], parent: 12, session: 1, group: 33, ns: 33 },
        { pid: [44, 2], parent: 33, session: 1, group: 1, ns: 33 },
        { pid: [45, 3], parent: 33, session: 1, group: 21, ns: 33 },
      ],
    },
  ],
  [
    "its init was moved when it had a child",
    {
      namespaces: [{ init: 27 }],
      tasks: [
        FROM_OUTSIDE,
        { pid: [27, 1], parent: 1, session: 0, group: 1, ns: 27 },
        { pid: [61, 8], parent: 27, session: 0, group: 0, ns: 27 },
      ],
    },
  ],
  [
    "its init led a group meanwhile",
    {
      namespaces: [{ init: 18 }],
      tasks: [
        ROOT,
        { pid: [18, 1], parent: 1, session: 1, group: 1, ns: 18 },
        { pid: [61, 8], parent: 18, session: 1, group: 18, ns: 18 },
      ],
    },
  ],
  [
    "its init was in one group after the other, and leads one of its own",
    {
      namespaces: [{ init: 10 }],
      tasks: [
        { pid: [1], parent: 0, session: 0, group: 1 },
        { pid: [10, 1], parent: 1, session: 0, group: 10, ns: 10 },
        { pid: [53], parent: 1, session: 0, group: 1 },
        { pid: [52, 59], parent: 10, session: 0, group: 0, ns: 10 },
        { pid: [16, 23], parent: 10, session: 0, group: 1, ns: 10 },
      ],
    },
  ],
  [
    "its init led one between two stays in its own",
    {
      namespaces: [{ init: 51 }],
      tasks: [
        ROOT,
        { pid: [51, 1], parent: 1, session: 1, group: 1, ns: 51 },
        { pid: [53, 60], parent: 51, session: 1, group: 1, ns: 51 },
        { pid: [31, 38], parent: 51, session: 1, group: 51, ns: 51 },
      ],
    },
  ],
  [
    "a root that led a group goes back to the one it came from",
    {
      tasks: [
        { pid: [77], parent: 0, session: 0, group: 0 },
        { pid: [49], parent: 77, session: 0, group: 77 },
      ],
    },
  ],
])("a group from outside a namespace comes back: %s", (_, tree) => {
  const parsed = parseTree(JSON.stringify({ format: "trapgate-tree-1", ...tree }), "t");
  expect(restore(parsed, "clone3", "x86_64", "clone3-614")).toEqual([]);
});

test.each<[string, Omit<Tree, "format">]>([
  [
    "an init is stopped by its parent, which is stopped itself",
    {
      namespaces: [{ init: 6 }],
      tasks: [
        ROOT,
        { pid: [5], parent: 1, session: 1, group: 1, stopped: true },
        { pid: [6, 1], parent: 5, session: 1, group: 1, ns: 6, stopped: true },
      ],
    },
  ],
  ["somebody stops when the last has ended that kept its group from being orphaned", { tasks: ORPHANED }],
  [
    "children are born in their parent's own namespace, and that is told",
    { tasks: [{ ...ROOT, childNs: 0 }] },
  ],
])("%s", (_, tree) => {
  const parsed = parseTree(JSON.stringify({ format: "trapgate-tree-1", ...tree }), "t");
  expect(restore(parsed, "clone3", "x86_64", "clone3-614")).toEqual([]);
});

test.each<[string, Omit<Tree, "format">]>([
  [
    "by the leader of its session, its sister",
    {
      tasks: [
        ROOT,
        { pid: [7], parent: 1, session: 1, group: 1 },
        { pid: [9], parent: 7, session: 9, group: 9 },
        { pid: [12], parent: 7, session: 9, group: 9 },
      ],
    },
  ],
  [
    "by a sister that has gone",
    {
      tasks: [
        ROOT,
        { pid: [7], parent: 1, session: 1, group: 1 },
        { pid: [12], parent: 7, session: 9, group: 9 },
      ],
      gone: [{ pid: [9] }],
    },
  ],
  [
    "an init whose parent is further out than the namespace around it, from inside",
    {
      namespaces: [{ init: 55 }, { init: 54, in: 55 }],
      tasks: [
        { pid: [77], parent: 0, session: 0, group: 0 },
        { pid: [55, 1], parent: 77, session: 0, group: 0, ns: 55 },
        { pid: [54, 61, 1], parent: 77, session: 0, group: 0, ns: 54 },
      ],
    },
  ],
])("who cannot be made by its parent is made %s", (_, tree) => {
  const parsed = parseTree(JSON.stringify({ format: "trapgate-tree-1", ...tree }), "t");
  expect(restore(parsed, "clone3", "i386", "clone3-614")).toEqual([]);
  expect(search(parsed, 1, 100_000)).toBe("possible");
});

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

describe("orphans that a subreaper has adopted", () => {
  const file = "examples/restart/subreaper.json";
  const tree = parseTree(readFileSync(file, "utf8"), file);

  test("come back where somebody can be made one, and are the children of nobody else meanwhile", () => {
    expect(restore(tree, "clone3", "x86_64", "clone3-614")).toEqual([]);
    expect(restore(tree, "eclone", "x86_64", "eclone")).toEqual([
      expect.stringMatching(/^step \d+ \(adopt\) failed: prctl makes nobody a subreaper before 3\.4$/),
    ]);
  });

  test("leave nobody a subreaper", () => {
    const machine = boot({ profile: "clone3-614", frames: 4096 });
    const plan = planRestart(tree);
    if (isRefusal(plan)) throw new Error(plan.reason);
    expect(followSchedule(machine, plan).failure).toBeNull();
    expect([...machine.tasks].filter(({ signal }) => signal.isSubreaper)).toEqual([]);
  });

  test("are not to be had past the init of a namespace", () => {
    const tasks = [
      ROOT,
      { pid: [10], parent: 1, session: 1, group: 1 },
      { pid: [20, 1], parent: 10, session: 1, group: 1, ns: 20 },
      { pid: [30, 2], parent: 20, session: 30, group: 30, ns: 20 },
      { pid: [31, 3], parent: 10, session: 30, group: 30, ns: 20 },
    ];
    const inside = { format: "trapgate-tree-1", tasks, namespaces: [{ init: 20 }] };
    expect(planRestart(parseTree(JSON.stringify(inside), "t"))).toMatchObject({
      refused: "session-not-inherited",
      task: { pid: [31, 3] },
    });
  });

  test("are no reason to make one where another way is there", () => {
    const plans = ["orphans", "before-setsid", "dead-leader"].map((name) => {
      const other = `examples/restart/${name}.json`;
      return planRestart(parseTree(readFileSync(other, "utf8"), other));
    });
    for (const plan of plans)
      expect(!isRefusal(plan) && plan.steps.every((step) => step.do !== "adopt")).toBe(true);
  });

  test("law: what a kernel had with subreapers comes back, or is refused", () => {
    let adopted = 0;
    fc.assert(
      fc.property(fc.array(orphaningDeed, { maxLength: 40 }), (deeds) => {
        const there = garden(true);
        const lived = live(there, [...orphaned, ...deeds]);
        fc.pre(![...there.machine.tasks].some(({ state }) => state === "exiting"));
        const plan = planRestart(lived);
        if (isRefusal(plan)) return;
        if (plan.steps.some((step) => step.do === "adopt")) adopted++;
        expect(restore(lived, "clone3", "x86_64", "clone3-614")).toEqual([]);
      }),
      { numRuns: 100 },
    );
    expect(adopted).toBeGreaterThan(0);
  });
});

describe("law: in the dialects of 2009 and 2010 too, where no namespace is entered from outside", () => {
  test.each<[Dialect, string]>([
    ["clone_with_pids", "cwp-v3"],
    ["clone_with_pids", "cwp-v2-newpid"],
    ["eclone", "eclone"],
  ])("%s under %s", (dialect, profile) => {
    const inside = deed.filter(({ what }) => what !== "enter" && what !== "home" && what !== "unshare");
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
