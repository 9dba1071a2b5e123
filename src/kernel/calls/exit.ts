import { exit as exitDecl, exit_group as exitGroupDecl } from "../../abi/calls/index.ts";
import { type Implementation, implement } from "../call.ts";
import { NO_RETURN } from "../outcome.ts";
import { exitGroup, exitStatus, exitTask } from "../task/exit.ts";

/** `exit`: this thread only. */
export const exit: Implementation = implement(exitDecl, (k, { error_code }) => {
  exitTask(k.machine, k.task, exitStatus(error_code), false);
  return NO_RETURN;
});

/** `exit_group`: every thread of the group. */
export const exit_group: Implementation = implement(exitGroupDecl, (k, { error_code }) => {
  exitGroup(k.machine, k.task, exitStatus(error_code), false);
  return NO_RETURN;
});
