import type { Executor } from "../../conform/answer.ts";
import type { Difference } from "../../conform/compare.ts";
import { disagreementOf } from "../../conform/disagree.ts";
import { EmulatedKernel } from "../../conform/on-emulator.ts";
import type { Vector } from "../../conform/vector.ts";
import { CELL } from "../cells.ts";
import { type Finding, keyOf } from "../finding.ts";
import { Lab } from "../lab.ts";
import { copyPlan, type Plan, type PlanStep } from "../plan.ts";
import { planFrom, programOf } from "../plan-json.ts";
import type { FuzzProgram } from "../program.ts";
import { caseOf } from "../report/case.ts";
import { defaultsOf, toldAxes } from "../simplest.ts";
import type { FuzzTarget } from "../target.ts";
import { unlike } from "./unlike.ts";

const NAME = "differential";

/** What asking another kernel came to. */
export interface Asked {
  /** Programs whose answers were held against each other. */
  readonly asked: number;
  /** Programs that were not, by reason. */
  readonly skipped: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
}

/**
 * Holds the emulated kernel against another, program by program: results, memory, numbers of tasks. What they disagree about
 * is made small and told once. Programs that depend on what no case can say are not asked, and counted.
 * @param seed what the findings are said to come from
 */
export async function differential(
  programs: readonly FuzzProgram[],
  target: FuzzTarget,
  kernel: Executor,
  seed: number,
): Promise<Asked> {
  const lab = new Lab(target);
  const emulated = new EmulatedKernel(target.profile.name);
  const verdict = disagreementOf(kernel, emulated);
  const found = new Map<string, Finding>();
  const skipped = new Map<string, number>();
  let asked = 0;
  const differencesOf = async (plan: Plan): Promise<readonly Difference[]> => {
    const said = await verdict(vectorOf(lab, plan));
    return said.status === "failed" ? said.differences : [];
  };
  for (const [run, program] of programs.entries()) {
    const plan = planFrom(program, lab.calls);
    const vector = vectorOf(lab, plan);
    const said = unlike(vector) ?? (await verdict(vector));
    if (typeof said === "string" || said.status === "skipped") {
      const why = typeof said === "string" ? said : said.reason;
      skipped.set(why, (skipped.get(why) ?? 0) + 1);
      continue;
    }
    asked++;
    if (said.status !== "failed") continue;
    const [first] = said.differences;
    const key = keyOf(suspicionOf(plan, first as Difference, kernel.name));
    if (found.has(key)) continue;
    const small = await smallest(plan, async (candidate) => (await differencesOf(candidate)).length > 0);
    const [difference = first] = await differencesOf(small);
    const suspicion = suspicionOf(small, difference as Difference, kernel.name);
    found.set(key, { ...suspicion, key, program: programOf(small), original: program, seed, run });
  }
  return { asked, skipped, findings: [...found.values()] };
}

function vectorOf(lab: Lab, plan: Plan): Vector {
  return caseOf(lab, plan, { id: "fuzz/program", group: "fuzz" });
}

function suspicionOf(
  { steps }: Plan,
  { where, expected, got }: Difference,
  kernel: string,
): Omit<Finding, "key" | "program" | "original" | "seed" | "run"> {
  const step = /^s(\d+)$/.exec(where)?.[1];
  const place = step === undefined ? steps.length - 1 : Number(step);
  const { name } = (steps[place] as PlanStep).call;
  const what = step === undefined ? `${where} is` : "answers";
  return {
    detector: NAME,
    call: name,
    rung: null,
    site: step === undefined ? where.replace(/0x[0-9a-f]+/, "") : "result",
    title: `${name}: ${what} ${got} here, ${expected} on ${kernel}`,
    step: place,
  };
}

/** Leaves out whatever need not be told for the kernels to disagree. */
async function smallest(plan: Plan, holds: (candidate: Plan) => Promise<boolean>): Promise<Plan> {
  let best = plan;
  for (let i = best.steps.length - 1; i >= 0 && best.steps.length > 1; i--) {
    const less = { ...copyPlan(best), steps: copyPlan(best).steps.filter((_, at) => at !== i) };
    if (await holds(less)) best = less;
  }
  for (let i = 0; i < best.steps.length; i++) {
    const { call, cells } = best.steps[i] as PlanStep;
    for (const axis of toldAxes(call, cells)) {
      const less = copyPlan(best);
      const at = axis * CELL;
      (less.steps[i] as PlanStep).cells.set(defaultsOf(call).subarray(at, at + CELL), at);
      if (await holds(less)) best = less;
    }
  }
  return best;
}
