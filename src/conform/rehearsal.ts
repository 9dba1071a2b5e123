import type { Answer, Executor, Skipped } from "./answer.ts";
import { inParallel } from "./parallel.ts";
import type { Vector } from "./vector.ts";

/** An executor, and how long it took to answer. */
export interface Rehearsed {
  /** Gives the answer it has already to the first question about each case; asks again for every further one. */
  readonly executor: Executor;
  /** Cases it was asked. */
  readonly cases: number;
  /** How long that took, by the clock. */
  readonly seconds: number;
}

/**
 * Asks an executor many cases at once, so that its speed is its own whatever is done with the answers.
 * @param jobs cases under way at a time @param done is called after each with how many are done
 */
export async function rehearse(
  executor: Executor,
  vectors: readonly Vector[],
  options: { readonly jobs?: number; readonly done?: (count: number) => void } = {},
): Promise<Rehearsed> {
  const answers = new Map<Vector, Answer | Skipped>();
  const started = performance.now();
  await inParallel(vectors, async (vector) => void answers.set(vector, await executor.run(vector)), options);
  const seconds = (performance.now() - started) / 1000;
  return {
    executor: {
      name: executor.name,
      run(vector) {
        const known = answers.get(vector);
        answers.delete(vector);
        return known ?? executor.run(vector);
      },
    },
    cases: vectors.length,
    seconds,
  };
}
