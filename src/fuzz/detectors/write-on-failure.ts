import type { Detector, Scene } from "../detector.ts";
import type { Suspicion } from "../finding.ts";
import { failed, type StepSeen } from "../observation.ts";
import { tracesOf } from "./traces.ts";

const NAME = "write-on-failure";

/**
 * A call that answers an errno leaves no trace: no byte of user memory, nothing of the kernel's state, but for what its
 * declaration says the rung leaves behind, and the bytes before a fault (U-03).
 */
export const writeOnFailure: Detector = {
  name: NAME,
  about: "a call that fails has written user memory or changed the kernel's state",
  passive(scene, found) {
    lookFor(scene, false, found);
  },
  active(scene, found) {
    if (scene.plan.steps.length === 1) lookFor(scene, true, found);
  },
};

function lookFor({ lab, seen }: Scene, thorough: boolean, found: Suspicion[]): void {
  const { steps } = seen;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as StepSeen;
    if (!failed(step)) continue;
    const trace = tracesOf(lab, step, thorough);
    if (trace === null) continue;
    const { rung } = step;
    const { name } = step.step.call;
    const where = rung === null ? "" : ` at ${rung.id} (${rung.errno})`;
    const { site, what } = trace;
    found.push({
      detector: NAME,
      call: name,
      rung: rung?.id ?? null,
      site,
      title:
        site === "state" ? `${name} fails${where} and ${what}` : `${name} ${what} and then fails${where}`,
      step: i,
    });
  }
}
