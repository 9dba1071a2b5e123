import type { Plan } from "./plan.ts";
import type { Rng } from "./rng.ts";

/** Programs kept because they did something new, in the order they came. */
export class Corpus {
  readonly plans: Plan[] = [];

  /** Keeps a plan; it must not be changed afterwards. */
  add(plan: Plan): void {
    this.plans.push(plan);
  }

  /** One to begin with: of the newest half the time, for what they lead to is least known. */
  pick(rng: Rng): Plan {
    const { plans } = this;
    const { length } = plans;
    const newest = Math.min(length, 32);
    const at = (rng.bits() & 1) === 0 ? length - 1 - rng.below(newest) : rng.below(length);
    return plans[at] as Plan;
  }
}
