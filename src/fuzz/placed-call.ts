import { pointerSize, SCALARS, scalarSize } from "../abi/ctype.ts";
import type { Rung } from "../abi/ladder.ts";
import { layoutOf } from "../abi/struct.ts";
import type { Types } from "../abi/types.ts";
import { kernelVersion } from "../abi/version.ts";
import type { EntryPath } from "../arch/entry-path.ts";
import type { Machine } from "../kernel/machine.ts";
import type { Axis, CallAxes, PointedAt } from "./axes.ts";
import { NATURAL_BUFFER } from "./cells.ts";

/** A value that lies in an object. */
export interface PlacedField {
  readonly axis: number;
  /** Bytes from the start of the object. */
  readonly offset: number;
  readonly width: number;
}

/** An object behind a pointer, as one ABI lays it out. */
export interface PlacedObject {
  readonly axis: Axis;
  readonly to: PointedAt;
  /** Bytes of an element; 1 for a buffer. */
  readonly elementSize: number;
  /** Bytes where nothing that measures it says otherwise. */
  readonly natural: number;
  /** Its arena, counted from the step's first. */
  readonly slot: number;
  readonly fields: readonly PlacedField[];
  /** The axis of its bytes, and of what follows the struct; −1 for none. */
  readonly bytes: number;
  readonly tail: number;
  /** The kernel reads it. */
  readonly read: boolean;
  readonly written: boolean;
}

/** A call on one way in. */
export interface PlacedCall {
  readonly nr: number;
  /** By argument word: its axis. */
  readonly registers: readonly number[];
  /** 32-bit indices of the words' registers in an image. */
  readonly words: readonly number[];
  readonly objects: readonly PlacedObject[];
  /** Object by the axis of its pointer; null for an axis that is none. */
  readonly objectOf: readonly (PlacedObject | null)[];
  /** Bytes an axis has room for where it lies. */
  readonly widths: readonly number[];
  /** Arguments of at most 32 bits, whatever the width of the registers. */
  readonly halves: readonly boolean[];
  /** Position in the era's ladder. */
  readonly rungs: ReadonlyMap<Rung, number>;
  readonly ladder: readonly Rung[];
}

/** Lays a call out for a way in; null when it has no number there. */
export function placeCall(call: CallAxes, path: EntryPath, machine: Machine): PlacedCall | null {
  const nr = machine.numberOf(call.name, path);
  if (nr === undefined) return null;
  const { types } = machine.registry;
  const order = call.call.argOrder(path.convention.cloneOrder);
  const position = Object.keys(call.call.decl.args);
  const tops = call.axes.filter((axis) => axis.holder < 0);
  // A form calls its arguments otherwise, in the same places.
  const registers = order.map((name) => tops[position.indexOf(name)]?.index ?? 0);
  const objects: PlacedObject[] = [];
  for (const axis of call.axes)
    if (axis.pointer !== null) objects.push(placeObject(call, axis, objects.length, path, types));
  const objectOf = call.axes.map((axis) => objects.find((o) => o.axis === axis) ?? null);
  const widths = call.axes.map((axis) =>
    axis.holder < 0 ? path.model.long : widthInObject(axis, objectOf, path),
  );
  const ladder = call.call.ladderIn(kernelVersion(machine.profile.kernel));
  return {
    nr,
    registers,
    words: registers.map((_, i) => path.argIndex[i] as number),
    objects,
    objectOf,
    widths,
    halves: call.axes.map(isHalf),
    rungs: new Map(ladder.map((rung, i) => [rung, i])),
    ladder,
  };
}

function isHalf({ holder, pointer, type }: Axis): boolean {
  if (holder >= 0 || pointer !== null || type === null) return false;
  const { size } = SCALARS[type];
  return size !== "long" && size <= 4;
}

function widthInObject(axis: Axis, objectOf: readonly (PlacedObject | null)[], path: EntryPath): number {
  return objectOf[axis.holder]?.fields.find((f) => f.axis === axis.index)?.width ?? path.model.long;
}

function placeObject(
  { axes }: CallAxes,
  axis: Axis,
  slot: number,
  path: EntryPath,
  types: Types,
): PlacedObject {
  const to = axis.pointer as PointedAt;
  const { model } = path;
  const layout = to.struct === null ? null : layoutOf(to.struct, model, types);
  const elementSize = to.buffer ? 1 : (layout?.size ?? scalarSize(to.scalar ?? "char", model));
  const inside = axes.filter((a) => a.holder === axis.index);
  const fields = inside
    .filter((a) => a.kind !== "bytes" && a.kind !== "tail")
    .map((a): PlacedField => {
      if (layout === null || a.field === "")
        return { axis: a.index, offset: a.element * elementSize, width: widthOf(a, elementSize, path) };
      const { offset, size } = layout.field(a.field);
      return { axis: a.index, offset: a.element * elementSize + offset, width: size };
    });
  const natural = to.buffer
    ? NATURAL_BUFFER
    : elementSize * (to.unit === "count" && to.struct !== null ? to.elements : 1);
  return {
    axis,
    to,
    elementSize,
    natural,
    slot,
    fields,
    bytes: inside.find((a) => a.kind === "bytes")?.index ?? -1,
    tail: inside.find((a) => a.kind === "tail")?.index ?? -1,
    read: to.direction !== "out",
    written: to.direction !== "in",
  };
}

function widthOf(axis: Axis, elementSize: number, path: EntryPath): number {
  return axis.kind === "pointer" ? pointerSize("addr", path.model) : elementSize;
}
