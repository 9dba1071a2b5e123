const UNLIMITED = [-1, -1] as const;

/** A limit: its lower and its upper 32 bits. */
export type LimitWords = readonly [low: number, high: number];

/**
 * Limits every case starts with, as the kernel has them for its first program, by number: soft and hard; those that depend on
 * the machine's size (6, 11) are left as they are.
 * Source: include/asm-generic/resource.h.
 */
export const LIMITS: readonly (readonly [resource: number, soft: LimitWords, hard: LimitWords])[] = [
  [0, UNLIMITED, UNLIMITED],
  [1, UNLIMITED, UNLIMITED],
  [2, UNLIMITED, UNLIMITED],
  [3, [0x80_0000, 0], UNLIMITED],
  [4, [0, 0], UNLIMITED],
  [5, UNLIMITED, UNLIMITED],
  [7, [1024, 0], [4096, 0]],
  [8, [0x80_0000, 0], [0x80_0000, 0]],
  [9, UNLIMITED, UNLIMITED],
  [10, UNLIMITED, UNLIMITED],
  [12, [819_200, 0], [819_200, 0]],
  [13, [0, 0], [0, 0]],
  [14, [0, 0], [0, 0]],
  [15, UNLIMITED, UNLIMITED],
];
