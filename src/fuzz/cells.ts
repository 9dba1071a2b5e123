import type { Axis, CallAxes } from "./axes.ts";
import { PLACEMENTS } from "./torture.ts";

/** Words a value takes: its kind, and two more that mean what the kind says. */
export const CELL = 3;

/** Kinds of values that are no pointers: a word of two halves. */
export const LITERAL = 0;
/** The size of what the pointer it measures points at, and `lo` more. */
export const SIZEOF = 1;
/** What step `lo` of the same task returned. */
export const RETURNED = 2;
/** An address in a page of its own, at offset `lo`. */
export const SCRATCH = 3;

/** What a buffer holds, `hi` bytes of it where nothing else says how long it is. */
export const TEXTS: readonly ["text", "endless", "empty", "noise"] = ["text", "endless", "empty", "noise"];

/** Bytes of a buffer that nobody has asked for another length of. */
export const NATURAL_BUFFER = 16;

/** Every axis of a call at its default: no flags, good pointers, none where NULL will do, sizes and counts that fit. */
export function defaultCells({ axes, fixed }: CallAxes): Int32Array {
  const cells = new Int32Array(axes.length * CELL);
  for (const axis of axes) {
    const at = axis.index * CELL;
    if (axis.kind === "pointer") cells[at] = axis.pointer?.optional === true ? NULL : 0;
    else if (axis.kind === "bytes") cells[at + 2] = NATURAL_BUFFER - 1;
    else if (axis.measures >= 0) cells[at] = SIZEOF;
    else if (axis.role === "fd") cells[at + 1] = 3;
  }
  if (fixed !== null) setWord(cells, fixed.axis, fixed.value);
  return cells;
}

/** The placement of no object. */
export const NULL: number = PLACEMENTS.findIndex(({ name }) => name === "null");

/** Makes a value a word. @param value a safe integer */
export function setWord(cells: Int32Array, axis: number, value: number): void {
  const at = axis * CELL;
  cells[at] = LITERAL;
  cells[at + 1] = value | 0;
  cells[at + 2] = Math.floor(value / 2 ** 32) | 0;
}

/** Whether an axis stands as in {@link defaultCells}. */
export function isDefault(axis: Axis, cells: Int32Array, defaults: Int32Array): boolean {
  const at = axis.index * CELL;
  return (
    cells[at] === defaults[at] && cells[at + 1] === defaults[at + 1] && cells[at + 2] === defaults[at + 2]
  );
}
