import { layoutOf } from "../../abi/struct.ts";
import type { Detector, Scene } from "../detector.ts";
import type { Suspicion } from "../finding.ts";
import type { StepSeen } from "../observation.ts";
import { POISON } from "../stand.ts";

const NAME = "kernel-bytes";
const OTHER_POISON = 0x6b;
/** Bytes of one access that are looked at. */
const MOST = 512;

/**
 * What the kernel did not write into a buffer of its own must not reach user memory: padding, the end of an array, a
 * field that was forgotten. Kernel memory is filled when it is handed out; a byte that is the filling twice, under two
 * fillings, came from there.
 */
export const kernelBytes: Detector = {
  name: NAME,
  about: "bytes of kernel memory that nobody wrote reach user memory",
  passive(scene, found) {
    const leak = leakOf(scene, POISON);
    if (leak !== null) found.push(leak);
  },
  confirm({ lab, plan }, suspicion) {
    lab.poison = OTHER_POISON;
    const seen = lab.run(plan);
    const again = leakOf({ lab, plan, seen }, OTHER_POISON);
    lab.poison = POISON;
    return again !== null && again.site === suspicion.site ? suspicion : null;
  },
};

function leakOf({ lab, seen }: Scene, poison: number): Suspicion | null {
  const { tape } = lab;
  const { steps } = seen;
  for (let s = 0; s < steps.length; s++) {
    const step = steps[s] as StepSeen;
    for (let i = step.from; i < step.to; i++) {
      if (tape.write[i] !== 1 || tape.op[i] === "clear_user") continue;
      const done = Math.min(MOST, tape.done[i] as number);
      if (done === 0) continue;
      const address = tape.address[i] as number;
      const at = lab.find(address, done, poison);
      if (at >= 0) return describe(lab, step, s, tape.site[i] as number, address + at);
    }
  }
  return null;
}

function describe(
  lab: Scene["lab"],
  step: StepSeen,
  place: number,
  site: number,
  address: number,
): Suspicion {
  const { call } = step.step;
  const path = site < 0 ? "" : (call.axes[site]?.path ?? "");
  const offset = site < 0 ? 0 : address - (step.values.address[site] as number);
  const where = site < 0 ? "memory of no argument" : `${path}${fieldAt(lab, step, site, offset)}`;
  return {
    detector: NAME,
    call: call.name,
    rung: step.rung?.id ?? null,
    site: path,
    title: `${call.name} hands out kernel memory that nobody wrote: ${where}`,
    step: place,
  };
}

/** Which field of an out-struct a byte lies in, or that it is padding. */
function fieldAt(lab: Scene["lab"], step: StepSeen, site: number, offset: number): string {
  const struct = step.call.objectOf[site]?.to.struct ?? null;
  if (struct === null) return ` at byte ${offset}`;
  const layout = layoutOf(struct, lab.model, lab.machine.registry.types);
  const within = offset % layout.size;
  const field = layout.fields.find((f) => within >= f.offset && within < f.offset + f.size);
  return field === undefined ? `, padding at byte ${within}` : `.${field.name} (byte ${within})`;
}
