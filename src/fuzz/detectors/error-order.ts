import type { CallAxes } from "../axes.ts";
import { CELL } from "../cells.ts";
import type { Detector } from "../detector.ts";
import type { Suspicion } from "../finding.ts";
import type { Lab } from "../lab.ts";
import { failed, type StepSeen } from "../observation.ts";
import { copyPlan, type Plan, type PlanStep } from "../plan.ts";
import { defaultsOf, toldAxes } from "../simplest.ts";
import { PLACEMENTS } from "../torture.ts";
import { candidatesOf, countOf } from "../values.ts";
import { withCell } from "../variation.ts";

const NAME = "error-order";
/** Values of an axis that are tried, to see that it is no switch. */
const MOST_TRIED = 48;

/** Ways to fail at one rung that are remembered: in which of them another value says something is not to be known. */
const MOST_RECIPES = 3;

/** Programs by call and way in, a few a rung: what each lab has seen fail so far. */
const RECIPES: WeakMap<Lab, Map<string, Recipe[]>> = new WeakMap();

/** A small program that fails at a rung. */
interface Recipe {
  readonly rung: number;
  readonly plan: Plan;
  /** The axes it says something of. */
  readonly axes: string;
}

/**
 * Of two things that are wrong the one whose rung stands first speaks. A program with two is one that fails at a later
 * rung, and at an earlier one when a single value of it is made good. That value must have nothing to do with the earlier
 * check: whatever else it could be, as long as the call would succeed with it, the earlier rung speaks.
 */
export const errorOrder: Detector = {
  name: NAME,
  about: "of two things that are wrong the later one in the ladder speaks",
  active(scene, found) {
    const { plan, seen, lab } = scene;
    const [only] = seen.steps;
    if (plan.steps.length !== 1 || only === undefined || !failed(only) || only.rung === null || only.tangled)
      return;
    const { call, cells } = plan.steps[0] as PlanStep;
    const { id, errno, each } = only.rung;
    const late: Late = { id, errno, each, index: only.rungIndex };
    for (const axis of toldAxes(call, cells)) {
      const without = reset(plan, axis);
      const early = outcome(lab, without);
      if (early.rung === null || early.rung >= late.index) continue;
      if (late.each !== undefined && late.each === early.each) continue;
      if (!isIndependent(lab, plan, axis, late.index, early.rung)) continue;
      if (!isBrokenToo(lab, plan, axis, late)) continue;
      const path = call.axes[axis]?.path ?? "";
      found.push(suspicion(call.name, path, late, early.id));
      return;
    }
    const early = plan.capable ? null : rightlessBefore(lab, plan, late);
    if (early !== null) found.push(suspicion(call.name, "a lack of rights", late, early.id));
  },
  explore({ lab, plan, seen }, propose) {
    const [only] = seen.steps;
    if (plan.steps.length !== 1 || only === undefined || !failed(only) || only.rungIndex < 0 || only.tangled)
      return;
    const { call } = plan.steps[0] as PlanStep;
    const recipes = recipesOf(lab, `${call.id} ${plan.arch}`);
    const rung = only.rungIndex;
    const known = recipes.filter((recipe) => recipe.rung === rung);
    if (known.length >= MOST_RECIPES) return;
    const mine = smallest(lab, plan, rung);
    const axes = toldAxes(call, (mine.steps[0] as PlanStep).cells).join();
    if (known.some((recipe) => recipe.axes === axes)) return;
    for (const other of recipes) {
      if (other.rung === rung) continue;
      propose(merged(mine, other.plan));
      propose(merged(other.plan, mine));
    }
    recipes.push({ rung, plan: mine, axes });
  },
};

/**
 * The earlier rung that is broken too where a lack of rights spoke; null when there is none. Each of the two must be wrong
 * by itself, and nothing else be.
 */
