import type { TreeTask } from "./tree.ts";

/** How a task has ended, by its status as wait tells it: the signal in the lower seven bits, or else the code above them. */
export function endOfStatus(status: number): Pick<TreeTask, "zombie" | "killed"> {
  const signal = status & 127;
  return signal === 0 ? { zombie: (status >> 8) & 255 } : { killed: signal };
}
