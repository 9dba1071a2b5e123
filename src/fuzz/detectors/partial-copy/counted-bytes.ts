import type { StepSeen } from "../../observation.ts";
import type { PlacedObject } from "../../placed-call.ts";
import type { Tape } from "../../tape.ts";

/** A read-like call that does not return how many bytes it has written: what it says and what it did. */
export interface Miscount {
  /** The buffer it wrote last; the first it could have written, where it wrote none. */
  readonly path: string;
  readonly written: number;
}

/**
 * Whether a call that returns how many bytes it moved (`ssize_t`, buffers with a size) tells the truth, a copy that ended
 * at a fault included; null when it does, or when not everything it wrote is such a buffer's. Who moves piece by piece
 * may count whole pieces: a fault in a later one leaves some bytes of it written that are not told of (pipe_read).
 */
export function miscount({ step, call, result, from, to }: StepSeen, tape: Tape): Miscount | null {
  if (step.call.call.returns !== "ssize_t") return null;
  const first = call.objects.find(isCounted);
  if (first === undefined) return null;
  let written = 0;
  let faulted = false;
  let { path } = first.axis;
  for (let i = from; i < to; i++) {
    if (tape.write[i] !== 1) continue;
    const object = call.objectOf[tape.site[i] as number];
    if (object === null || object === undefined || !isCounted(object)) return null;
    const done = tape.done[i] as number;
    written += done;
    faulted = done < (tape.size[i] as number);
    path = object.axis.path;
  }
  return written === result || (faulted && result > 0 && result < written) ? null : { path, written };
}

function isCounted({ to }: PlacedObject): boolean {
  return to.buffer && to.unit === "size" && to.direction === "out" && !to.partial;
}
