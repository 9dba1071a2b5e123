import type { TargetSpec } from "../load-target.ts";

/** What a campaign over a queue is: the same for all who take part. */
export interface QueuePlan {
  readonly target: TargetSpec;
  readonly detectors: readonly string[] | null;
  readonly seed: number;
  readonly steps: number;
  /** Runs of the whole campaign. */
  readonly runs: number;
}

/** A piece of a campaign: runs [first, first + runs) of its seed. */
export interface WorkItem {
  readonly id: number;
  readonly first: number;
  readonly runs: number;
}

const LARGEST = 100_000;
const SMALLEST = 1_000;
/** Items of a small campaign. */
const AIM = 32;

/** A campaign cut into pieces: the same for the same plan, whoever cuts it. */
export function itemsOf({ runs }: QueuePlan): WorkItem[] {
  const size = Math.min(LARGEST, Math.max(SMALLEST, Math.ceil(runs / AIM)));
  return Array.from({ length: Math.ceil(runs / size) }, (_, id) => ({
    ...{ id, first: id * size, runs: Math.min(size, runs - id * size) },
  }));
}
