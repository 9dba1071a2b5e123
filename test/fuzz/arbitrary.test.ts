import fc from "fast-check";
import { expect, test } from "vitest";
import { programs } from "../../src/fuzz/arbitrary/index.ts";
import { Lab, planFrom, programOf, targetOf } from "../../src/fuzz/index.ts";

const target = targetOf(["clone3", "readv", "waitpid", "prctl"]);
const lab = new Lab(target);

test("law: every program is one of the target's, runs, and is the same after a way through JSON", () => {
  fc.assert(
    fc.property(programs(target, { steps: 3 }), (program) => {
      const plan = planFrom(JSON.parse(JSON.stringify(program)), lab.calls);
      expect(programOf(plan)).toEqual(program);
      expect(program.steps.length).toBeLessThanOrEqual(3);
      const { steps, oops } = lab.run(plan);
      expect([steps[0]?.ran, oops]).toEqual([true, null]);
    }),
    { numRuns: 300 },
  );
});

test("every call comes on every way in that it has, with rights and without", () => {
  const seen = new Set<string>();
  for (const { arch, caps, steps } of fc.sample(programs(target), { numRuns: 2_000, seed: 1 }))
    seen.add(`${steps[0]?.call} ${arch} ${caps ?? "all"}`);
  const calls = (arch: string): string[] =>
    ["clone3", "readv", "prctl", ...(arch === "x86_64" ? [] : ["waitpid"])].flatMap((call) => [
      `${call} ${arch} all`,
      `${call} ${arch} none`,
    ]);
  expect([...seen].sort()).toEqual(["x86_64", "int80", "i386"].flatMap(calls).sort());
});

test("what is left of a program is what matters", () => {
  const law = fc.property(programs(target, { steps: 3 }), (program) => {
    const { steps } = lab.run(planFrom(program, lab.calls));
    return !steps.some(({ rung }) => rung?.id === "tail-not-zero");
  });
  const { counterexample } = fc.check(law, { numRuns: 20_000, seed: 1 });
  const [program] = counterexample ?? [];
  expect(program?.steps).toHaveLength(1);
  expect(Object.keys(program?.steps[0]?.args ?? {})).toEqual(["uargs.tail", "size"]);
});
