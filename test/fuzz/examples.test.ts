import { describe, expect, test } from "vitest";
import { fuzz as entry } from "../../examples/fuzz/jazzer.ts";
import { note, postNote } from "../../examples/fuzz/post-note.ts";
import { fuzz, fuzzTarget } from "../../src/fuzz/index.ts";

describe("the example handler", () => {
  test("has the mistake the page finds, and no other", () => {
    const target = fuzzTarget({ calls: [postNote], structs: [note] });
    for (const seed of [1, 2, 3]) {
      const { findings } = fuzz(target, { seed, runs: 5_000 });
      expect(findings.map(({ detector }) => detector)).toEqual(["double-fetch"]);
    }
  });

  test("is an entry for engines that bring bytes: any bytes are a program, a defect is an exception", () => {
    const calls =
      (data: readonly number[]): (() => void) =>
      () =>
        entry(Uint8Array.from(data));
    expect(calls([])).toThrow(/^double-fetch: post_note reads note twice/);
    // Nothing is there to be read, let alone twice: note lies where nothing is mapped.
    expect(calls([0, 0, 4])).not.toThrow();
    for (let seed = 0; seed < 200; seed++) {
      const data = Array.from({ length: seed % 24 }, (_, i) => Math.imul(seed + 1, 2654435761 + i) >>> 24);
      try {
        entry(Uint8Array.from(data));
      } catch (error) {
        expect(String(error), data.join()).toMatch(/^Error: double-fetch: /);
      }
    }
  });
});
