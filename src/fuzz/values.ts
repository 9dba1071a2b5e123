import { SCALARS, type ScalarName } from "../abi/ctype.ts";
import type { Axis, CallAxes } from "./axes.ts";
import { CELL, LITERAL, NULL, RETURNED, SCRATCH, SIZEOF } from "./cells.ts";
import { PLACEMENTS } from "./torture.ts";

/** Values worth trying on an axis: three words each, as cells hold them. */
export type Candidates = Int32Array;

const EDGES = [0, 1, 2, -1, 3, 4, 7, 8, 16, 31, 32, 63, 64, 65, 255, 256, 4095, 4096, 4097, 65535, 65536];
const WIDE_EDGES = [
  0x7fff_ffff, -0x8000_0000, 0xffff_ffff, 0x1_0000_0000, 0x1_0000_0010, -0x1_0000_0000, 0x7fff_ffff_f000,
];

/** What each role's numbers may be, whatever the machine. */
const ROLES: Readonly<Record<string, readonly number[]>> = {
  pid: [0, 1, -1, 99, 1000, 32_767, 32_768, 4_194_304, 0x7fff_ffff, -0x8000_0000],
  fd: [0, 1, 2, 3, 4, 5, 63, 64, 1024, -1, -100, 0x7fff_ffff],
  signal: [0, 1, 9, 13, 17, 19, 32, 63, 64, 65, 255, -1],
  uid: [0, 1, 1000, 65_534, 65_535, -1],
  gid: [0, 1, 1000, 65_534, 65_535, -1],
  char: [0, 1, 65, -1],
};

/** Every value worth trying on an axis by itself. @param pids numbers of tasks that exist */
export function candidatesOf(axis: Axis, call: CallAxes, pids: readonly number[]): Candidates {
  const out: number[] = [];
  const word = (value: number): void => void out.push(LITERAL, value | 0, Math.floor(value / 2 ** 32) | 0);
  if (axis.kind === "pointer") placements(axis, call, out);
  else if (axis.kind === "bytes") buffers(out);
  else if (axis.kind === "tail") for (const value of [0, 1, 255]) word(value);
  else if (axis.flags !== null) flags(axis, out);
  else {
    if (axis.measures >= 0) {
      for (const plus of [0, -1, 1, 4, 8, -4, -8, 64]) out.push(SIZEOF, plus, 0);
      for (const times of [2, 3]) word(times);
    }
    const known = ROLES[axis.role ?? ""];
    for (const value of known ?? EDGES) word(value);
    if (axis.role === "pid") for (const pid of pids) out.push(LITERAL, pid, 0, LITERAL, -pid, -1);
    if (known === undefined || axis.role === null) {
      for (const value of call.dictionary) for (const near of [value, value + 1, value - 1]) word(near);
      for (const value of WIDE_EDGES) word(value);
    }
    if (axis.holder < 0) for (let step = 0; step < 3; step++) out.push(RETURNED, step, 0);
    if (isWide(axis.type)) for (const at of [0, 0x100, 0xfff]) out.push(SCRATCH, at, 0);
  }
  return Int32Array.from(out);
}

/** The number of candidates. */
export function countOf(candidates: Candidates): number {
  return candidates.length / CELL;
}

function isWide(type: ScalarName | null): boolean {
  return type !== null && (SCALARS[type].size === 8 || SCALARS[type].size === "long");
}

function placements(axis: Axis, { axes }: CallAxes, out: number[]): void {
  for (const [i, { where, name }] of PLACEMENTS.entries()) {
    if (name === "self" && axis.holder < 0) continue;
    if (!("alias" in where)) out.push(i, 0, 0);
    else
      for (const other of axes)
        if (other.pointer !== null && other.index < axis.index) out.push(i, other.index, 0);
  }
  // Good places and none at all are what most of the rest of a call needs.
  for (let i = 0; i < 6; i++) out.push(0, 0, 0);
  if (axis.pointer?.optional === true) for (let i = 0; i < 4; i++) out.push(NULL, 0, 0);
}

function buffers(out: number[]): void {
  for (const kind of [0, 1, 2, 3])
    for (const length of [0, 1, 3, 15, 16, 63, 255, 4095, 4096])
      out.push(LITERAL, kind, kind === 3 ? length * 77 + 5 : length);
}

function flags({ flags: set, type }: Axis, out: number[]): void {
  out.push(LITERAL, 0, 0, LITERAL, -1, -1);
  for (const { lo, hi } of set?.bits ?? []) out.push(LITERAL, lo | 0, hi | 0);
  for (const { value } of set?.values ?? [])
    for (const near of [value, value + 1, value - 1]) out.push(LITERAL, near, 0);
  for (const { mask } of set?.fields ?? []) {
    const low = mask & -mask;
    for (const value of [1, 9, 17, 64, 65, 255])
      if (((low * value) & ~mask) === 0) out.push(LITERAL, low * value, 0);
  }
  for (let bit = 0; bit < 32; bit += 1) out.push(LITERAL, 1 << bit, 0);
  if (isWide(type)) for (let bit = 0; bit < 32; bit += 3) out.push(LITERAL, 0, 1 << bit);
}
