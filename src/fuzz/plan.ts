import type { CallAxes } from "./axes.ts";

/** A program as the lab runs it: what {@link FuzzProgram} says, in typed arrays. */
export interface Plan {
  /** Position in {@link FUZZ_ARCHS}. */
  arch: number;
  /** The caller has every capability. */
  capable: boolean;
  steps: PlanStep[];
}

/** One call of a plan. */
export interface PlanStep {
  readonly call: CallAxes;
  /** Three words an axis; see cells.ts. */
  readonly cells: Int32Array;
  /** What tasks that the call creates run. */
  readonly child: readonly PlanStep[];
}

/** A plan of one call. */
export function planOf(call: CallAxes, cells: Int32Array, arch: number): Plan {
  return { arch, capable: true, steps: [{ call, cells, child: [] }] };
}

/** A plan with cells of its own. */
export function copyPlan({ arch, capable, steps }: Plan): Plan {
  return { arch, capable, steps: steps.map(copyStep) };
}

function copyStep({ call, cells, child }: PlanStep): PlanStep {
  return { call, cells: cells.slice(), child: child.map(copyStep) };
}

/** Every step, children's after the one that makes them. */
export function allSteps(steps: readonly PlanStep[]): PlanStep[] {
  return steps.flatMap((step) => [step, ...allSteps(step.child)]);
}
