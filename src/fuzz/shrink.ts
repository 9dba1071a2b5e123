import type { CallAxes } from "./axes.ts";
import { CELL, defaultCells, LITERAL, NULL } from "./cells.ts";
import { copyPlan, type Plan, type PlanStep } from "./plan.ts";
import { placeNamed } from "./torture.ts";

/** Placements in the order in which a reader takes them in. */
const SIMPLE = ["guard", "unmapped", "into-unmapped", "read-only"].map(placeNamed);

/** Attempts after which a program is small enough. */
const MOST_ATTEMPTS = 2000;

/**
 * The smallest program that `fails` still says yes of: fewer steps, fewer values that are not at their defaults, simpler
 * ones. Greedy, and the same for the same program.
 */
export function shrink(plan: Plan, fails: (candidate: Plan) => boolean): Plan {
  let best = copyPlan(plan);
  let budget = MOST_ATTEMPTS;
  const attempt = (change: (candidate: Plan) => boolean): boolean => {
    if (budget === 0) return false;
    budget--;
    const candidate = copyPlan(best);
    if (!change(candidate) || !fails(candidate)) return false;
    best = candidate;
    return true;
  };
  for (let again = true; again; ) {
    again = dropSteps(best, attempt);
    again = attempt(plainer) || again;
    again = simplify(() => best, attempt) || again;
  }
  return best;
}

type Attempt = (change: (candidate: Plan) => boolean) => boolean;

function dropSteps({ steps }: Plan, attempt: Attempt): boolean {
  let dropped = false;
  for (let i = steps.length - 1; i >= 0 && steps.length > 1; i--)
    dropped =
      attempt((candidate) => candidate.steps.length > 1 && candidate.steps.splice(i, 1).length === 1) ||
      dropped;
  for (let i = 0; i < steps.length; i++) dropped = attempt((candidate) => without(candidate, i)) || dropped;
  return dropped;
}

/** A step without what its children run. */
function without({ steps }: Plan, i: number): boolean {
  const step = steps[i];
  if (step === undefined || step.child.length === 0) return false;
  steps[i] = { ...step, child: [] };
  return true;
}

function plainer(candidate: Plan): boolean {
  if (candidate.capable && candidate.arch === 0) return false;
  candidate.capable = true;
  candidate.arch = 0;
  return true;
}

function simplify(best: () => Plan, attempt: Attempt): boolean {
  let simpler = attempt((c) => {
    const was = c.capable;
    c.capable = true;
    return !was;
  });
  for (let s = 0; s < best().steps.length; s++) {
    const { call } = best().steps[s] as PlanStep;
    const defaults = defaultCells(call);
    for (const axis of call.axes) {
      const at = axis.index * CELL;
      for (const value of simplerValues(call, axis.index, defaults, (best().steps[s] as PlanStep).cells))
        if (attempt((c) => assign((c.steps[s] as PlanStep).cells, at, value))) {
          simpler = true;
          break;
        }
    }
  }
  return simpler;
}

function assign(cells: Int32Array, at: number, value: readonly number[]): boolean {
  if (value.every((word, i) => cells[at + i] === word)) return false;
  for (let i = 0; i < CELL; i++) cells[at + i] = value[i] as number;
  return true;
}

/** Values to try in the place of one, simplest first; only such as are simpler than it is, so that it comes to an end. */
function simplerValues(
  { axes }: CallAxes,
  index: number,
  defaults: Int32Array,
  cells: Int32Array,
): number[][] {
  const at = index * CELL;
  const now = [...cells.subarray(at, at + CELL)];
  const byDefault = [...defaults.subarray(at, at + CELL)];
  if (now.every((word, i) => word === byDefault[i])) return [];
  const axis = axes[index];
  if (axis?.pointer !== null) {
    const order = [0, NULL, ...SIMPLE];
    const rank = order.indexOf(now[0] as number);
    return [byDefault, ...order.slice(0, rank < 0 ? order.length : rank).map((place) => [place, 0, 0])];
  }
  if (axis?.kind === "bytes") return [byDefault];
  const lo = now[1] as number;
  const hi = now[2] as number;
  const values = [byDefault];
  if (now[0] !== LITERAL) return values;
  if (hi !== 0) values.push([LITERAL, lo, 0], [LITERAL, 0, hi]);
  if (axis?.flags !== null) {
    for (let bit = 0; bit < 32; bit++)
      if ((lo & (1 << bit)) !== 0) values.push([LITERAL, lo & ~(1 << bit), hi]);
    for (let bit = 0; bit < 32; bit++)
      if ((hi & (1 << bit)) !== 0) values.push([LITERAL, lo, hi & ~(1 << bit)]);
    return values;
  }
  for (const small of [0, 1, 2]) if (hi !== 0 || lo < 0 || lo > small) values.push([LITERAL, small, 0]);
  // Half of it, a quarter less, an eighth less, and so on, down to one less.
  if (hi === 0 && lo > 2)
    for (let less = 1; lo >> less > 0; less++) values.push([LITERAL, lo - (lo >> less), 0]);
  return values;
}