function rightlessBefore(lab: Lab, plan: Plan, late: Late): Outcome | null {
  const able = { ...plan, capable: true };
  const early = outcome(lab, able);
  if (early.rung === null || early.rung >= late.index) return null;
  if (late.each !== undefined && late.each === early.each) return null;
  const { call, cells } = plan.steps[0] as PlanStep;
  for (const axis of toldAxes(call, cells)) {
    const mended = reset(plan, axis);
    if (outcome(lab, mended).rung === late.index && outcome(lab, reset(able, axis)).good) return early;
  }
  return null;
}

/** The rung that spoke. */
interface Late {
  readonly id: string;
  readonly errno: string;
  readonly each: string | undefined;
  readonly index: number;
}

function suspicion(call: string, path: string, late: Late, early: string): Suspicion {
  const title = `${call} fails at ${late.id} (${late.errno}) because of ${path}, though ${early} stands before it and is broken too`;
  return { detector: NAME, call, rung: late.id, site: early, title, step: 0 };
}

function recipesOf(lab: Lab, key: string): Recipe[] {
  let all = RECIPES.get(lab);
  if (all === undefined) RECIPES.set(lab, (all = new Map()));
  let recipes = all.get(key);
  if (recipes === undefined) all.set(key, (recipes = []));
  return recipes;
}

interface Outcome {
  /** The rung's place; null for a success, and for what is neither. */
  readonly rung: number | null;
  readonly id: string;
  readonly each: string | undefined;
  readonly good: boolean;
}

function outcome(lab: Lab, plan: Plan): Outcome {
  const step = lab.run(plan).steps[0] as StepSeen;
  const rung = failed(step) && step.rungIndex >= 0 ? step.rungIndex : null;
  return { rung, id: step.rung?.id ?? "", each: step.rung?.each, good: !failed(step) };
}

function reset(plan: Plan, axis: number): Plan {
  const { call } = plan.steps[0] as PlanStep;
  const defaults = defaultsOf(call);
  const at = axis * CELL;
  return withCell(plan, 0, axis, defaults[at] as number, defaults[at + 1], defaults[at + 2]);
}

/** Everything that need not be told for a program to fail where it does is left out. */
function smallest(lab: Lab, plan: Plan, rung: number): Plan {
  let best = copyPlan(plan);
  const { call, cells } = plan.steps[0] as PlanStep;
  for (const axis of toldAxes(call, cells)) {
    const less = reset(best, axis);
    if (outcome(lab, less).rung === rung) best = less;
  }
  return best;
}

/** Both programs' values in one; where both say something, `second` has it. */
function merged(first: Plan, second: Plan): Plan {
  const plan = copyPlan(first);
  const { call, cells } = plan.steps[0] as PlanStep;
  const from = (second.steps[0] as PlanStep).cells;
  for (const axis of toldAxes(call, from))
    for (let i = 0; i < CELL; i++) cells[axis * CELL + i] = from[axis * CELL + i] as number;
  plan.capable = first.capable && second.capable;
  return plan;
}

/**
 * Whether the value at `axis`, which is what the later rung is about, has no say in the earlier check. There must be a
 * program without the earlier fault, where that value alone is wrong; with every value that this program succeeds with, the
 * whole one fails at the earlier rung; and with every other that is wrong in the same way, at the later one.
 */
