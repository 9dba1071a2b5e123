import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProcError, type ProcTask, readProcTask } from "../../src/restart/capture/proc-task.ts";
import { treeOfTasks } from "../../src/restart/capture/tree-of-tasks.ts";
import { differencesOf, parseTree, type Tree } from "../../src/restart/index.ts";
import { deed } from "./deeds.ts";
import { garden, live } from "./history.ts";
import { procOf } from "./proc-view.ts";

describe("law: a tree seen through /proc is the tree that is there", () => {
  test.each([[true], [false]])("its root is an init: %s", (rootIsInit) => {
    fc.assert(
      fc.property(fc.array(deed, { minLength: 5, maxLength: 60 }), (deeds) => {
        const there = garden(rootIsInit);
        const tree = live(there, deeds);
        fc.pre(![...there.machine.tasks].some(({ state }) => state === "exiting") && isVisible(tree));
        const root = there.root.pid.numbers[0] as number;
        const seen = treeOfTasks(procOf(there.machine), { root, skipLevels: there.base });
        expect(differencesOf(tree, seen.tree)).toEqual([]);
        expect(seen.notes).toEqual([]);
        expect(parseTree(JSON.stringify(seen.tree), "seen")).toEqual(seen.tree);
      }),
      { numRuns: 60 },
    );
  });
});

/** A leader that has gone is seen by whoever is in its group: not in namespaces deeper than theirs. */
function isVisible({ tasks, gone = [] }: Tree): boolean {
  return gone.every(({ pid: [key], pid }) =>
    tasks.some((task) => [task.session, task.group].includes(key as number) && task.pid.length >= pid.length),
  );
}

const SHELL: ProcTask = {
  pid: [40],
  parent: 1,
  session: [40],
  group: [40],
  threads: [],
  state: "S",
  exitStatus: 0,
  ns: "pid:[1]",
  childNs: "pid:[1]",
};
const INSIDE = { ns: "pid:[2]", childNs: "pid:[2]" };

describe("what cannot be seen is said", () => {
  test.each<[string, Partial<ProcTask>, string]>([
    [
      "who has lost its first thread",
      { state: "Z", threads: [[42]] },
      "process 41 has lost its first thread",
    ],
    [
      "an init that was killed by what it did itself",
      { pid: [41, 1], ...INSIDE, state: "Z", exitStatus: 11, session: [40, 0], group: [40, 0] },
      "process 41 was killed by signal 11, and was an init",
    ],
    ["who is traced", { state: "t" }, "process 41 is stopped by who traces it"],
    [
      "whose children go elsewhere",
      { childNs: "pid:[7]" },
      "process 41 has its children born in a pid namespace that is not of the tree",
    ],
    [
      "a session led from outside",
      { session: [30], group: [30] },
      "the session of process 41 is led from outside of the tree, by process 30",
    ],
  ])("%s", (_, what, note) => {
    const outside = { ...SHELL, pid: [30], session: [30], group: [30] };
    const child = { ...SHELL, pid: [41], parent: 40, group: [41], ...what };
    const { notes } = treeOfTasks([SHELL, outside, child], { root: 40 });
    expect(notes[0]?.slice(0, note.length)).toBe(note);
  });

  test("what else is not as usual with a task is of the tree", () => {
    const child = { ...SHELL, pid: [41], parent: 40, group: [41], session: [41] };
    const init = { ...SHELL, ...INSIDE, pid: [42, 1], parent: 40, session: [40, 0], group: [40, 0] };
    const of = (what: Partial<ProcTask>): object | undefined => {
      const { tree, notes } = treeOfTasks([SHELL, { ...child, ...what }, init], { root: 40 });
      expect(notes).toEqual([]);
      const { pid, parent, session, group, ...rest } = tree.tasks[1] as Tree["tasks"][number];
      expect([pid, parent, session, group]).toEqual([[41], 40, 41, 41]);
      return rest;
    };
    expect(of({ state: "Z", exitStatus: 0x300, ns: null, childNs: null })).toEqual({ zombie: 3 });
    expect(of({ state: "Z", exitStatus: 0x80 | 6, ns: null, childNs: null })).toEqual({ killed: 6 });
    expect(of({ state: "T" })).toEqual({ stopped: true });
    expect(of({ childNs: "pid:[2]" })).toEqual({ childNs: 42 });
    expect(of({ childNs: "unshared" })).toEqual({ unshared: true });
  });

  test("a link that may not be read is taken to be the parent's, and that is said", () => {
    const init = { ...SHELL, ...INSIDE, pid: [41, 1], parent: 40, session: [40, 0], group: [40, 0] };
    const child = { ...init, pid: [42, 2], parent: 41, ns: null, childNs: null };
    const { tree, notes } = treeOfTasks([SHELL, init, child], { root: 40 });
    expect(tree.tasks[2]).toEqual({ pid: [42, 2], parent: 41, session: 40, group: 40, ns: 41 });
    expect(notes).toEqual(["the pid namespace of process 42 may not be read: taken to be its parent's"]);
  });
});

