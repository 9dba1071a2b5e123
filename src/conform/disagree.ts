import { type Answer, type Executor, isSkipped } from "./answer.ts";
import { compare, type Difference } from "./compare.ts";
import { expectationOf } from "./expectation.ts";
import type { Vector } from "./vector.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Holds two executors against each other, and a recorded answer against both: what `subject` answers against what
 * `reference` does. Before they are said to disagree the reference is asked again: a case that is not stable says nothing.
 */
export function disagreementOf(reference: Executor, subject: Executor): (vector: Vector) => Promise<Verdict> {
  return async (vector) => {
    const got = await subject.run(vector);
    if (isSkipped(got)) return { status: "skipped", reason: got.skipped };
    if (got.unsupported !== undefined && got.defect === undefined)
      return { status: "unsupported", calls: got.unsupported };
    const first = await reference.run(vector);
    if (isSkipped(first)) return { status: "skipped", reason: first.skipped };
    const differences = allThree(vector, first, got);
    if (differences.length === 0) return { status: "passed" };
    const second = await reference.run(vector);
    if (isSkipped(second)) return { status: "skipped", reason: second.skipped };
    const { unstable } = expectationOf(vector, [first, second]);
    if (unstable.length > 0) return { status: "skipped", reason: `not stable on ${reference.name}` };
    return { status: "failed", differences };
  };
}

/** Where the two differ, and where the reference is not as recorded, each place once. */
function allThree(vector: Vector, reference: Answer, subject: Answer): Difference[] {
  const between = compare(vector, expectationOf(vector, [reference]).expect, subject);
  const since = vector.expect === undefined ? [] : compare(vector, vector.expect, reference);
  const places = new Set([...between, ...since].map(({ where }) => where));
  return [...places].map((where) => {
    const now = between.find((each) => each.where === where);
    const then = since.find((each) => each.where === where);
    if (then === undefined) return now as Difference;
    const { expected: recorded, got: expected } = then;
    return { where, recorded, expected, got: now?.got ?? expected };
  });
}
