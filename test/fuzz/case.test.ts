import { describe, expect, test } from "vitest";
import { EmulatedKernel, parseVectors } from "../../src/conform/index.ts";
import { Search, targetOf } from "../../src/fuzz/index.ts";
import { planFrom } from "../../src/fuzz/plan-json.ts";
import { caseOf } from "../../src/fuzz/report/case.ts";

describe("a program as a case", () => {
  const kernel = new EmulatedKernel();

  test("does what it does in the lab", () => {
    const search = new Search(targetOf([]), { seed: 1, raw: true });
    search.step(1_500);
    const { lab } = search;
    let compared = 0;
    for (const [i, program] of search.programs().slice(0, 250).entries()) {
      const plan = planFrom(program, lab.calls);
      const vector = caseOf(lab, plan, { id: `case/${i}`, group: "case" });
      const [parsed] = parseVectors(`${JSON.stringify(vector)}\n`, "case");
      const [step] = lab.run(plan).steps;
      if (step === undefined || !step.returned) continue;
      const answer = kernel.run(parsed?.vector ?? vector);
      if ("skipped" in answer) continue;
      const result = answer.results.s0;
      const said = result !== undefined && "ret" in result ? Number(result.ret) : null;
      expect({ program, said }).toEqual({ program, said: step.result });
      compared++;
    }
    expect(compared).toBeGreaterThan(100);
  });
});
