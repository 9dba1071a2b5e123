import { layoutOf } from "../../abi/struct.ts";
import type { Detector } from "../detector.ts";
import type { Suspicion } from "../finding.ts";
import type { Lab } from "../lab.ts";
import type { Observation, StepSeen } from "../observation.ts";
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
  passive({ lab, seen }, found) {
    const [first] = fillings(lab, seen, POISON, 1);
    if (first !== undefined) found.push(describe(lab, seen, first));
  },
  confirm({ lab, plan }, suspicion) {
    const before = fillings(lab, lab.run(plan), POISON);
    lab.poison = OTHER_POISON;
    const seen = lab.run(plan);
    // Data may be the one filling by chance, and not both at one place.
    const places = new Set(before.map(({ address }) => address));
    const again = fillings(lab, seen, OTHER_POISON).find(({ address }) => places.has(address));
    const sure = again === undefined ? null : describe(lab, seen, again);
    lab.poison = POISON;
    return sure !== null && sure.site === suspicion.site ? sure : null;
  },
};

/** A byte of user memory that is the filling of kernel memory. */
interface Filling {
  readonly address: number;
  /** The step, and on the tape the access, that wrote it. */
  readonly step: number;
  readonly access: number;
}

const NOTHING: readonly Filling[] = [];

/** The first `most` fillings a program has brought to user memory; most bring none. */
function fillings(
  lab: Lab,
  { steps }: Observation,
  poison: number,
  most: number = Number.POSITIVE_INFINITY,
): readonly Filling[] {
  const { tape } = lab;
  let all: Filling[] | null = null;
  for (let step = 0; step < steps.length; step++) {
    const { from, to } = steps[step] as StepSeen;
    for (let access = from; access < to; access++) {
      if (tape.write[access] !== 1 || tape.op[access] === "clear_user") continue;
      const start = tape.address[access] as number;
      const end = start + Math.min(MOST, tape.done[access] as number);
      for (let at = start; at < end; at++) {
        const found = lab.find(at, end - at, poison);
        if (found < 0) break;
        at += found;
        all ??= [];
        all.push({ address: at, step, access });
        if (all.length >= most) return all;
      }
    }
  }
  return all ?? NOTHING;
}

function describe(lab: Lab, { steps }: Observation, { address, step: place, access }: Filling): Suspicion {
  const step = steps[place] as StepSeen;
  const site = lab.tape.site[access] as number;
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
function fieldAt(lab: Lab, step: StepSeen, site: number, offset: number): string {
  const struct = step.call.objectOf[site]?.to.struct ?? null;
  if (struct === null) return ` at byte ${offset}`;
  const layout = layoutOf(struct, lab.model, lab.machine.registry.types);
  const within = offset % layout.size;
  const field = layout.fields.find((f) => within >= f.offset && within < f.offset + f.size);
  return field === undefined ? `, padding at byte ${within}` : `.${field.name} (byte ${within})`;
}
