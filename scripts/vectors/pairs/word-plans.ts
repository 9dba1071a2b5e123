import { FILE_PLANS } from "./file-plans.ts";
import { ID_PLANS } from "./id-plans.ts";
import { LIMIT_PLANS } from "./limit-plans.ts";
import { MEMORY_PLANS } from "./memory-plans.ts";
import { MMAP_PLANS } from "./mmap-plans.ts";
import { PROCESS_PLANS } from "./process-plans.ts";
import { SETNS_PLAN } from "./setns-plan.ts";
import { SIGNAL_PLANS } from "./signal-plans.ts";
import { TRANSFER_PLANS } from "./transfer-plans.ts";
import type { WordPlan } from "./words.ts";

/** The plans of calls whose words break their rungs. */
export const WORD_PLANS: readonly WordPlan[] = [
  ...SIGNAL_PLANS,
  ...ID_PLANS,
  ...FILE_PLANS,
  ...TRANSFER_PLANS,
  ...LIMIT_PLANS,
  ...MMAP_PLANS,
  ...MEMORY_PLANS,
  ...PROCESS_PLANS,
  SETNS_PLAN,
];
