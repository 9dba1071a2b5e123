import type { Tree } from "../../src/restart/index.ts";

/** When 23 ends nobody of group 20 has a parent in another group any more: were 21 stopped by then, it would be killed. */
export const ORPHANED: Tree["tasks"] = [
  { pid: [1], parent: 0, session: 1, group: 1 },
  { pid: [20], parent: 1, session: 20, group: 20 },
  { pid: [21], parent: 20, session: 20, group: 20, stopped: true },
  { pid: [22], parent: 20, session: 20, group: 22 },
  { pid: [23], parent: 22, session: 20, group: 20, zombie: 0 },
];
