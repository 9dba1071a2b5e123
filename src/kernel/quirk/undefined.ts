import type { Machine } from "../machine.ts";
import { NO_RETURN, type Result } from "../outcome.ts";
import type { QuirkId } from "./catalogue.ts";

/**
 * The guest has made the emulated kernel write where no rule says what is there: the machine stands still, and
 * `machine.panicked` names the quirk. It is what the guest did, no defect of trapgate: there is no oops, and no errno.
 */
export function undefinedBehaviour(machine: Machine, quirk: QuirkId, what: string): Result {
  machine.panic(`undefined behaviour, ${quirk}: ${what}`);
  return NO_RETURN;
}
