import { expect, test } from "vitest";
import { isRefusal, parseTree, planRestart, type Tree } from "../../src/restart/index.ts";

const ROOT = { pid: [1], parent: 0, session: 1, group: 1 };

function refusalOf(tree: Omit<Tree, "format">): string {
  const plan = planRestart(parseTree(JSON.stringify({ format: "trapgate-tree-1", ...tree }), "t"));
  return isRefusal(plan) ? `${plan.refused}: ${plan.reason}` : "planned";
}

test.each<[rule: string, tree: Omit<Tree, "format">]>([
  [
    "session-not-inherited: task 12 is in session 9, and its parent 7 in 1",
    {
      tasks: [
        ROOT,
        { pid: [7], parent: 1, session: 1, group: 1 },
        { pid: [9], parent: 1, session: 9, group: 9 },
        { pid: [12], parent: 7, session: 9, group: 9 },
      ],
    },
  ],
  [
    "two-births: task 7 leads a session and has children in session 1 and in session 5",
    {
      tasks: [
        ROOT,
        { pid: [5], parent: 1, session: 5, group: 5 },
        { pid: [7], parent: 1, session: 7, group: 7 },
        { pid: [8], parent: 7, session: 1, group: 1 },
        { pid: [9], parent: 7, session: 5, group: 5 },
      ],
    },
  ],
  [
    "root-session: the root would have to be born in session 5",
    {
      tasks: [
        { pid: [10], parent: 0, session: 5, group: 5 },
        { pid: [5], parent: 10, session: 5, group: 5 },
      ],
    },
  ],
  [
    "circle: task",
    {
      tasks: [
        ROOT,
        { pid: [7], parent: 1, session: 9, group: 9 },
        { pid: [9], parent: 7, session: 9, group: 9 },
      ],
    },
  ],
  [
    "session-out-of-reach: task 30 is in session 21, whose leader is in another namespace",
    {
      namespaces: [{ init: 20 }, { init: 29 }],
      tasks: [
        ROOT,
        { pid: [20, 1], parent: 1, session: 1, group: 1, ns: 20 },
        { pid: [21, 2], parent: 20, session: 21, group: 21, ns: 20 },
        { pid: [29, 1], parent: 1, session: 1, group: 1, ns: 29 },
        { pid: [30, 2], parent: 29, session: 21, group: 21, ns: 29 },
      ],
    },
  ],
  [
    // The root would have to go back into a group that has no number where it is.
    "group-out-of-reach: its group is from outside the tree",
    {
      tasks: [
        { pid: [1], parent: 0, session: 0, group: 0 },
        { pid: [49], parent: 1, session: 0, group: 1 },
      ],
    },
  ],
])("%s", (rule, tree) => {
  expect(refusalOf(tree)).toMatch(new RegExp(`^${rule}`));
});
