import { expect, test } from "vitest";
import { EmulatedKernel } from "../../src/conform/index.ts";
import { LiveKernel } from "../../src/conform/live/live-kernel.ts";
import { Search, targetOf } from "../../src/fuzz/index.ts";
import { differential } from "../../src/fuzz/node/index.ts";

function programs(calls: readonly string[], runs: number) {
  const search = new Search(targetOf(calls), { seed: 1, detectors: [] });
  search.step(runs);
  return search.programs();
}

test("a kernel of another era answers otherwise, and a program says so in little", async () => {
  // Before 5.5 no clone3 had set_tid: what a longer struct says is too much for it (C-04, C-05).
  const older = new EmulatedKernel("clone3-53");
  const { asked, findings } = await differential(programs(["clone3"], 2_000), targetOf(["clone3"]), older, 1);
  expect(asked).toBeGreaterThan(100);
  expect(findings.length).toBeGreaterThan(0);
  for (const { detector, program } of findings) {
    expect(detector).toBe("differential");
    expect(program.steps).toHaveLength(1);
    expect(Object.keys(program.steps[0]?.args ?? {}).length).toBeLessThan(6);
  }
});

test("the same kernel has the same answers", async () => {
  const same = new EmulatedKernel();
  const { asked, findings } = await differential(programs([], 3_000), targetOf([]), same, 1);
  expect(findings).toEqual([]);
  expect(asked).toBeGreaterThan(100);
});

test("the kernel below has the same answers", async ({ skip }) => {
  const live = new LiveKernel();
  try {
    const calls = ["pipe2", "dup3", "rt_sigprocmask", "getresuid", "setgroups", "clone3"];
    const { asked, skipped, findings } = await differential(programs(calls, 2_000), targetOf(calls), live, 1);
    if (asked === 0) skip(`no program may be asked here: ${[...skipped.keys()][0]}`);
    expect(findings).toEqual([]);
  } finally {
    await live.close();
  }
});
