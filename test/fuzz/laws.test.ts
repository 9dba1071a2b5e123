import fc from "fast-check";
import { expect, test } from "vitest";
import { kernelVersion } from "../../src/abi/index.ts";
import { Lab, PLACEMENTS, planFrom, programOf, Rng, Search, targetOf } from "../../src/fuzz/index.ts";
import { ARENA, ARENA_MAP, ARENAS, FILL, WORLD_AT } from "../../src/fuzz/world.ts";

const seeds = fc.integer({ min: 1, max: 1_000_000 });

test("the generator: run i of a seed is the same whatever came before, and others differ", () => {
  fc.assert(
    fc.property(seeds, fc.nat(1_000_000), (seed, run) => {
      const [a, b] = [new Rng(seed), new Rng(seed + 1)];
      b.bits();
      for (const rng of [a, b]) rng.start(seed, run);
      expect(a.bits()).toBe(b.bits());
      b.start(seed, run + 1);
      expect([a.bits(), a.bits()]).not.toEqual([b.bits(), b.bits()]);
    }),
  );
});

test("a program is the same after a way through JSON", () => {
  const search = new Search(targetOf(["clone3", "readv", "wait4", "prctl"]), { seed: 5, steps: 3 });
  search.step(1500);
  const programs = search.programs();
  expect(programs.length).toBeGreaterThan(50);
  for (const program of programs) {
    const again = planFrom(JSON.parse(JSON.stringify(program)), search.lab.calls);
    expect(programOf(again)).toEqual(program);
  }
});

test("memory and the kernel's state are what they were before every run", () => {
  const search = new Search(targetOf(["pipe2", "read", "clone3", "rt_sigprocmask", "prlimit64"]), {
    seed: 9,
  });
  search.step(1500);
  const { lab } = search;
  // A call that fails at once shows what the one before it has left.
  for (const program of search.programs()) {
    lab.run(planFrom(program, lab.calls));
    lab.run(planFrom({ arch: program.arch, steps: [{ call: "pipe2", args: { flags: -1 } }] }, lab.calls));
    expect(lab.stateDifference(), JSON.stringify(program)).toBeNull();
    for (let arena = 0; arena < ARENAS - 1; arena++)
      for (const { page } of ARENA_MAP)
        for (const offset of [0, 0x100, 0x203, 4095]) {
          const byte = lab.peek(WORLD_AT + arena * ARENA + page * 4096 + offset);
          if (byte !== -1 && byte !== FILL)
            expect.fail(`0x${byte.toString(16)} after ${JSON.stringify(program)}`);
        }
  }
});

test("every argument, and every field behind an in-pointer, has an axis", () => {
  const lab = new Lab(targetOf());
  const kernel = kernelVersion(lab.target.profile.kernel);
  expect(lab.calls.length).toBeGreaterThan(100);
  for (const { call, axes, form, name } of lab.calls) {
    if (form !== null) continue;
    expect(call.since, name).toBeLessThanOrEqual(kernel);
    for (const arg of call.args) {
      const axis = axes.find((a) => a.path === arg.name && a.holder === -1);
      expect(axis?.kind === "pointer", `${name}.${arg.name}`).toBe(arg.pointer !== null);
      if (arg.pointer?.pointee.kind !== "struct" || arg.pointer.direction === "out") continue;
      const inside = axes
        .filter((a) => a.holder === axis?.index && a.element === 0)
        .map((a) => a.field.split(/[.[]/)[0]);
      for (const field of Object.keys(arg.pointer.pointee.decl.fields))
        expect(inside, `${name}.${arg.name}`).toContain(field);
    }
  }
});

test("names of placements are unique, and the first is good", () => {
  expect(new Set(PLACEMENTS.map((p) => p.name)).size).toBe(PLACEMENTS.length);
  expect(PLACEMENTS[0]?.good).toBe(true);
});
