import { type Executor, isSkipped } from "./answer.ts";
import { compare } from "./compare.ts";
import { expectationOf } from "./expectation.ts";
import type { Vector } from "./vector.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Holds two executors against each other, whatever a case expects: what `subject` answers against what `reference` does.
 * Before they are said to disagree the reference is asked again: a case that is not stable says nothing.
 */
export function disagreementOf(reference: Executor, subject: Executor): (vector: Vector) => Promise<Verdict> {
  return async (vector) => {
    const got = await subject.run(vector);
    if (isSkipped(got)) return { status: "skipped", reason: got.skipped };
    if (got.unsupported !== undefined && got.defect === undefined)
      return { status: "unsupported", calls: got.unsupported };
    const first = await reference.run(vector);
    if (isSkipped(first)) return { status: "skipped", reason: first.skipped };
    const differences = compare(vector, expectationOf(vector, [first]).expect, got);
    if (differences.length === 0) return { status: "passed" };
    const second = await reference.run(vector);
    if (isSkipped(second)) return { status: "skipped", reason: second.skipped };
    const { unstable } = expectationOf(vector, [first, second]);
    if (unstable.length > 0) return { status: "skipped", reason: `not stable on ${reference.name}` };
    return { status: "failed", differences };
  };
}
