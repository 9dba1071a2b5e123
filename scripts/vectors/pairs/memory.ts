import type { Patch } from "../../../src/conform/vector.ts";
import { HOLE, SCRATCH } from "../clone3-wish.ts";
import { hex, words32, words64 } from "../draft.ts";

export const HOLE_AT: string = hex(HOLE);
export const OUT: string = hex(SCRATCH + 0x40);
/** Headers of capget and capset: one that is right, a pid below 0, nobody's, and both with an unknown version. */
export const HEADERS = {
  right: 0x800,
  negative: 0x810,
  nobody: 0x818,
  strange: 0x820,
  stranger: 0x828,
} as const;
/** A second page: its last word is an unknown version. */
export const SECOND: number = SCRATCH + 0x8000;
/** Data of capset: nothing; CAP_KILL inheritable, permitted, effective, all three; CAP_CHOWN effective beside one of them. */
export const SETS = {
  none: 0x900,
  inheritable: 0x920,
  permitted: 0x940,
  effective: 0x960,
  everything: 0x980,
  inherited: 0x9a0,
  allowed: 0x9c0,
} as const;
/** A mask, groups, an action that ignores. */
export const MASK = 0xa00;
export const GROUPS = 0xa20;
export const BAD_GROUPS = 0xa40;
export const ACTION = 0xa80;
/** Limits of prlimit64: nothing, three, a page. */
export const LIMITS = { none: 0xb00, three: 0xb10, page: 0xb20 } as const;
/** The three TLS slots filled. */
export const SLOTS: readonly number[] = [0xb40, 0xb50, 0xb60];
/** The words of a call that lie in memory. */
export const WORDS: number = SCRATCH + 0xc00;
/** Two descriptors. */
export const FDS: string = hex(SCRATCH + 0x60);

export const at = (offset: number): string => hex(SCRATCH + offset);

const KILL = 0x20;

/** What lies on the page of every case. */
export const MEMORY: readonly Patch[] = [
  { off: HEADERS.right, hex: words32([0x20080522, 0]) },
  { off: HEADERS.negative, hex: words32([0x20080522, -1]) },
  { off: HEADERS.nobody, hex: words32([0x20080522, 999]) },
  { off: HEADERS.strange, hex: words32([0x123, -1]) },
  { off: HEADERS.stranger, hex: words32([0x123, 999]) },
  { off: SETS.none, hex: words32([0, 0, 0, 0, 0, 0]) },
  { off: SETS.inheritable, hex: words32([0, 0, KILL, 0, 0, 0]) },
  { off: SETS.permitted, hex: words32([0, KILL, 0, 0, 0, 0]) },
  { off: SETS.effective, hex: words32([KILL, 0, 0, 0, 0, 0]) },
  { off: SETS.everything, hex: words32([KILL, KILL, KILL, 0, 0, 0]) },
  { off: SETS.inherited, hex: words32([1, 0, KILL, 0, 0, 0]) },
  { off: SETS.allowed, hex: words32([1, KILL, 0, 0, 0, 0]) },
  { off: MASK, hex: words32([0x10000, 0]) },
  { off: GROUPS, hex: words32([5, 6]) },
  { off: BAD_GROUPS, hex: words32([-1, -1]) },
  { off: ACTION, hex: words32([1, 0, 0, 0, 0, 0, 0, 0]) },
  { off: LIMITS.none, hex: words64([0, 0]) },
  { off: LIMITS.three, hex: words64([3, 3]) },
  { off: LIMITS.page, hex: words64([4096, 4096]) },
  ...SLOTS.map((off, i) => ({ off, hex: words32([12 + i, 0x1000, 0xfffff, 0x51]) })),
  // The version is the last word of the page: the pid lies in the hole.
  { off: 4092, hex: words32([0x20080522]) },
];
