import type { Detector, Scene } from "../detector.ts";
import type { Suspicion } from "../finding.ts";
import type { StepSeen } from "../observation.ts";
import type { PlacedObject } from "../placed-call.ts";
import { NOBODY } from "../tape.ts";
import { miscount } from "./partial-copy/counted-bytes.ts";
import { bytesBehindNul } from "./partial-copy/overread-string.ts";

const NAME = "partial-copy";

/**
 * What a call that succeeds writes is what its declaration says: an out-struct as a whole or not at all, an array or a
 * buffer no further than its measure, as many bytes as a read-like call returns, and nothing anywhere else.
 */
export const partialCopy: Detector = {
  name: NAME,
  about: "the bytes a call writes are not those its declaration promises",
  passive(scene, found) {
    const { steps } = scene.seen;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i] as StepSeen;
      if (step.returned && !step.tangled) lookAt(scene, step, i, found);
    }
  },
};

function lookAt({ lab }: Scene, step: StepSeen, place: number, found: Suspicion[]): void {
  const { tape } = lab;
  const { call, values } = step;
  const { name, axes } = step.step.call;
  const report = (site: string, what: string): void => {
    found.push({
      detector: NAME,
      call: name,
      rung: step.rung?.id ?? null,
      site,
      title: `${name} ${what}`,
      step: place,
    });
  };
  let written = 0;
  for (let i = step.from; i < step.to; i++) {
    if (tape.write[i] !== 1) {
      const behind = bytesBehindNul(step, tape, tape.site[i] as number);
      if (behind === 0) continue;
      const path = axes[tape.site[i] as number]?.path ?? "";
      report(path, `reads ${behind} bytes behind the NUL of ${path}`);
      return;
    }
    written++;
    const address = tape.address[i] as number;
    const site = tape.site[i] as number;
    if (site === NOBODY) {
      if (tape.done[i] === 0 || isValue(step, address)) continue;
      report("", `writes ${tape.done[i]} bytes at 0x${address.toString(16)}, which no argument points at`);
      return;
    }
    if (site < 0) continue;
    const object = call.objectOf[site] as PlacedObject;
    const end = (values.address[site] as number) + (values.size[site] as number);
    // Asking for more than the object holds is wrong even where a guard page stops it.
    if (address + (tape.size[i] as number) > end && measured(step, object)) {
      report(
        axes[site]?.path ?? "",
        `writes ${address + (tape.size[i] as number) - end} bytes past the end of ${axes[site]?.path}`,
      );
      return;
    }
  }
  if (step.result < 0) return;
  const wrong = miscount(step, tape);
  if (wrong !== null)
    report(wrong.path, `returns ${step.result} and has written ${wrong.written} bytes at ${wrong.path}`);
  else if (written > 0)
    for (const object of call.objects) if (object.written) checkWhole(scene(step, tape), object, report);
}

/** Whether the object's size is known for certain: it has one, or its measure tells it. */
function measured({ values }: StepSeen, { axis, to }: PlacedObject): boolean {
  return to.measure < 0 ? !to.buffer : values.open[axis.index] === 0;
}

interface Written {
  readonly step: StepSeen;
  readonly tape: Scene["lab"]["tape"];
}

function scene(step: StepSeen, tape: Scene["lab"]["tape"]): Written {
  return { step, tape };
}

function checkWhole(
  { step, tape }: Written,
  object: PlacedObject,
  report: (site: string, what: string) => void,
): void {
  const { index, path } = object.axis;
  const { to } = object;
  // What goes both ways is changed where there is something to tell.
  if (to.partial || to.buffer || to.direction === "inout") return;
  let bytes = 0;
  let short = false;
  for (let i = step.from; i < step.to; i++) {
    if (tape.write[i] !== 1 || tape.site[i] !== index) continue;
    bytes += tape.done[i] as number;
    if ((tape.done[i] as number) < (tape.size[i] as number)) short = true;
  }
  if (bytes === 0 || short) return;
  if (to.measure < 0 && bytes !== object.elementSize)
    report(path, `writes ${bytes} bytes of the ${object.elementSize} of ${path}`);
}

/** Whether some word of the call is this address: a pointer that the declaration does not call one. */
function isValue({ call, values }: StepSeen, address: number): boolean {
  for (let axis = 0; axis < values.lo.length; axis++) {
    if (call.objectOf[axis] !== null) continue;
    // What an earlier call returned: whatever that was.
    if (values.later[axis] === 1) return true;
    const word = (values.hi[axis] as number) * 2 ** 32 + ((values.lo[axis] as number) >>> 0);
    if (word === address && word > 4096) return true;
  }
  return false;
}
