import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BITMAP_CAPACITY, CHUNK_NUMBERS, PidBitmap } from "../../../src/kernel/pid/bitmap.ts";

/** The set of numbers as one byte each, searched from one end to the other. */
class Naive {
  readonly used: Uint8Array = new Uint8Array(BITMAP_CAPACITY);

  nextFree(from: number, below: number): number {
    const at = this.used.indexOf(0, from);
    return at >= 0 && at < below ? at : -1;
  }
}

/** Numbers around the edges of a word, of the words above it, of a chunk, and of everything. */
const EDGES = [0, 32, 1024, CHUNK_NUMBERS, 32 * CHUNK_NUMBERS, BITMAP_CAPACITY].flatMap((edge) =>
  [-2, -1, 0, 1].map((step) => edge + step),
);

const number = fc.oneof(
  fc.constantFrom(...EDGES.filter((nr) => nr >= 0 && nr < BITMAP_CAPACITY)),
  fc.nat({ max: BITMAP_CAPACITY - 1 }),
);

const run = fc.record({
  set: fc.boolean(),
  from: number,
  length: fc.oneof(fc.nat({ max: 70 }), fc.nat({ max: 2 * CHUNK_NUMBERS + 2 })),
});

describe("law: the bitmap of numbers is a set", () => {
  test("B-30 the next free number, whatever is taken, is the one a walk finds", () => {
    fc.assert(
      fc.property(fc.array(run, { maxLength: 12 }), fc.array(number, { minLength: 1 }), (runs, looks) => {
        const map = new PidBitmap();
        const naive = new Naive();
        let count = 0;
        for (const { set, from, length } of runs) {
          let changed = 0;
          for (let nr = from; nr < Math.min(from + length, BITMAP_CAPACITY); nr++) {
            const changes = set ? map.set(nr) : map.clear(nr);
            if (changes !== (naive.used[nr] !== Number(set))) throw new Error(`${nr} is not as it was left`);
            if (changes) changed++;
            naive.used[nr] = Number(set);
          }
          count += set ? changed : -changed;
        }
        expect(map.count).toBe(count);
        for (const from of looks) {
          expect(map.has(from)).toBe(naive.used[from] === 1);
          for (const below of [BITMAP_CAPACITY, from, from + 1, from + 100])
            expect(map.nextFree(from, below)).toBe(naive.nextFree(from, below));
        }
      }),
      { numRuns: 30 },
    );
  });

  test("B-30 with every number taken but one, it is found from both sides of it, and not from behind", () => {
    const map = new PidBitmap();
    for (let nr = 0; nr < BITMAP_CAPACITY; nr++) map.set(nr);
    expect(map.nextFree(0, BITMAP_CAPACITY)).toBe(-1);
    for (const left of EDGES.filter((nr) => nr >= 300 && nr < BITMAP_CAPACITY)) {
      expect(map.clear(left)).toBe(true);
      expect(map.nextFree(300, BITMAP_CAPACITY)).toBe(left);
      expect(map.nextFree(left, BITMAP_CAPACITY)).toBe(left);
      expect(map.nextFree(left + 1, BITMAP_CAPACITY)).toBe(-1);
      expect(map.nextFree(300, left)).toBe(-1);
      expect(map.set(left)).toBe(true);
      expect(map.nextFree(300, BITMAP_CAPACITY)).toBe(-1);
    }
  });
});
