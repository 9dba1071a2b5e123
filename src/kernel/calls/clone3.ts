import { clone3 as clone3Decl } from "../../abi/calls/index.ts";
import { type Implementation, implement } from "../call.ts";
import { checkCloneArgs, copyCloneArgs } from "../clone/clone-args.ts";
import { doFork } from "../clone/do-fork.ts";

/** `clone3`. Source: kernel/fork.c sys_clone3. */
export const clone3: Implementation = implement(clone3Decl, (k, { uargs, size }) => {
  const kargs = copyCloneArgs(k, uargs, size);
  if (typeof kargs === "number") return kargs;
  const refused = checkCloneArgs(k, kargs);
  if (refused !== 0) return refused;
  return doFork(k, kargs.request, null);
});
