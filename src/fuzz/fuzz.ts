import type { Detector } from "./detector.ts";
import { DETECTORS } from "./detectors/index.ts";
import { examine } from "./examine.ts";
import type { Suspicion } from "./finding.ts";
import { Lab } from "./lab.ts";
import type { FuzzOptions, FuzzResult } from "./options.ts";
import { planFrom } from "./plan-json.ts";
import type { FuzzProgram } from "./program.ts";
import { Search } from "./search.ts";
import type { FuzzTarget } from "./target.ts";

/**
 * Searches a target for defects.
 * @param options as {@link Search} takes them, and how many programs to run (default 100 000)
 * @throws RangeError for a target without a call to test
 */
export function fuzz(target: FuzzTarget, options: FuzzOptions & { readonly runs?: number } = {}): FuzzResult {
  const search = new Search(target, options);
  search.step(options.runs ?? 100_000);
  return search.result();
}

/**
 * Runs one program again and says what detectors make of it.
 * @throws RangeError for a program of calls or values the target does not have
 */
export function replay(
  target: FuzzTarget,
  program: FuzzProgram,
  detectors: readonly Detector[] = DETECTORS,
): Suspicion[] {
  const lab = new Lab(target);
  return examine(lab, planFrom(program, lab.calls), detectors);
}
