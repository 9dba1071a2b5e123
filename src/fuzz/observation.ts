import type { Rung } from "../abi/ladder.ts";
import type { PlacedCall } from "./placed-call.ts";
import type { PlanStep } from "./plan.ts";
import type { Resolved } from "./resolve.ts";

/** What one step did. */
export interface StepSeen {
  readonly step: PlanStep;
  readonly call: PlacedCall;
  readonly values: Resolved;
  /** Its first arena. */
  readonly firstSlot: number;
  /** It was reached. */
  ran: boolean;
  /** It came back with {@link result}, by itself: no other task ran meanwhile. */
  returned: boolean;
  result: number;
  /** Where it failed; null for a success, and for a failure at no rung. */
  rung: Rung | null;
  /** The rung's place in the ladder; −1 for none. */
  rungIndex: number;
  /** Its accesses on the tape, [from, to). */
  from: number;
  to: number;
  /** The kernel's state is not what it was before, as far as a quick look tells. */
  changed: boolean;
  /** Objects lie on one another, so that nobody can say whose a byte is. */
  tangled: boolean;
}

/** What a program did. Good until its lab runs the next one. */
export interface Observation {
  /** Every step in the order of the plan, children's after the one that makes them. */
  readonly steps: readonly StepSeen[];
  /** A defect inside the kernel; null for none. */
  oops: { readonly call: string; readonly error: unknown } | null;
}

/** Whether a step failed with an errno. A call without rungs does not fail: setfsuid answers whatever number was there. */
export function failed({ call, returned, result }: StepSeen): boolean {
  return returned && result < 0 && result >= -4095 && call.rungs.size > 0;
}
