import { FaultPlan } from "../../mm/fault-plan.ts";
import type { Detector, Scene } from "../detector.ts";
import type { Suspicion } from "../finding.ts";
import { failed, type StepSeen } from "../observation.ts";
import { tracesOf } from "./traces.ts";

const NAME = "fault-atomicity";
/** Accesses and allocations of a call that are failed, one by one. */
const MOST = 24;

/**
 * Any access to user memory may fault, any allocation may fail: the call answers an errno of its ladder then, and nothing
 * is half done. Every access and every allocation of a call that succeeds is failed in turn.
 */
export const faultAtomicity: Detector = {
  name: NAME,
  about: "a call that meets a fault or a lack of memory in the middle leaves something half done",
  active(scene, found) {
    const { plan, seen } = scene;
    const place = seen.steps.findLastIndex((step) => step.ran);
    const last = seen.steps[place];
    if (last === undefined || last.result < 0) return;
    const counted = new FaultPlan();
    scene.lab.run(plan, counted, place);
    const { accesses, allocations } = counted;
    for (let n = 1; n <= Math.min(MOST, accesses); n++)
      tryWith(scene, new FaultPlan().failAccess(n), place, `user access ${n} faults`, found);
    for (let n = 1; n <= Math.min(MOST, allocations); n++)
      tryWith(scene, new FaultPlan().failAllocation(n), place, `allocation ${n} fails`, found);
  },
};

function tryWith(
  { lab, plan }: Scene,
  faults: FaultPlan,
  place: number,
  when: string,
  found: Suspicion[],
): void {
  const seen = lab.run(plan, faults, place);
  const step = seen.steps[place] as StepSeen;
  const { call } = step.step;
  const report = (site: string, what: string): void => {
    const rung = step.rung?.id ?? null;
    if (found.some((f) => f.site === site && f.rung === rung)) return;
    found.push({
      detector: NAME,
      call: call.name,
      rung,
      site,
      title: `${call.name}: ${when}, and it ${what}`,
      step: place,
    });
  };
  if (seen.oops !== null) {
    const { error } = seen.oops;
    report("oops", `throws: ${error instanceof Error ? error.message : String(error)}`);
  } else if (failed(step) && step.rung !== null) {
    // A user page for want of a frame is a lack of memory without a rung of its own, and a fault all the same.
    // What else has changed in a program of several calls, the earlier ones may have done.
    const trace = tracesOf(lab, step, plan.steps.length === 1);
    if (trace !== null)
      report(trace.site, `${trace.what}${step.rung === null ? "" : `, failing at ${step.rung.id}`}`);
  }
}
