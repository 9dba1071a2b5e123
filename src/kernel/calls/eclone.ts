import { eclone as ecloneDecl } from "../../abi/calls/index.ts";
import type { Word64 } from "../../abi/word64.ts";
import { rawWord } from "../../arch/words.ts";
import { type Call, type Implementation, implement } from "../call.ts";
import { CAP } from "../capability.ts";
import { checkNewUser, doFork, request2009 } from "../clone/do-fork.ts";
import { fetchCloneArgs } from "../clone/eclone-args.ts";
import { ZERO } from "../clone/request.ts";
import { copyPids, type TargetPidsOut } from "../clone/target-pids.ts";
import { capable } from "../task/ns-capable.ts";

/** `eclone`: the struct, then as clone_with_pids does, with the count from the struct and the array in a register. */
export const eclone: Implementation = implement(ecloneDecl, (k, { flags_low, args, args_size, pids }) => {
  const kargs = fetchCloneArgs(k, args, args_size);
  if (typeof kargs === "number") return kargs;
  const early = checkNewUser(k, flags_low);
  if (early !== 0) return early;
  const out: TargetPidsOut = { pids: null };
  const copied = copyPids(k, flags_low, kargs.nrPids, pids, out);
  if (copied !== 0) return copied;
  if (out.pids !== null && !capable(k.task.cred, CAP.SYS_ADMIN)) return k.fail("not-capable");
  const { flagsHigh, stack, parentTid, childTid } = kargs;
  const flags = { lo: flags_low, hi: flagsHigh };
  const tls = tlsOf(k);
  const from = tls === null ? null : "argument";
  const request = request2009(flags, stack, parentTid, childTid, tls ?? ZERO, from);
  request.stackIsGiven = keepsZeroStack(k);
  return doFork(k, request, out.pids);
});

/**
 * eclone has no TLS argument, but copy_thread takes the word from the register where clone has it: r8 of a 64-bit x86
 * task, r6 of s390; esi of a 32-bit one, r6 of powerpc, which is the register with the pids. As meant, it would be
 * the fifth argument's.
 */
function tlsOf(k: Call): Word64 | null {
  const { path, regs } = k.task;
  const withPids = path.tlsIndex === path.argIndex[3];
  return withPids && k.profile.eclone?.tlsFrom === "fifth" ? rawWord(path, regs, 4, 0) : null;
}

/** the caller's stack pointer is worked out, and the raw value passed on. */
function keepsZeroStack({ path, profile }: Call): boolean {
  return path.kernel === "powerpc64" && profile.eclone?.powerpcZeroStack === "given";
}
