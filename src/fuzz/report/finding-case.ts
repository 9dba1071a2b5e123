import type { Vector } from "../../conform/vector.ts";
import type { Finding } from "../finding.ts";
import type { Lab } from "../lab.ts";
import { planFrom } from "../plan-json.ts";
import { caseOf } from "./case.ts";

/** The key of a finding as a file or a case may be called. */
export function nameOf({ key }: Pick<Finding, "key">): string {
  return key
    .trim()
    .replace(/[^A-Za-z0-9_]+/g, "-")
    .replace(/-$/, "");
}

/**
 * The program of a finding as a case of `trapgate conform`, to be asked on a kernel (`trapgate record`).
 * @throws RangeError for a program of calls or values the lab's target does not have
 */
export function findingCase(lab: Lab, finding: Finding): Vector {
  const group = `fuzz.${finding.detector}`;
  return caseOf(lab, planFrom(finding.program, lab.calls), { id: `${group}/${nameOf(finding)}`, group });
}
