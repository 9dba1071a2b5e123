import { CELL } from "./cells.ts";
import { copyPlan, type Plan, type PlanStep } from "./plan.ts";

/** A plan with one axis of one step at another value. */
export function withCell(plan: Plan, step: number, axis: number, kind: number, lo = 0, hi = 0): Plan {
  const copy = copyPlan(plan);
  const { cells } = copy.steps[step] as PlanStep;
  cells[axis * CELL] = kind;
  cells[axis * CELL + 1] = lo;
  cells[axis * CELL + 2] = hi;
  return copy;
}

/** The place among all steps of the `i`th step of the caller itself; −1 for one of a child. */
export function ownStep(plan: Plan, place: number): number {
  let at = 0;
  for (let i = 0; i < plan.steps.length; i++) {
    if (at === place) return i;
    at += 1 + countChildren(plan.steps[i] as PlanStep);
  }
  return -1;
}

function countChildren({ child }: PlanStep): number {
  return child.reduce((sum, inner) => sum + 1 + countChildren(inner), 0);
}
