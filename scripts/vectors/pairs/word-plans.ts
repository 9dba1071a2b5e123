import type { VectorArch } from "../../../src/conform/vector.ts";
import { ID_PLANS } from "./id-plans.ts";
import type { Plan } from "./join.ts";
import { SIGNAL_PLANS } from "./signal-plans.ts";
import type { WordWish } from "./words.ts";

/** The plans of calls about processes: whose arguments break which rungs. */
export const WORD_PLANS: readonly Plan<WordWish, VectorArch>[] = [...SIGNAL_PLANS, ...ID_PLANS];
