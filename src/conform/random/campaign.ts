import type { Vector } from "../vector.ts";
import type { Verdict } from "../verdict.ts";
import { Dice } from "./dice.ts";
import { type ProgramWish, plainerPrograms, randomProgram, vectorOfProgram } from "./program-wish.ts";
import { randomWish } from "./random-wish.ts";
import { type CloneWish, plainer } from "./wish.ts";
import { vectorOfWish } from "./wish-vector.ts";

/** One in so many random cases is a program of several tasks; the others are one call, in detail. */
const PROGRAMS = 3;

/** A random case, and those that are plainer by one step. */
export interface Question {
  readonly vector: Vector;
  readonly plainer: () => Iterable<Question>;
}

/** The `n`th random case of a seed: the same numbers, the same case, however many others are made. */
export function randomQuestion(seed: number, n: number): Question {
  if (n % PROGRAMS !== PROGRAMS - 1) return cloneQuestion(`random/${seed}/${n}`, randomCase(seed, n).wish);
  return programQuestion(`random/${seed}/${n}`, randomProgram(diceFor(seed, n)));
}

/** The `n`th random clone or clone3 call of a seed. */
export function randomCase(seed: number, n: number): { readonly wish: CloneWish; readonly vector: Vector } {
  const wish = randomWish(diceFor(seed, n));
  return { wish, vector: vectorOfWish(`random/${seed}/${n}`, wish) };
}

function diceFor(seed: number, n: number): Dice {
  return new Dice(Math.imul(seed, 0x9e3779b1) ^ Math.imul(n + 1, 0x85ebca77));
}

function* mapped<T>(wishes: Iterable<T>, question: (wish: T) => Question): Generator<Question> {
  for (const wish of wishes) yield question(wish);
}

/** A call as a case to shrink. */
export function cloneQuestion(id: string, wish: CloneWish): Question {
  const next = (other: CloneWish): Question => cloneQuestion(id, other);
  return { vector: vectorOfWish(id, wish), plainer: () => mapped(plainer(wish), next) };
}

/** A program as a case to shrink. */
export function programQuestion(id: string, wish: ProgramWish): Question {
  const next = (other: ProgramWish): Question => programQuestion(id, other);
  return { vector: vectorOfProgram(id, wish), plainer: () => mapped(plainerPrograms(wish), next) };
}

/**
 * The plainest case for which two kernels still disagree: one step is made plain at a time as long as they do.
 * @param verdict holds the kernels against each other
 */
export async function shrink(
  question: Question,
  verdict: (vector: Vector) => Promise<Verdict>,
): Promise<{ readonly vector: Vector; readonly verdict: Verdict }> {
  let best = question;
  let last = await verdict(best.vector);
  for (let found = true; found; ) {
    found = false;
    for (const candidate of best.plainer()) {
      const judged = await verdict(candidate.vector);
      if (judged.status !== "failed") continue;
      best = candidate;
      last = judged;
      found = true;
      break;
    }
  }
  return { vector: best.vector, verdict: last };
}
