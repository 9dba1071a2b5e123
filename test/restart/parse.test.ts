import { expect, test } from "vitest";
import { parseTree, TreeError } from "../../src/restart/index.ts";

interface Wish {
  readonly tasks: readonly object[];
  readonly namespaces?: readonly object[];
  readonly gone?: readonly object[];
}

const ROOT = { pid: [1], parent: 0, session: 1, group: 1 };

function task(pid: number[], parent: number, session: number, group: number, more: object = {}): object {
  return { pid, parent, session, group, ...more };
}

function mistakeIn(tree: Wish | string): string | null {
  const text = typeof tree === "string" ? tree : JSON.stringify({ format: "trapgate-tree-1", ...tree });
  try {
    parseTree(text, "t.json");
    return null;
  } catch (error) {
    if (!(error instanceof TreeError)) throw error;
    return error.message;
  }
}

test.each<[what: string, tree: Wish | string, message: RegExp]>([
  ["truncated", '{"format":"trapgate-tree-1","tasks":[{"pid":[1', /^t\.json: not JSON: /],
  ["no tree", "[]", /^t\.json: \[\] is not a process tree/],
  [
    "another format",
    '{"format":"x","tasks":[]}',
    /^t\.json: format: "x" is not the format of a process tree/,
  ],
  ["no task", { tasks: [] }, /^t\.json: tasks: no task has parent 0/],
  ["two roots", { tasks: [ROOT, task([2], 0, 1, 1)] }, /tasks\[1\]\.parent: tasks\[0\] is the root already/],
  [
    "a number no namespace has",
    { tasks: [task([4_194_304], 0, 0, 0)] },
    /tasks\[0\]\.pid\[0\]: 4194304 is not/,
  ],
  [
    "a number twice",
    { tasks: [ROOT, task([2], 1, 1, 1), task([2], 1, 1, 1)] },
    /tasks\[2\]\.pid\[0\]: 2 is tasks\[1\]'s/,
  ],
  [
    "a number twice at an inner level",
    {
      namespaces: [{ init: 5 }],
      tasks: [
        ROOT,
        task([5, 1], 1, 1, 1, { ns: 5 }),
        task([6, 3], 5, 1, 1, { ns: 5 }),
        task([7, 3], 5, 1, 1, { ns: 5 }),
      ],
    },
    /tasks\[3\]\.pid\[1\]: 3 is tasks\[2\]'s at this level already/,
  ],
  ["a thread's number twice", { tasks: [{ ...ROOT, threads: [[3], [3]] }] }, /threads\[1\]\.pid\[0\]: 3 is/],
  [
    "too many levels",
    { tasks: [task(new Array(34).fill(1), 0, 0, 0)] },
    /tasks\[0\]\.pid: .* is not the numbers/,
  ],
  [
    "more numbers than levels",
    { tasks: [task([1, 1], 0, 0, 0)] },
    /2 numbers, and its namespace is at level 0: it has 1/,
  ],
  [
    "an unknown namespace",
    { tasks: [ROOT, task([2, 2], 1, 1, 1, { ns: 9 })] },
    /tasks\[1\]\.ns: no namespace has 9/,
  ],
  [
    "namespaces in a circle",
    {
      namespaces: [
        { init: 2, in: 3 },
        { init: 3, in: 2 },
      ],
      tasks: [ROOT],
    },
    /in a circle/,
  ],
  [
    "a namespace without init",
    { namespaces: [{ init: 9 }], tasks: [ROOT] },
    /namespaces\[0\]\.init: no task has the number 9/,
  ],
  [
    "an unknown parent",
    { tasks: [ROOT, task([2], 9, 1, 1)] },
    /tasks\[1\]\.parent: no task has the number 9/,
  ],
  [
    "a circle of parents",
    { tasks: [ROOT, task([2], 3, 1, 1), task([3], 2, 1, 1)] },
    /task [23] is its own ancestor/,
  ],
  [
    "a parent in a deeper namespace",
    { namespaces: [{ init: 5 }], tasks: [ROOT, task([5, 1], 1, 1, 1, { ns: 5 }), task([6], 5, 1, 1)] },
    /tasks\[2\]\.parent: task 5 is in a deeper namespace/,
  ],
  [
    "a zombie with a child",
    { tasks: [ROOT, task([2], 1, 1, 1, { zombie: 0 }), task([3], 2, 1, 1)] },
    /task 2 is a zombie/,
  ],
  [
    "who has ended twice",
    { tasks: [ROOT, task([2], 1, 1, 1, { zombie: 0, killed: 9 })] },
    /tasks\[1\]\.killed: a task ends by itself or by a signal/,
  ],
  [
    "a signal that kills nobody",
    { tasks: [ROOT, task([2], 1, 1, 1, { killed: 17 })] },
    /tasks\[1\]\.killed: signal 17 kills nobody/,
  ],
  [
    "an init killed by what it does not take",
    { tasks: [ROOT, task([2, 1], 1, 1, 1, { ns: 2, killed: 15 })], namespaces: [{ init: 2 }] },
    /tasks\[1\]\.killed: signal 15 does not kill an init/,
  ],
  [
    "a zombie that is stopped",
    { tasks: [ROOT, task([2], 1, 1, 1, { zombie: 0, stopped: true })] },
    /tasks\[1\]\.stopped: a zombie does nothing any more/,
  ],
  [
    "children in no namespace",
    { tasks: [ROOT, task([2], 1, 1, 1, { childNs: 3 })] },
    /tasks\[1\]\.childNs: no namespace has 3 as its init/,
  ],
  [
    "children further out",
    { tasks: [ROOT, task([2, 1], 1, 1, 1, { ns: 2, childNs: 0 })], namespaces: [{ init: 2 }] },
    /tasks\[1\]\.childNs: namespace 0 is not in task 2's own/,
  ],
  [
    "children where nobody is born any more",
    {
      tasks: [ROOT, task([2, 1], 1, 1, 1, { ns: 2, zombie: 0 }), task([3], 1, 1, 1, { childNs: 2 })],
      namespaces: [{ init: 2 }],
    },
    /tasks\[2\]\.childNs: the init of namespace 2 has ended/,
  ],
  [
    "children in two namespaces",
    { tasks: [ROOT, task([2], 1, 1, 1, { childNs: 0, unshared: true })] },
    /tasks\[1\]\.childNs: its next child is in a new namespace/,
  ],
  [
    "an unknown session",
    { tasks: [ROOT, task([2], 1, 9, 9)] },
    /tasks\[1\]\.session: nobody has the number 9/,
  ],
  [
    "a session that nobody leads",
    { tasks: [ROOT, task([2], 1, 1, 1), task([3], 1, 2, 2)] },
    /task 2 leads no session/,
  ],
  [
    "a session leader in another group",
    { tasks: [ROOT, task([2], 1, 2, 1)] },
    /tasks\[1\]\.group: the leader of a session/,
  ],
  [
    "a group in two sessions",
    { tasks: [ROOT, task([2], 1, 2, 2), task([3], 1, 1, 3), task([4], 2, 2, 3)] },
    /tasks\[3\]\.group: group 3 is in session 1, the task in 2/,
  ],
  ["a leader gone that leads nothing", { gone: [{ pid: [9] }], tasks: [ROOT] }, /gone\[0\]: no task is in/],
  [
    "a leader gone whose number a task has",
    { gone: [{ pid: [1] }], tasks: [ROOT] },
    /gone\[0\]\.pid\[0\]: 1 is tasks\[0\]'s/,
  ],
  ["a field nobody knows", { tasks: [{ ...ROOT, sid: 1 }] }, /tasks\[0\]\.sid: is not known here/],
])("%s is told in one line", (_, tree, message) => {
  const told = mistakeIn(tree);
  expect(told).toMatch(message);
  expect(told).not.toContain("\n");
});

test("10^5 namespaces nested in each other are refused at once", () => {
  const namespaces = Array.from({ length: 100_000 }, (_, i) => ({ init: i + 2, in: i + 1 }));
  expect(mistakeIn({ namespaces: [...namespaces].reverse(), tasks: [ROOT] })).toMatch(/namespaces/);
});
