import type { CallAxes } from "./axes.ts";
import { CELL, defaultCells } from "./cells.ts";

const KNOWN: WeakMap<CallAxes, Int32Array> = new WeakMap();

/** The defaults of a call; not to be changed. */
export function defaultsOf(call: CallAxes): Int32Array {
  let cells = KNOWN.get(call);
  if (cells === undefined) KNOWN.set(call, (cells = defaultCells(call)));
  return cells;
}

/** The axes of a step that are not at their defaults. */
export function toldAxes(call: CallAxes, cells: Int32Array): number[] {
  const defaults = defaultsOf(call);
  const told: number[] = [];
  for (let axis = 0; axis < call.axes.length; axis++) {
    const at = axis * CELL;
    if (
      cells[at] !== defaults[at] ||
      cells[at + 1] !== defaults[at + 1] ||
      cells[at + 2] !== defaults[at + 2]
    )
      told.push(axis);
  }
  return told;
}
