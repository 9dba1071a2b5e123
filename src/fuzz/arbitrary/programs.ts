import fc from "fast-check";
import type { CallAxes } from "../axes.ts";
import { CELL } from "../cells.ts";
import { Lab } from "../lab.ts";
import type { PlanStep } from "../plan.ts";
import { programOf } from "../plan-json.ts";
import { FUZZ_ARCHS, type FuzzArch, type FuzzProgram } from "../program.ts";
import { defaultsOf } from "../simplest.ts";
import type { FuzzTarget } from "../target.ts";
import { type Candidates, candidatesOf, countOf } from "../values.ts";

/** How often an axis is at its default, against once that it is at anything its declaration allows to be tried. */
const ORDINARY = 2;

/**
 * Programs of a target's calls: arguments, fields and flags by their types, every pointer in every place of the torture
 * set, all ways in, with rights and without. A program shrinks towards fewer calls, each with fewer things told.
 *
 * @param options.steps calls in a program at most; default 1
 * @throws RangeError for a target without a call to test
 * @example
 * ```ts
 * import fc from "fast-check";
 * import { replay, targetOf } from "trapgate/fuzz";
 * import { programs } from "trapgate/fuzz/arbitrary";
 * const target = targetOf(["getresuid"]);
 * const law = fc.property(programs(target), (program) => replay(target, program).length === 0);
 * console.log(fc.check(law, { numRuns: 20 }).failed); // false
 * ```
 */
export function programs(
  target: FuzzTarget,
  { steps = 1 }: { readonly steps?: number } = {},
): fc.Arbitrary<FuzzProgram> {
  const lab = new Lab(target);
  const ways = target.archs.map((arch) => {
    const calls = lab.calls.filter((call) => lab.placed(call, arch) !== null);
    return { arch, calls };
  });
  return fc.oneof(
    ...ways
      .filter(({ calls }) => calls.length > 0)
      .map(({ arch, calls }) => programsOn(arch, calls, lab, steps)),
  );
}

function programsOn(
  arch: FuzzArch,
  calls: readonly CallAxes[],
  lab: Lab,
  steps: number,
): fc.Arbitrary<FuzzProgram> {
  const step = fc.oneof(...calls.map((call) => stepsOf(call, lab.pids)));
  return fc
    .record({
      capable: fc.constantFrom(true, false),
      steps: fc.array(step, { minLength: 1, maxLength: steps }),
    })
    .map((plan) => programOf({ ...plan, arch: FUZZ_ARCHS.indexOf(arch) }));
}

/** A call with a choice for every axis: 0 is its default, others are places in the table of what can be tried. */
function stepsOf(call: CallAxes, pids: readonly number[]): fc.Arbitrary<PlanStep> {
  const tables = call.axes.map((axis) => candidatesOf(axis, call, pids));
  return fc
    .tuple(...tables.map(choiceOf))
    .map((choices) => ({ call, cells: cellsOf(call, tables, choices), child: [] }));
}

function choiceOf(table: Candidates): fc.Arbitrary<number> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: ORDINARY, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.nat(countOf(table)) },
  );
}

function cellsOf(call: CallAxes, tables: readonly Candidates[], choices: readonly number[]): Int32Array {
  const cells = defaultsOf(call).slice();
  for (const [axis, choice] of choices.entries()) {
    // The call's form is not a matter of choice.
    if (choice === 0 || call.fixed?.axis === axis) continue;
    const from = (choice - 1) * CELL;
    cells.set((tables[axis] as Candidates).slice(from, from + CELL), axis * CELL);
  }
  return cells;
}
