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
  ({ state }) => (state === "t" ? "is stopped by who traces it: it comes back running" : null),
];
