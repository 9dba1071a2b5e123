import type { EntryPath } from "../arch/entry-path.ts";
import { PAGE_SIZE } from "../mm/frames.ts";
import { CELL, LITERAL, NULL, RETURNED, SCRATCH, SIZEOF } from "./cells.ts";
import type { PlacedCall, PlacedObject } from "./placed-call.ts";
import { PLACEMENTS, type Where } from "./torture.ts";
import { ARENA, MOST_BYTES, SCRATCH_AT, WORLD_AT } from "./world.ts";

const WORD = 2 ** 32;

/** What the axes of one step come to: words, addresses, sizes. Used again for the next run. */
export class Resolved {
  /** Halves of every axis' word. */
  readonly lo: Int32Array;
  readonly hi: Int32Array;
  /** Of a pointer: the address as a number; −1 where no user memory can be. */
  readonly address: Float64Array;
  /** Of a pointer: bytes of its object. */
  readonly size: Int32Array;
  /** Of a pointer: its measure tells of more bytes than any object here has, so that nobody knows where it ends. */
  readonly open: Uint8Array;
  /** Words that are only known once an earlier call has returned. */
  readonly later: Uint8Array;
  /** Arguments that are half a register; what the other half holds is no part of them. */
  private readonly halves: readonly boolean[];

  constructor(axes: number, halves: readonly boolean[]) {
    this.halves = halves;
    this.lo = new Int32Array(axes);
    this.hi = new Int32Array(axes);
    this.address = new Float64Array(axes);
    this.size = new Int32Array(axes);
    this.open = new Uint8Array(axes);
    this.later = new Uint8Array(axes);
  }

  /** The word of a measure as a number of bytes or elements; NaN for one that no object has, and one not known yet. */
  measure(axis: number): number {
    const lo = this.lo[axis] as number;
    const fits = this.hi[axis] === 0 || this.halves[axis] === true;
    return fits && lo >= 0 && this.later[axis] === 0 ? lo : Number.NaN;
  }
}

/**
 * Works out what every axis of a step comes to.
 * @param firstSlot the step's first arena
 * @param limit where user space ends for the caller
 */
export function resolve(
  to: Resolved,
  cells: Int32Array,
  call: PlacedCall,
  path: EntryPath,
  firstSlot: number,
  limit: number,
): void {
  const { lo, hi, size, later } = to;
  for (let axis = 0, at = 0; at < cells.length; axis++, at += CELL) {
    const kind = cells[at] as number;
    if (call.objectOf[axis] !== null) continue;
    lo[axis] = cells[at + 1] as number;
    hi[axis] = cells[at + 2] as number;
    later[axis] = kind === RETURNED ? 1 : 0;
    if (kind === LITERAL || kind === RETURNED) continue;
    if (kind === SCRATCH) {
      lo[axis] = SCRATCH_AT + ((cells[at + 1] as number) & 0xfff);
      hi[axis] = 0;
    } else if (kind === SIZEOF) {
      const value = naturalMeasure(call, cells, axis) + (cells[at + 1] as number);
      lo[axis] = value;
      hi[axis] = value < 0 ? -1 : 0;
    }
  }
  for (const object of call.objects) {
    const { index } = object.axis;
    const bytes = sizeOfObject(object, cells, to);
    to.open[index] = bytes <= MOST_BYTES ? 0 : 1;
    size[index] = bytes <= MOST_BYTES ? bytes : object.natural;
    place(to, cells, object, call, path, firstSlot, limit);
  }
}

/** What a measure says of the object it measures when it tells the truth: nothing of one that is not there. */
function naturalMeasure(call: PlacedCall, cells: Int32Array, axis: number): number {
  for (const { axis: pointer, to, natural, elementSize } of call.objects) {
    if (to.measure !== axis) continue;
    if (cells[pointer.index * CELL] === NULL) return 0;
    return to.unit === "count" ? natural / elementSize : natural;
  }
  return 0;
}

/** What is told of an object's size; NaN where it is not known yet. */
function sizeOfObject(
  { to, natural, elementSize, bytes }: PlacedObject,
  cells: Int32Array,
  values: Resolved,
): number {
  if (to.measure < 0)
    return bytes < 0 ? natural : Math.min(MOST_BYTES, Math.max(0, cells[bytes * CELL + 2] as number) + 1);
  return values.measure(to.measure) * (to.unit === "count" ? elementSize : 1);
}

function place(
  to: Resolved,
  cells: Int32Array,
  object: PlacedObject,
  call: PlacedCall,
  path: EntryPath,
  firstSlot: number,
  limit: number,
): void {
  const { index, holder } = object.axis;
  const at = index * CELL;
  const placement = PLACEMENTS[cells[at] as number] as (typeof PLACEMENTS)[number];
  const { where } = placement;
  const arena = WORLD_AT + (firstSlot + object.slot) * ARENA;
  const bytes = to.size[index] as number;
  if ("page" in where) store(to, index, arena + where.page * PAGE_SIZE + where.offset);
  else if ("before" in where) store(to, index, arena + where.before * PAGE_SIZE - bytesBefore(where, bytes));
  else if ("alias" in where) {
    const other = call.objectOf[cells[at + 1] as number];
    const there =
      other === null || other === undefined || other === object
        ? -1
        : (to.address[other.axis.index] as number);
    // An object that is laid out later has no place yet: then this one is where it would be.
    store(to, index, there >= 0 ? there + where.alias : arena + PAGE_SIZE + 0x100);
  } else if ("self" in where)
    store(to, index, holder >= 0 ? (to.address[holder] as number) : arena + PAGE_SIZE + 0x100);
  else if ("garbage" in where) {
    store(to, index, arena + PAGE_SIZE + 0x100);
    to.hi[index] = 0x5eed_0000 | 0;
    if (path.wide || widthHolds(call, index)) to.address[index] = -1;
  } else storeWord(to, index, where, bytes, path, limit);
}

/** A word inside a struct that is 64 bits wide on every ABI. */
function widthHolds(call: PlacedCall, axis: number): boolean {
  return call.widths[axis] === 8;
}

function bytesBefore({ bytes }: { readonly bytes: number | "all" | "half" }, size: number): number {
  if (bytes === "all") return size;
  return bytes === "half" ? (size + 1) >> 1 : bytes;
}

function store(to: Resolved, axis: number, address: number): void {
  to.lo[axis] = address | 0;
  to.hi[axis] = Math.floor(address / WORD) | 0;
  to.address[axis] = address;
}

function storeWord(
  to: Resolved,
  axis: number,
  where: Where,
  bytes: number,
  path: EntryPath,
  limit: number,
): void {
  to.address[axis] = -1;
  if ("wraps" in where) {
    to.lo[axis] = -Math.max(1, bytes >> 1);
    to.hi[axis] = -1;
    return;
  }
  const { word, from } = where as { word: number; from: "null" | "limit" | "end" | "kernel" };
  if (from === "null") store(to, axis, word);
  else if (from === "limit") store(to, axis, limit + word);
  else if (from === "end") {
    to.lo[axis] = word;
    to.hi[axis] = -1;
  } else {
    to.lo[axis] = path.wide ? word : 0xc100_0000 | 0;
    to.hi[axis] = path.wide ? (word === 0 ? 0xffff_8880 | 0 : 0x0000_9000) : 0;
  }
}
