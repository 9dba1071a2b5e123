import type { Detector } from "./detector.ts";
import { keyOf, type Suspicion } from "./finding.ts";
import type { Lab } from "./lab.ts";
import type { Plan } from "./plan.ts";

/** Asks detectors about one program, each from a machine that has been put back thoroughly. */
export function examine(lab: Lab, plan: Plan, detectors: readonly Detector[]): Suspicion[] {
  const found: Suspicion[] = [];
  for (const detector of detectors) {
    lab.reset();
    const seen = lab.run(plan);
    const suspected: Suspicion[] = [];
    detector.passive?.({ lab, plan, seen }, suspected);
    detector.active?.({ lab, plan, seen }, found);
    for (const suspicion of suspected) {
      const sure =
        detector.confirm === undefined ? suspicion : detector.confirm({ lab, plan, seen }, suspicion);
      if (sure !== null) found.push(sure);
    }
  }
  lab.reset();
  return found;
}

/** Whether detectors still say the same of a program; the suspicion, or null. */
export function stillSays(
  lab: Lab,
  plan: Plan,
  detectors: readonly Detector[],
  key: string,
): Suspicion | null {
  return examine(lab, plan, detectors).find((suspicion) => keyOf(suspicion) === key) ?? null;
}
