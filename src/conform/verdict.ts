import { type Answer, type Executor, isSkipped, type Skipped } from "./answer.ts";
import { compare, type Difference } from "./compare.ts";
import type { PlacedVector } from "./parse.ts";
import type { Vector } from "./vector.ts";

/** What became of a case. */
export type Verdict =
  | { readonly status: "passed" }
  | { readonly status: "failed"; readonly differences: readonly Difference[] }
  | { readonly status: "unsupported"; readonly calls: readonly string[] }
  | { readonly status: "skipped"; readonly reason: string };

/** A case and what became of it. */
export interface Judged {
  readonly placed: PlacedVector;
  readonly verdict: Verdict;
}

/**
 * Holds what an executor said against what the case expects. A case that uses a call the executor does not have is
 * never passed and never failed; a breakdown of the executor is a failure even then.
 */
export function judge(vector: Vector, outcome: Answer | Skipped): Verdict {
  if (isSkipped(outcome)) return { status: "skipped", reason: outcome.skipped };
  const { unsupported, defect } = outcome;
  if (unsupported !== undefined && defect === undefined) return { status: "unsupported", calls: unsupported };
  if (vector.expect === undefined) return { status: "skipped", reason: "nothing is recorded for it" };
  const differences = compare(vector, vector.expect, outcome);
  return differences.length === 0 ? { status: "passed" } : { status: "failed", differences };
}

/** What an executor makes of a case: {@link judge} of its answer. */
export function verdictOf(executor: Executor): (vector: Vector) => Promise<Verdict> {
  return async (vector) => judge(vector, await executor.run(vector));
}
