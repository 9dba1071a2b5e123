import { CELL, TEXTS } from "../../cells.ts";
import type { StepSeen } from "../../observation.ts";
import type { PlacedObject } from "../../placed-call.ts";
import type { Tape } from "../../tape.ts";

const TEXT = TEXTS.indexOf("text");

/**
 * A string ends with its NUL: bytes behind it are nobody's, and a page behind it may not be there (a NUL before a bad page
 * wins, U-16). Bytes read behind the NUL of the string at `site`; 0 for none, and for what is no text.
 */
export function bytesBehindNul({ step, call, values, from, to }: StepSeen, tape: Tape, site: number): number {
  const object = call.objectOf[site];
  if (object === null || object === undefined || !isText(object, step.cells)) return 0;
  const end = (values.address[site] as number) + (values.size[site] as number);
  let behind = 0;
  for (let i = from; i < to; i++)
    if (tape.write[i] === 0 && tape.site[i] === site)
      behind = Math.max(behind, (tape.address[i] as number) + (tape.done[i] as number) - end);
  return behind;
}

/** A string of the caller's whose only NUL is its last byte. */
function isText({ to, bytes }: PlacedObject, cells: Int32Array): boolean {
  return (
    to.buffer && to.measure < 0 && to.direction === "in" && bytes >= 0 && cells[bytes * CELL + 1] === TEXT
  );
}
