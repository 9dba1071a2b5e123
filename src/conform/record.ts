import { type Answer, type Executor, isSkipped } from "./answer.ts";
import { compare, type Difference } from "./compare.ts";
import { expectationOf } from "./expectation.ts";
import type { Expect, Vector } from "./vector.ts";

/** What came of recording a case. */
export type Recorded =
  | {
      readonly status: "recorded";
      readonly expect: Expect;
      /** Where it is not what the case expected; empty for a case that expected nothing. */
      readonly differences: readonly Difference[];
    }
  /** The kernel answered differently from run to run: the places. */
  | { readonly status: "unstable"; readonly places: readonly string[] }
  | { readonly status: "skipped"; readonly reason: string };

/** Asks an executor the same case `runs` times, and makes an expectation of its answers where they agree. */
export async function recordCase(vector: Vector, executor: Executor, runs: number): Promise<Recorded> {
  const answers: Answer[] = [];
  for (let run = 0; run < runs; run++) {
    const outcome = await executor.run(vector);
    if (isSkipped(outcome)) return { status: "skipped", reason: outcome.skipped };
    if (outcome.unsupported !== undefined)
      return { status: "skipped", reason: `${executor.name} has no ${outcome.unsupported.join(", ")}` };
    if (outcome.defect !== undefined) return { status: "skipped", reason: outcome.defect };
    answers.push(outcome);
  }
  const [first, ...others] = answers;
  if (first === undefined) return { status: "skipped", reason: "it was not run" };
  const { expect, unstable } = expectationOf(vector, [first, ...others]);
  if (unstable.length > 0) return { status: "unstable", places: [...new Set(unstable)] };
  const differences = vector.expect === undefined ? [] : compare(vector, vector.expect, first);
  return { status: "recorded", expect, differences };
}
