import type { Operation, Vector, VectorArch } from "../../../src/conform/vector.ts";
import { HOLE, SCRATCH } from "../clone3-wish.ts";
import { hex, page } from "../draft.ts";

/** A page that can be read alone. */
export const READ_ONLY = 0x10010000;
/** A page nobody may touch. */
export const NOTHING = 0x10020000;
/** Every bit of a word. */
export const MINUS_1 = "0xffffffffffffffff";
/** __WALL. */
export const WALL = "0x40000000";

/** A case with a page to write to, one to read, one that is there and no more. */
export function draft(
  arch: VectorArch,
  group: string,
  name: string,
  program: readonly Operation[],
  more: Partial<Vector> = {},
): Vector {
  return {
    id: `${group}/${name}/${arch}`,
    group,
    arch,
    caps: "all",
    nsLevel: 1,
    nsInit: true,
    regions: [page(SCRATCH, "rw-", []), page(READ_ONLY, "r--", []), page(NOTHING, "---", [])],
    dump: [
      { addr: hex(SCRATCH), size: 4096 },
      { addr: hex(READ_ONLY), size: 4096 },
    ],
    program,
    ...more,
  };
}

/** Where a pointer may point. */
export const PLACES: readonly (readonly [string, number | bigint])[] = [
  ["good", SCRATCH + 0x40],
  ["odd", SCRATCH + 0x41],
  ["last-word", SCRATCH + 4092],
  ["crossing", SCRATCH + 4094],
  ["null", 0],
  ["hole", HOLE],
  ["read-only", READ_ONLY],
  ["no-access", NOTHING],
  ["kernel", 0xffff888000000000n],
  ["not-canonical", 0x900000000000n],
  ["limit", 0x7ffffffff000n],
];
