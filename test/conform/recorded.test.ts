import { describe, expect, test } from "vitest";
import { EmulatedKernel, type Vector } from "../../src/conform/index.ts";
import { judge } from "../../src/conform/verdict.ts";
import { recorded } from "./cases.ts";

const groups = new Map<string, Vector[]>();
for (const { vector } of recorded()) groups.set(vector.group, [...(groups.get(vector.group) ?? []), vector]);

describe("the emulated kernel answers as Linux 6.18 did, wherever it has the calls", () => {
  const kernel = new EmulatedKernel();
  let passed = 0;

  test.each([...groups.keys()])("%s", (group) => {
    const cases = groups.get(group) ?? [];
    const judged = cases.map((vector) => ({ id: vector.id, ...judge(vector, kernel.run(vector)) }));
    expect(judged.filter(({ status }) => status === "failed" || status === "skipped")).toEqual([]);
    passed += judged.filter(({ status }) => status === "passed").length;
  });

  test("thousands of cases are nobody's exception", () => {
    expect(passed).toBeGreaterThan(9000);
  });
});
