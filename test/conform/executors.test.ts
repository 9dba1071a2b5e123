import { describe, expect, test } from "vitest";
import { disagreementOf } from "../../src/conform/disagree.ts";
import {
  type Answer,
  EmulatedKernel,
  type Executor,
  type Skipped,
  type Vector,
} from "../../src/conform/index.ts";
import { inParallel } from "../../src/conform/parallel.ts";
import { recordCase } from "../../src/conform/record.ts";
import { rehearse } from "../../src/conform/rehearsal.ts";
import { judge } from "../../src/conform/verdict.ts";
import { caseWith } from "./cases.ts";

const vector = caseWith();

function answer(ret: bigint, parts: Partial<Answer> = {}): Answer {
  return {
    results: { me: { ret } },
    memory: {},
    pids: {},
    regs: {},
    mainCompleted: true,
    mainWaitStatus: 0,
    self: 1,
    parent: 0,
    ...parts,
  };
}

/** Answers one after the other, the last one for ever. */
function says(...outcomes: (Answer | Skipped)[]): Executor & { asked: number } {
  return {
    name: "a kernel",
    asked: 0,
    run(): Answer | Skipped {
      return outcomes[Math.min(this.asked++, outcomes.length - 1)] as Answer | Skipped;
    },
  };
}

const expected: Vector = {
  ...vector,
  expect: { results: { me: { ret: 1 } }, memory: {}, mainCompleted: true, mainWaitStatus: 0 },
};

describe("a verdict", () => {
  test("is by the answer, and never passed when a call is missing", () => {
    expect(judge(expected, answer(1n))).toEqual({ status: "passed" });
    expect(judge(expected, answer(2n))).toMatchObject({ status: "failed" });
    expect(judge(expected, answer(1n, { unsupported: ["mount"] }))).toEqual({
      status: "unsupported",
      calls: ["mount"],
    });
    expect(judge(expected, answer(1n, { unsupported: ["mount"], defect: "no" }))).toMatchObject({
      status: "failed",
    });
    expect(judge(expected, { skipped: "not here" })).toEqual({ status: "skipped", reason: "not here" });
    expect(judge(vector, answer(1n))).toEqual({ status: "skipped", reason: "nothing is recorded for it" });
  });
});

test("many cases come in their order, with no more of them under way than asked for", async () => {
  const items = Array.from({ length: 20 }, (_, i) => i);
  let now = 0;
  let most = 0;
  const counts: number[] = [];
  const work = async (i: number): Promise<number> => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, i % 3));
    now--;
    return i * i;
  };
  expect(await inParallel(items, work, { jobs: 4, done: (n) => counts.push(n) })).toEqual(
    items.map((i) => i * i),
  );
  expect(counts).toEqual(items.map((i) => i + 1));
  expect(most).toBe(4);
  most = 0;
  await inParallel(items, work);
  expect(most).toBe(1);
});

test("an executor that was asked beforehand says what it said, and is asked again only then", async () => {
  const kernel = says(answer(1n), answer(2n));
  const { executor, cases } = await rehearse(kernel, [vector]);
  expect([kernel.asked, cases, executor.name]).toEqual([1, 1, "a kernel"]);
  expect([await executor.run(vector), kernel.asked]).toEqual([answer(1n), 1]);
  expect([await executor.run(vector), kernel.asked]).toEqual([answer(2n), 2]);
});

describe("recording", () => {
  test("asks as often as it is told, and takes what is always the same", async () => {
    const kernel = says(answer(1n));
    expect(await recordCase(vector, kernel, 3)).toEqual({
      status: "recorded",
      expect: expected.expect,
      differences: [],
    });
    expect(kernel.asked).toBe(3);
  });

  test("says where the answer is another one than before", async () => {
    expect(await recordCase(expected, says(answer(2n)), 3)).toMatchObject({
      expect: { results: { me: { ret: 2 } } },
      differences: [{ where: "me", expected: "1", got: "2" }],
    });
    expect(await recordCase(expected, says(answer(1n)), 3)).toMatchObject({ differences: [] });
  });

  test("refuses what is not stable, and names the places", async () => {
    expect(await recordCase(vector, says(answer(1n), answer(1n), answer(2n)), 3)).toEqual({
      status: "unstable",
      places: ["me"],
    });
  });

  test("takes nothing from a kernel that cannot say", async () => {
    expect(await recordCase(vector, says({ skipped: "no root" }), 3)).toEqual({
      status: "skipped",
      reason: "no root",
    });
    expect(await recordCase(vector, says(answer(1n, { unsupported: ["mount"] })), 3)).toEqual({
      status: "skipped",
      reason: "a kernel has no mount",
    });
    expect(await recordCase(vector, says(answer(1n, { defect: "oops" })), 3)).toMatchObject({
      status: "skipped",
    });
  });
});

describe("two kernels", () => {
  const between = (live: Executor, other: Executor): ReturnType<ReturnType<typeof disagreementOf>> =>
    disagreementOf(live, other)(vector);

  test("agree, or differ in what both say", async () => {
    expect(await between(says(answer(1n)), new EmulatedKernel("cwp-v3"))).toEqual({ status: "passed" });
    expect(await between(says(answer(3n)), new EmulatedKernel("cwp-v3"))).toEqual({
      status: "failed",
      differences: [{ where: "me", expected: "3", got: "1" }],
    });
  });

  test("do not disagree when the reference is of two minds", async () => {
    expect(await between(says(answer(3n), answer(4n)), new EmulatedKernel("cwp-v3"))).toEqual({
      status: "skipped",
      reason: "not stable on a kernel",
    });
  });

  test("are held against what was recorded, too", async () => {
    const recorded = disagreementOf(says(answer(3n)), new EmulatedKernel("cwp-v3"))(expected);
    expect(await recorded).toEqual({
      status: "failed",
      differences: [{ where: "me", recorded: "1", expected: "3", got: "1" }],
    });
    const both = disagreementOf(says(answer(3n)), says(answer(3n)))(expected);
    expect(await both).toMatchObject({ differences: [{ recorded: "1", expected: "3", got: "3" }] });
  });

  test("are not compared when one of them cannot say", async () => {
    expect(await between(says({ skipped: "no root" }), says(answer(1n)))).toEqual({
      status: "skipped",
      reason: "no root",
    });
    const missing = says(answer(1n, { unsupported: ["mount"] }));
    const live = says(answer(1n));
    expect(await between(live, missing)).toEqual({ status: "unsupported", calls: ["mount"] });
    expect(live.asked).toBe(0);
  });
});
