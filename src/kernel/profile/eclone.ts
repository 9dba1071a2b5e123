import type { CopyStep } from "../clone/step-names.ts";
import { PID_POLICY_ECLONE } from "../pid/policy.ts";
import { cwpV3 } from "./cwp.ts";
import { PROCESSES_2_6_32 } from "./process-era.ts";
import type { EcloneRules, Profile } from "./profile.ts";

/** Steps that 2.6.32 put in front of others: B-23 and B-24. */
const SINCE_2_6_32: Readonly<Partial<Record<CopyStep, CopyStep>>> = {
  "security-hook": "parent-by-init",
  "newpid-thread": "newpid-parent",
};

/** copy_process of 2.6.35: 2.6.30's with what 2.6.32 added. */
const COPY_PROCESS_2_6_35: readonly CopyStep[] = cwpV3.copyProcess.flatMap((step) => {
  const before = SINCE_2_6_32[step];
  return before === undefined ? [step] : [before, step];
});

/** v14 as it was posted, but for the count it let through by accident. */
export const ECLONE_V14: EcloneRules = {
  hugeCount: "refused",
  highFlags: "refused",
  tlsFrom: "pids",
  powerpcZeroStack: "given",
};

/** March 2010, v14 of the series on 2.6.35: eclone in the place of clone_with_pids. */
export const eclone: Profile = {
  ...cwpV3,
  name: "eclone",
  title: "eclone v14, 2010, on 2.6.35: a struct of 48 bytes and an array, its new namespace's pid always 1",
  kernel: "2.6.35",
  pids: PID_POLICY_ECLONE,
  copyProcess: COPY_PROCESS_2_6_35,
  errno: { "pid-exhausted": "EBUSY" },
  processes: PROCESSES_2_6_32,
  eclone: ECLONE_V14,
};
