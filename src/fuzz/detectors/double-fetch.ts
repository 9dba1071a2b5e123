import { FaultPlan } from "../../mm/fault-plan.ts";
import type { Detector, Scene } from "../detector.ts";
import type { Suspicion } from "../finding.ts";
import type { StepSeen } from "../observation.ts";

const NAME = "double-fetch";

/** A byte of user memory that one call reads twice may be another the second time: what was checked is not what is used. */
export const doubleFetch: Detector = {
  name: NAME,
  about: "a call reads the same user byte twice, and another thread may change it in between",
  passive({ lab, seen }, found) {
    const { tape } = lab;
    const { steps } = seen;
    for (let s = 0; s < steps.length; s++) {
      const step = steps[s] as StepSeen;
      const { from, to } = step;
      if (to - from < 2 || step.tangled) continue;
      const end = Math.min(to, from + 64);
      for (let i = from + 1; i < end; i++) {
        if (tape.write[i] === 1 || (tape.site[i] as number) < 0) continue;
        const start = tape.address[i] as number;
        const stop = start + (tape.done[i] as number);
        for (let j = from; j < i; j++) {
          if (tape.write[j] === 1 || tape.site[j] !== tape.site[i]) continue;
          const first = tape.address[j] as number;
          const low = Math.max(start, first);
          if (low >= Math.min(stop, first + (tape.done[j] as number))) continue;
          const { call } = step.step;
          const path = call.axes[tape.site[i] as number]?.path ?? "";
          if (call.call.decl.rereads?.includes(path) === true) continue;
          found.push({
            detector: NAME,
            call: call.name,
            rung: null,
            site: path,
            title: `${call.name} reads ${path} twice: ${tape.op[j]} and then ${tape.op[i]} take the byte at 0x${low.toString(16)}`,
            step: s,
          });
          return;
        }
      }
    }
  },
  confirm(scene, suspicion) {
    const before = outcomeOf(scene, suspicion.step);
    const after = raced(scene, suspicion);
    const effect =
      after === null
        ? ""
        : after === before
          ? `; another thread that changes it in between gets the same answer, ${before}`
          : `; another thread that changes it in between turns ${before} into ${after}`;
    return { ...suspicion, title: suspicion.title + effect };
  },
};

/** The answer when every byte that is read a second time is turned over just before; null when there is no such run. */
function raced({ lab, plan }: Scene, { step, site }: Suspicion): string | null {
  const taken = new Map<number, boolean>();
  const flip = (access: {
    readonly access: string;
    readonly address: number;
    readonly length: number;
  }): void => {
    if (access.access !== "read" || access.length > 4096) return;
    for (let i = 0; i < access.length; i++) {
      const address = access.address + i;
      if (taken.get(address) === false) lab.flip(address);
      taken.set(address, taken.has(address));
    }
  };
  const seen = lab.run(plan, new FaultPlan().observeAccess("1+", flip), step);
  return site === "" ? null : outcomeOf({ lab, plan, seen }, step);
}

function outcomeOf({ seen }: Scene, step: number): string {
  const { returned, result, rung } = seen.steps[step] as StepSeen;
  if (seen.oops !== null) return "an oops";
  if (!returned) return "no answer";
  return rung === null ? String(result) : `${rung.errno} (${rung.id})`;
}
