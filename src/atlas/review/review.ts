import type { CompiledSyscall } from "../../abi/compile.ts";
import type { TypeTable } from "../../abi/types.ts";
import { callFindings } from "./call-findings.ts";
import type { Finding } from "./finding.ts";
import { ladderFindings } from "./ladder-findings.ts";
import { numberFindings } from "./number-findings.ts";
import { REVIEW_RULES } from "./rules.ts";
import { structFindings } from "./struct-findings.ts";
import { subjectOf } from "./subject.ts";

/**
 * What a careful reviewer would say about a call's ABI, from its declaration alone: structs, arguments, the order of
 * checks, numbers. Rungs are read by their ids, as the declarations here spell them: `unknown-flag`, `tail-not-zero`,
 * `reserved-set`, `not-capable`, `…-unreadable`, `…-unwritable`.
 * @param types what the declaration refers to
 */
export async function reviewCall(call: CompiledSyscall, types: TypeTable): Promise<Finding[]> {
  const subject = subjectOf(call, types);
  const findings = [
    ...structFindings(subject),
    ...callFindings(subject),
    ...ladderFindings(subject),
    ...(await numberFindings(subject)),
  ];
  const place = (finding: Finding): number => REVIEW_RULES.findIndex(({ rule }) => rule === finding.rule);
  return findings.sort((a, b) => place(a) - place(b));
}
