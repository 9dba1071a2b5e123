import { describe, expect, test } from "vitest";
import { fuzz, fuzzTarget, replay, reportText, Search, targetOf } from "../../src/fuzz/index.ts";
import type { FuzzProgram } from "../../src/fuzz/program.ts";
import type { Implementation } from "../../src/kernel/index.ts";
import { clean, looker, readsTwice, structs, throws, writesEarly, writesTooFar } from "./samples.ts";

const SEEDS = [1, 2];

describe("a planted mistake is found, by the detector it is for, for any seed, in a report of a few lines", () => {
  const planted: readonly [string, Implementation, string, string][] = [
    ["a number written before it is judged", writesEarly, "write-on-failure", "to"],
    ["a number read twice", readsTwice, "double-fetch", "from"],
    ["four bytes too many", writesTooFar, "partial-copy", "to"],
    ["an exception", throws, "oops", "TypeError"],
    ["a pointer followed before its turn", looker({ touches: true }), "touch-before-turn", "from"],
    ["two checks in the wrong order", looker({ sizeFirst: true }), "error-order", "flags"],
    ["a struct that was not cleared", looker({ leaks: true }), "kernel-bytes", "to"],
    ["a name changed before an allocation", looker({ halfDone: true }), "fault-atomicity", "state"],
    ["a file nobody gives back", looker({ keeps: true }), "leak", "open files"],
    ["a 16-bit number for 32-bit programs", looker({ drifts: true }), "compat-drift", "to.owner"],
  ];
  test.each(planted)("%s", (_, handler, detector, site) => {
    const target = fuzzTarget({ calls: [handler], structs });
    for (const seed of SEEDS) {
      const { findings } = fuzz(target, { seed, runs: 6000 });
      const found = findings.find((f) => f.detector === detector && f.site === site);
      expect(found, `seed ${seed}`).toBeDefined();
      if (found === undefined) return;
      expect(reportText(found).split("\n").length).toBeLessThanOrEqual(6);
      // The smallest program shows the same, and so does the one it was found in.
      for (const program of [found.program, found.original])
        expect(replay(target, program).map((s) => [s.detector, s.site])).toContainEqual([detector, site]);
    }
  });

  test("none is found where there is none", () => {
    expect(
      fuzz(fuzzTarget({ calls: [clean, looker()], structs }), { seed: 1, runs: 10_000 }).findings,
    ).toEqual([]);
  });
});

describe("what was suspected wrongly once is not suspected again", () => {
  test("a list that has room before the edge with the elements of 32 bits alone", () => {
    const vec = { vec: { at: "guard" }, "vec[1].iov_base": { at: "null" }, "vec[1].iov_len": 1, vlen: 481 };
    const program: FuzzProgram = { arch: "x86_64", steps: [{ call: "readv", args: vec }] };
    expect(replay(targetOf(["readv"]), program)).toEqual([]);
  });

  test("a size below nothing is another number in 32 bits", () => {
    for (const [call, args] of [
      ["read", {}],
      ["write", { fd: 4 }],
    ] as const) {
      const less = { ...args, buf: { at: "null" }, count: { sizeof: "buf", plus: -4 } };
      const program: FuzzProgram = { arch: "x86_64", steps: [{ call, args: less }] };
      expect(replay(targetOf([call]), program)).toEqual([]);
    }
  });
});

describe("a search", () => {
  test("is the same for the same seed, however its steps are cut", () => {
    const whole = new Search(targetOf("clone3"), { seed: 7, steps: 3 });
    whole.step(1500);
    const parts = new Search(targetOf("clone3"), { seed: 7, steps: 3 });
    for (const n of [1, 499, 700, 300]) parts.step(n);
    expect(parts.result()).toEqual(whole.result());
    expect(whole.result().corpus.length).toBeGreaterThan(20);
  });

  test("goes on from its state, which is JSON", () => {
    const first = new Search(fuzzTarget({ calls: [writesEarly] }), { seed: 3 });
    first.step(3000);
    const state = JSON.parse(JSON.stringify(first.state()));
    const second = Search.resume(fuzzTarget({ calls: [writesEarly] }), state);
    second.step(100);
    expect(second.runs).toBe(3100);
    expect(second.result().findings).toEqual(first.result().findings);
    expect(second.features).toBeGreaterThanOrEqual(first.features);
  });
});
