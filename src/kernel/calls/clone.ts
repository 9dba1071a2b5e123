import {
  clone as cloneDecl,
  clone_with_pids as cloneWithPidsDecl,
  fork as forkDecl,
  vfork as vforkDecl,
} from "../../abi/calls/index.ts";
import { CLONE } from "../../abi/structs/index.ts";
import { type Implementation, implement } from "../call.ts";
import { CAP } from "../capability.ts";
import { checkNewUser, doFork, request2009 } from "../clone/do-fork.ts";
import { ForkRequest } from "../clone/request.ts";
import { copyTargetPids, type TargetPidsOut } from "../clone/target-pids.ts";
import { capable } from "../task/ns-capable.ts";
import { SIG } from "../task/signal-queue.ts";

/** `clone_with_pids`: the set is read after the user-namespace rules, the capability after the set (A-03 … A-13). */
export const cloneWithPids: Implementation = implement(
  cloneWithPidsDecl,
  (k, { flags, parent_tid, child_tid, pid_set }) => {
    const early = checkNewUser(k, flags.lo);
    if (early !== 0) return early;
    const out: TargetPidsOut = { pids: null };
    const copied = copyTargetPids(k, flags.lo, pid_set, out);
    if (copied !== 0) return copied;
    if (out.pids !== null && !capable(k.task.cred, CAP.SYS_ADMIN)) return k.fail("not-capable");
    const request = request2009(flags, k.word("newsp"), parent_tid, child_tid, k.word("tls"));
    return doFork(k, request, out.pids);
  },
);

/** `clone`: the upper half of its flags is dropped where it has no meaning (L-01). */
export const clone: Implementation = implement(cloneDecl, (k, { flags, parent_tid, child_tid }) => {
  const early = checkNewUser(k, flags.lo);
  if (early !== 0) return early;
  const kept = k.profile.legacyHighFlags ? flags : { lo: flags.lo, hi: 0 };
  const request = request2009(kept, k.word("newsp"), parent_tid, child_tid, k.word("tls"));
  return doFork(k, request, null);
});

const FORK = new ForkRequest({ flags: 0, exitSignal: SIG.CHLD });
const VFORK = new ForkRequest({ flags: CLONE.VFORK | CLONE.VM, exitSignal: SIG.CHLD });

/** `fork`. */
export const fork: Implementation = implement(forkDecl, (k) => doFork(k, FORK, null));

/** `vfork`. */
export const vfork: Implementation = implement(vforkDecl, (k) => doFork(k, VFORK, null));
