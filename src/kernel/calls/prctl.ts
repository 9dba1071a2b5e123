import { prctl as prctlDecl } from "../../abi/calls/prctl.ts";
import { type Implementation, implement } from "../call.ts";
import { optionOf } from "../prctl/options.ts";

/** `prctl`. Source: kernel/sys.c; its options are in the room of that name. */
export const prctl: Implementation = implement(prctlDecl, (k, { option, arg2, arg3, arg4, arg5 }) => {
  const answer = optionOf(option, k.machine.era.kernel);
  return answer === null ? k.fail("option") : answer(k, [arg2, arg3, arg4, arg5]);
});
