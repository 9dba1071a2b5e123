import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ARCH_NAMES } from "../../../src/arch/index.ts";
import { ACTS, answersOf, CHOOSERS, type Era, type Step } from "./program.ts";

const word = fc.nat({ max: 1023 });
const step: fc.Arbitrary<Step> = fc.record({
  who: fc.nat({ max: 6 }),
  what: fc.constantFrom(...ACTS),
  a: word,
  b: fc.oneof(fc.nat({ max: 8 }), word),
  c: fc.oneof({ arbitrary: fc.constant(0), weight: 2 }, { arbitrary: word, weight: 1 }),
  pids: fc.array(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: -2, max: 40_000 })), {
    maxLength: 3,
  }),
});

/**
 * What the ABI says is the same everywhere: results, errnos, numbers at every level, and memory read in the width and
 * the order it was written in. What differs by design is said for each architecture by those who speak to it: numbers
 * and registers, the order of clone's arguments, the bytes of a word, the layout of target_pid_set. Left out is what has
 * no common answer: addresses mmap chooses, CLONE_SETTLS, eclone's stack of 0 on powerpc, and where user
 * addresses end, which clone3 looks at for a stack (C-20).
 */
describe.each(Object.keys(CHOOSERS) as Era[])("the same program under %s", (era) => {
  test("law: has the same answers on every architecture", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
        const [first, ...others] = ARCH_NAMES;
        const answers = answersOf(first, era, steps);
        expect(answers.at(-1)).toEqual([]);
        for (const arch of others) expect([arch, ...answersOf(arch, era, steps)]).toEqual([arch, ...answers]);
      }),
      { numRuns: 25 },
    );
  });
});

test("the programs of the law make tasks, chosen ones among them, and are refused for many reasons", () => {
  const seen = new Map<string, number>();
  const steps = fc.sample(step, { numRuns: 900, seed: 7 });
  for (let at = 0; at < steps.length; at += 9) {
    const program = steps.slice(at, at + 9);
    for (const [i, said] of answersOf("s390x", "clone3-614", program).slice(0, program.length).entries()) {
      const key = typeof said === "number" && program[i]?.what === "choose" ? "chosen" : String(said);
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  expect(seen.get("chosen")).toBeGreaterThan(20);
  for (const errno of ["EINVAL", "EFAULT", "EEXIST", "ESRCH", "ECHILD", "EBADF", "EPERM", "E2BIG"])
    expect(seen.get(errno), errno).toBeGreaterThan(0);
});
