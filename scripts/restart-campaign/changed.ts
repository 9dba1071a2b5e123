import type { Tree } from "../../src/restart/index.ts";

/** A tree with one thing told otherwise: a parent, a session or a group; or a task left out, as if it had gone. */
export function changed(tree: Tree, [who = 0, what = 0, other = 0]: readonly number[]): Tree {
  const { tasks } = tree;
  const at = who % tasks.length;
  const task = tasks[at] as Tree["tasks"][number];
  const { pid } = tasks[other % tasks.length] as Tree["tasks"][number];
  const number = pid[0] ?? 0;
  const put = (change: Partial<typeof task>): Tree => ({
    ...tree,
    tasks: tasks.map((one, i) => (i === at ? { ...one, ...change } : one)),
  });
  switch (what % 4) {
    case 0:
      return put({ parent: number });
    case 1:
      return put({ session: number });
    case 2:
      return put({ group: number });
    default:
      return { ...tree, tasks: tasks.filter((_, i) => i !== at) };
  }
}
