import type { ProcTask } from "../capture/proc-task.ts";
import { type Captured, type CaptureOptions, treeOfTasks } from "../capture/tree-of-tasks.ts";
import { readProc } from "./read-proc.ts";

/**
 * The process tree below a task of this machine, from `/proc`, without stopping anything. This process and what it has
 * started are no part of it, unless the root is one of them.
 * @throws ProcError when `/proc` cannot be read, or there is no such tree
 */
export function captureTree(options: CaptureOptions): Captured {
  const { tasks, stable } = readProc();
  const own = belowSelf(tasks);
  const others = own.has(options.root) ? tasks : tasks.filter(({ pid }) => !own.has(pid[0] as number));
  const { tree, notes } = treeOfTasks(others, options);
  return { tree, notes: stable ? notes : ["processes came and went while they were read", ...notes] };
}

/** The numbers of this process and of everybody below it. */
function belowSelf(tasks: readonly ProcTask[]): ReadonlySet<number> {
  const own = new Set([process.pid]);
  for (;;) {
    const before = own.size;
    for (const { pid, parent } of tasks) if (own.has(parent)) own.add(pid[0] as number);
    if (own.size === before) return own;
  }
}
