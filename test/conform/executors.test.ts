import { describe, expect, test } from "vitest";
import { disagreementOf } from "../../src/conform/disagree.ts";
import {
  type Answer,
  EmulatedKernel,
  type Executor,
  type Skipped,
  type Vector,
} from "../../src/conform/index.ts";
import { recordCase } from "../../src/conform/record.ts";
import { judge, judgeAll, verdictOf } from "../../src/conform/verdict.ts";
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

  test("of many comes in the order of the cases, with no more of them under way than asked for", async () => {
    const cases = Array.from({ length: 20 }, (_, i) => ({
      vector: { ...expected, id: `${i}` },
      file: "f",
      line: i + 1,
    }));
    let now = 0;
    let most = 0;
    const slow: Executor = {
      name: "slow",
      async run(each) {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, Number(each.id) % 3));
        now--;
        return answer(Number(each.id) % 2 === 0 ? 1n : 2n);
      },
    };
    const counts: number[] = [];
    const judged = await judgeAll(cases, verdictOf(slow), { jobs: 4, done: (n) => counts.push(n) });
    expect(judged.map((each) => each.placed.vector.id)).toEqual(cases.map((each) => each.vector.id));
    expect(judged.map((each) => each.verdict.status === "passed")).toEqual(cases.map((_, i) => i % 2 === 0));
    expect(counts).toEqual(cases.map((_, i) => i + 1));
    expect(most).toBe(4);
  });
});

describe("recording", () => {
  test("asks as often as it is told, and takes what is always the same", async () => {
    const kernel = says(answer(1n));
    expect(await recordCase(vector, kernel, 3)).toEqual({ status: "recorded", expect: expected.expect });
    expect(kernel.asked).toBe(3);
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
