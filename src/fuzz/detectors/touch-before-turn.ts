import type { Rung } from "../../abi/ladder.ts";
import { CELL } from "../cells.ts";
import type { Detector, Scene } from "../detector.ts";
import { failed, type Observation, type StepSeen } from "../observation.ts";
import type { Plan, PlanStep } from "../plan.ts";
import { defaultsOf } from "../simplest.ts";
import { placeNamed } from "../torture.ts";
import { ownStep, withCell } from "../variation.ts";

const NAME = "touch-before-turn";
const UNMAPPED = placeNamed("unmapped");

/**
 * A pointer is not touched before its turn: a call that fails at a rung has not looked through a pointer whose own fault
 * stands behind that rung in the ladder. Which rung is a pointer's own is learnt by experiment: the same program with
 * nothing behind the pointer.
 */
export const touchBeforeTurn: Detector = {
  name: NAME,
  about: "a pointer is read or written before a check that should have refused the call",
  active({ lab, plan, seen }, found) {
    const suspects = seen.steps.flatMap((step, place) => {
      const own = ownStep(plan, place);
      return own >= 0 && failed(step) && step.rung !== null && !step.tangled
        ? touchedBy(lab.tape, step, place, own)
        : [];
    });
    for (const { rung, rungIndex, place, own, axis } of suspects) {
      const fault = faultRungOf({ lab, plan, seen }, place, own, axis, rungIndex);
      if (fault === null || fault.index <= rungIndex) continue;
      const { call } = plan.steps[own] as PlanStep;
      const path = call.axes[axis]?.path ?? "";
      found.push({
        detector: NAME,
        call: call.name,
        rung: rung.id,
        site: path,
        title: `${call.name} fails at ${rung.id} (${rung.errno}) and has looked at ${path}, whose turn, ${fault.id}, comes later`,
        step: place,
      });
    }
  },
};

interface Suspect {
  readonly rung: Rung;
  readonly rungIndex: number;
  readonly place: number;
  readonly own: number;
  readonly axis: number;
}

/** The pointers a failed step has touched. */
function touchedBy(tape: Scene["lab"]["tape"], step: StepSeen, place: number, own: number): Suspect[] {
  const axes = new Set<number>();
  for (let i = step.from; i < step.to; i++)
    if ((tape.site[i] as number) >= 0) axes.add(tape.site[i] as number);
  const { rung, rungIndex } = step;
  return rung === null ? [] : [...axes].map((axis) => ({ rung, rungIndex, place, own, axis }));
}

interface Fault {
  readonly id: string;
  readonly index: number;
}

/** Where the call fails with nothing behind the pointer; past the rung it failed at, if it fails there in any case. */
function faultRungOf(
  { lab, plan }: Scene,
  place: number,
  own: number,
  axis: number,
  rungIndex: number,
): Fault | null {
  const bad = withCell(plan, own, axis, UNMAPPED);
  const first = lab.run(bad).steps[place] as StepSeen;
  if (isFaultOf(lab, first, axis)) return { id: first.rung?.id ?? "", index: first.rungIndex };
  if (first.rungIndex !== rungIndex) return null;
  // The check comes first, and speaks first: what is behind the pointer speaks once the check is content.
  const { call, cells } = bad.steps[own] as PlanStep;
  const defaults = defaultsOf(call);
  for (const other of call.axes) {
    if (other.index === axis || isHolder(call.axes, axis, other.index)) continue;
    const at = other.index * CELL;
    if ([0, 1, 2].every((i) => cells[at + i] === defaults[at + i])) continue;
    const [kind, lo, hi] = [defaults[at], defaults[at + 1], defaults[at + 2]] as [number, number, number];
    const content = lab.run(withCell(bad, own, other.index, kind, lo, hi)).steps[place] as StepSeen;
    if (isFaultOf(lab, content, axis)) return { id: content.rung?.id ?? "", index: content.rungIndex };
  }
  return lab.run(capable(bad)).steps[place]?.rungIndex === rungIndex
    ? null
    : ofLast(lab, lab.run(capable(bad)), place, axis);
}

function capable(plan: Plan): Plan {
  return { ...plan, capable: true };
}

function ofLast(lab: Scene["lab"], seen: Observation, place: number, axis: number): Fault | null {
  const step = seen.steps[place] as StepSeen;
  return isFaultOf(lab, step, axis) ? { id: step.rung?.id ?? "", index: step.rungIndex } : null;
}

/** Whether a step failed because of what its last access met, in the object of this pointer. */
function isFaultOf({ tape }: Scene["lab"], step: StepSeen, axis: number): boolean {
  const last = step.to - 1;
  if (!failed(step) || step.rung?.errno !== "EFAULT" || last < step.from) return false;
  return tape.site[last] === axis && (tape.done[last] as number) < (tape.size[last] as number);
}

/** Whether an object lies, at any depth, in the one behind `other`. */
function isHolder(axes: PlanStep["call"]["axes"], axis: number, other: number): boolean {
  for (let at = axes[axis]?.holder ?? -1; at >= 0; at = axes[at]?.holder ?? -1) if (at === other) return true;
  return false;
}