describe("what is no tree is refused in one line", () => {
  const init = { ...SHELL, ...INSIDE, pid: [41, 1], parent: 1, session: [40, 0], group: [40, 0] };
  const guest = { ...init, pid: [42, 2], parent: 40 };
  test.each<[string, ProcTask[], number, number, string]>([
    ["nobody", [SHELL], 99, 0, "there is no process 99"],
    ["too few levels", [SHELL], 40, 1, "process 40 is at level 0, not at 1 or below"],
    [
      "who has entered a container",
      [SHELL, init, guest],
      40,
      0,
      "process 42 is in a pid namespace that did not begin in the tree: take a root further up",
    ],
    [
      "an init whose parent is further out",
      [SHELL, { ...init, pid: [41, 7, 1], parent: 40, session: [40, 0, 0], group: [40, 0, 0] }],
      40,
      0,
      "process 41 is init of a pid namespace, and its parent is not in the one around: which that is cannot be seen",
    ],
  ])("%s", (_, tasks, root, skipLevels, message) => {
    expect(() => treeOfTasks(tasks, { root, skipLevels })).toThrow(new ProcError(message));
  });
});

test("a tree from inside a container knows of no level around it", () => {
  const init = { ...SHELL, ...INSIDE, pid: [41, 1], parent: 1, session: [40, 0], group: [40, 0] };
  const child = { ...init, pid: [42, 2], parent: 41, session: [42, 2], group: [42, 2] };
  expect(treeOfTasks([SHELL, init, child], { root: 42 }).tree.tasks).toEqual([
    { pid: [2], parent: 0, session: 2, group: 2 },
  ]);
  expect(treeOfTasks([SHELL, init, child], { root: 41 }).tree.tasks[0]?.pid).toEqual([41, 1]);
  expect(treeOfTasks([SHELL, init, child], { root: 41, skipLevels: "around-root" }).tree.tasks).toEqual([
    { pid: [1], parent: 0, session: 0, group: 0 },
    { pid: [2], parent: 1, session: 2, group: 2 },
  ]);
});

describe("what /proc says of a process", () => {
  const status =
    "Name:\ta) b\nState:\tS (sleeping)\nTgid:\t8\nPPid:\t7\nNStgid:\t8\t3\nNSpid:\t8\t3\nNSpgid:\t7\t0\nNSsid:\t6\t2\n";
  // Field 52 is the last one.
  const stat = `8 (a) b) S ${Array.from({ length: 48 }, (_, i) => i).join(" ")} 768\n`;

  test("is read, whatever its name is", () => {
    expect(
      readProcTask({
        status,
        stat,
        threads: [status.replaceAll("8\t3", "9\t4")],
        ns: "pid:[5]",
        childNs: null,
      }),
    ).toEqual({
      pid: [8, 3],
      parent: 7,
      session: [6, 2],
      group: [7, 0],
      threads: [[9, 4]],
      state: "S",
      exitStatus: 768,
      ns: "pid:[5]",
      childNs: null,
    });
  });

  test("is no process any more when it is dead", () => {
    const dead = status.replace("S (sleeping)", "X (dead)");
    expect(readProcTask({ status: dead, stat, threads: [], ns: null, childNs: null })).toBeNull();
  });

  test("is not enough on a kernel that knows one number", () => {
    const old = status.replace(/^NS.*\n/gm, "");
    expect(() => readProcTask({ status: old, stat, threads: [], ns: null, childNs: null })).toThrow(
      /no NSpid: Linux 4\.1/,
    );
  });
});