function isIndependent(lab: Lab, plan: Plan, axis: number, late: number, early: number): boolean {
  const { call, cells } = plan.steps[0] as PlanStep;
  const alone = [...withoutEarly(lab, plan, axis, late, early)][0];
  if (alone === undefined) return false;
  const info = call.axes[axis];
  if (info === undefined) return false;
  const table = candidatesOf(info, call, lab.pids);
  const step = Math.max(1, Math.floor(countOf(table) / MOST_TRIED));
  let content = 0;
  for (let i = 0; i < countOf(table); i += step) {
    const [kind, lo, hi] = [table[i * CELL], table[i * CELL + 1], table[i * CELL + 2]] as [
      number,
      number,
      number,
    ];
    if (kind === cells[axis * CELL] && lo === cells[axis * CELL + 1] && hi === cells[axis * CELL + 2])
      continue;
    const here = outcome(lab, withCell(alone, 0, axis, kind, lo, hi));
    const isGoodPlace = info.kind !== "pointer" || PLACEMENTS[kind]?.good === true;
    // What is wrong lies behind the pointer, not with it.
    if (!here.good && info.kind === "pointer" && isGoodPlace) return false;
    if (!here.good && here.rung !== late) continue;
    if (!here.good && info.kind === "pointer" && isRange(kind) !== isRange(cells[axis * CELL] as number))
      continue;
    const both = outcome(lab, withCell(plan, 0, axis, kind, lo, hi));
    if (both.rung !== (here.good ? early : late)) return false;
    if (here.good && isGoodPlace) content++;
  }
  return content >= 2;
}

/**
 * Whether the earlier check is broken by the program as it is, and not only with another value at `axis`: if another
 * value somewhere else mends what the later rung complains of, the earlier one speaks. It is not when the call succeeds,
 * or comes a round further.
 */
function isBrokenToo(lab: Lab, plan: Plan, axis: number, late: Late): boolean {
  const { call, cells } = plan.steps[0] as PlanStep;
  const without = reset(plan, axis);
  for (const other of toldAxes(call, cells)) {
    const info = call.axes[other];
    // What is wrong for the earlier check is not to be mended.
    if (other === axis || info === undefined || outcome(lab, reset(without, other)).good) continue;
    const table = candidatesOf(info, call, lab.pids);
    for (let at = 0; at < table.length; at += CELL) {
      const [kind, lo, hi] = [table[at] as number, table[at + 1], table[at + 2]];
      const { good, id, each } = outcome(lab, withCell(plan, 0, other, kind, lo, hi));
      // In the next round it fails at another rung.
      if (good || (each !== undefined && each === late.each && id !== late.id)) return false;
    }
  }
  return true;
}

/** A place that is no user memory whatever is mapped: the range alone says so, to whoever looks at nothing but that. */
function isRange(kind: number): boolean {
  const where = PLACEMENTS[kind]?.where;
  return where !== undefined && ("wraps" in where || ("from" in where && where.from !== "null"));
}

/** Whether an axis lies in an object that `other` points at or measures, or `other` is one of many like it. */
function areRelated(axes: CallAxes["axes"], axis: number, other: number): boolean {
  const { measures = -1, element = 0 } = axes[other] ?? {};
  return element > 0 || isInside(axes, axis, other) || (measures >= 0 && isInside(axes, axis, measures));
}

/** Whether an axis lies, at any depth, in the object behind the pointer `outer`. */
function isInside(axes: CallAxes["axes"], axis: number, outer: number): boolean {
  for (let at = axes[axis]?.holder ?? -1; at >= 0; at = axes[at]?.holder ?? -1) if (at === outer) return true;
  return false;
}

/** Programs in which the earlier fault is mended, by one value or by rights, and the later one is not. */
function* withoutEarly(lab: Lab, plan: Plan, axis: number, late: number, early: number): Generator<Plan> {
  const { call, cells } = plan.steps[0] as PlanStep;
  const candidates = toldAxes(call, cells)
    // Where one thing lies inside the other, which speaks first is a matter of how far the call has come.
    .filter(
      (other) => other !== axis && !areRelated(call.axes, axis, other) && !areRelated(call.axes, other, axis),
    )
    .map((other) => reset(plan, other));
  if (!plan.capable) candidates.push({ ...plan, capable: true });
  for (const mended of candidates) {
    if (outcome(lab, mended).rung !== late) continue;
    const good = outcome(lab, reset(mended, axis));
    if (good.good || (good.rung !== null && good.rung > early && good.rung !== late)) yield mended;
  }
}
