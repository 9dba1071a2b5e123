import type { Vector } from "../vector.ts";
import type { Verdict } from "../verdict.ts";
import { Dice } from "./dice.ts";
import { randomWish } from "./random-wish.ts";
import { type CloneWish, plainer } from "./wish.ts";
import { vectorOfWish } from "./wish-vector.ts";

/** The `n`th random case of a seed: the same numbers, the same case, however many others are made. */
export function randomCase(seed: number, n: number): { readonly wish: CloneWish; readonly vector: Vector } {
  const wish = randomWish(new Dice(Math.imul(seed, 0x9e3779b1) ^ Math.imul(n + 1, 0x85ebca77)));
  return { wish, vector: vectorOfWish(`random/${seed}/${n}`, wish) };
}

/**
 * The plainest call for which two kernels still disagree: parts are made plain one at a time as long as they do.
 * @param verdict holds the kernels against each other
 */
export async function shrink(
  id: string,
  wish: CloneWish,
  verdict: (vector: Vector) => Promise<Verdict>,
): Promise<{ readonly vector: Vector; readonly verdict: Verdict }> {
  let best = { wish, vector: vectorOfWish(id, wish) };
  let last = await verdict(best.vector);
  for (let found = true; found; ) {
    found = false;
    for (const candidate of plainer(best.wish)) {
      const vector = vectorOfWish(id, candidate);
      const judged = await verdict(vector);
      if (judged.status !== "failed") continue;
      best = { wish: candidate, vector };
      last = judged;
      found = true;
      break;
    }
  }
  return { vector: best.vector, verdict: last };
}
