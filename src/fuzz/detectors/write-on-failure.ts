import type { Rung } from "../../abi/ladder.ts";
import type { Detector, Scene } from "../detector.ts";
import type { Suspicion } from "../finding.ts";
import { failed, type StepSeen } from "../observation.ts";
import { NOBODY, SEVERAL } from "../tape.ts";

const NAME = "write-on-failure";

/**
 * A call that answers an errno leaves no trace: no byte of user memory, nothing of the kernel's state, but for what its
 * declaration says the rung leaves behind, and the bytes before a fault (U-03).
 */
export const writeOnFailure: Detector = {
  name: NAME,
  about: "a call that fails has written user memory or changed the kernel's state",
  passive(scene, found) {
    const { steps } = scene.seen;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i] as StepSeen;
      if (failed(step)) lookAt(scene, step, i, found);
    }
  },
};

function lookAt({ lab }: Scene, step: StepSeen, place: number, found: Suspicion[]): void {
  const { tape } = lab;
  const {
    rung,
    step: { call },
  } = step;
  let written = -3;
  for (let i = step.tangled ? step.to : step.from; i < step.to; i++) {
    if (tape.write[i] !== 1 || tape.done[i] === 0) continue;
    const site = tape.site[i] as number;
    if (site === SEVERAL || site === written) continue;
    written = site;
    const path = site === NOBODY ? "" : (call.axes[site]?.path ?? "");
    if (leaves(rung, path) || isFault(step, tape, site)) continue;
    const what = path === "" ? "memory of no argument" : path;
    found.push({
      detector: NAME,
      call: call.name,
      rung: rung?.id ?? null,
      site: path,
      title: `${call.name} writes ${tape.done[i]} bytes at ${what} and then fails${at(rung)}`,
      step: place,
    });
    return;
  }
  if (!step.changed || leaves(rung, "state")) return;
  found.push({
    detector: NAME,
    call: call.name,
    rung: rung?.id ?? null,
    site: "state",
    title: `${call.name} fails${at(rung)} and has changed the kernel's state`,
    step: place,
  });
}

/** What the declaration says a call that fails there leaves behind. */
function leaves(rung: Rung | null, what: string): boolean {
  const left = rung?.leaves ?? [];
  return left.some((name) => what === name || what.startsWith(`${name}.`) || what.startsWith(`${name}[`));
}

/** The bytes before a fault stay written: the last access is the one that fell short, in the same object. */
function isFault(
  { rung, from, to }: StepSeen,
  { done, size, site: sites }: Scene["lab"]["tape"],
  site: number,
): boolean {
  const last = to - 1;
  if (last < from || rung?.errno !== "EFAULT") return false;
  return (done[last] as number) < (size[last] as number) && sites[last] === site;
}

function at(rung: Rung | null): string {
  return rung === null ? "" : ` at ${rung.id} (${rung.errno})`;
}
