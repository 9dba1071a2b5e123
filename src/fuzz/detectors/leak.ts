import type { Detector } from "../detector.ts";
import type { StepSeen } from "../observation.ts";

const NAME = "leak";

/** When every task a program made has ended, and the caller too, nothing is left of what they had. */
export const leak: Detector = {
  name: NAME,
  about: "something is still there when everybody who had it is gone: a task, a number, a file, a page",
  active({ lab, plan, seen }, found) {
    const place = seen.steps.findLastIndex((step) => step.ran);
    if (place < 0 || seen.oops !== null) return;
    const before = lab.remains(null);
    const after = lab.remains(plan);
    for (const [what, n] of Object.entries(after)) {
      const left = n - (before[what] ?? 0);
      if (left === 0) continue;
      const { step, rung } = seen.steps[place] as StepSeen;
      const { name } = step.call;
      const text =
        left > 0 ? `${left} ${what} stay when everybody is gone` : `${-left} ${what} too many are given back`;
      found.push({
        detector: NAME,
        call: name,
        rung: rung?.id ?? null,
        site: what,
        title: `${name}: ${text}`,
        step: place,
      });
      return;
    }
  },
};
