import type { ProcTask } from "./proc-task.ts";

/** What of a process a tree has no word for, a line each. */
export function lossesOf(task: ProcTask): string[] {
  return LOSSES.flatMap((lossOf) => {
    const loss = lossOf(task);
    return loss === null ? [] : [`process ${task.pid[0]} ${loss}`];
  });
}

type Loss = (task: ProcTask) => string | null;

const LOSSES: readonly Loss[] = [
  ({ state, threads }) =>
    state === "Z" && threads.length > 0
      ? "has lost its first thread, and others go on: it comes back whole"
      : null,
  ({ state, exitStatus }) =>
    state === "Z" && exitStatus !== null && (exitStatus & 127) !== 0
      ? `was killed by signal ${exitStatus & 127}: its zombie comes back with exit code 0`
      : null,
  ({ state }) => (state === "T" || state === "t" ? "is stopped: it comes back running" : null),
  ({ ns, childNs }) =>
    ns !== null && childNs !== null && ns !== childNs
      ? "has its children born in another pid namespace (unshare or setns): they will be born in its own"
      : null,
];
