import type { Call } from "../call.ts";
import type { SignalAction } from "../task/sighand.ts";
import { blockedSet } from "../task/sigmask.ts";
import { NSIG, SIG } from "../task/signal-queue.ts";
import { defaultAction } from "./disposition.ts";

/**
 * `do_sigaction`: takes a new action for `sig`, if there is one, and returns the old one; null for a signal that does
 * not exist, and for a new action of one that cannot have any.
 */
export function doSigaction(k: Call, sig: number, action: SignalAction | null): SignalAction | null {
  if (sig < 1 || sig > NSIG || (action !== null && (sig === SIG.KILL || sig === SIG.STOP))) return null;
  const { sighand, signal } = k.task;
  const old = sighand.action(sig);
  if (action === null) return old;
  const { lo, hi } = k.profile.processes.actionFlags;
  const flags = { lo: (action.flags.lo & lo) >>> 0, hi: (action.flags.hi & hi) >>> 0 };
  sighand.setAction(sig, { ...action, flags, mask: blockedSet(action.mask.lo, action.mask.hi) });
  if (isIgnored(sig, sighand.get(sig))) {
    signal.pending.delete(sig);
    for (const thread of signal.threads) thread.pending.delete(sig);
  }
  return old;
}

/** A pending signal that nobody wants any more is dropped, even a blocked one. */
function isIgnored(sig: number, disposition: unknown): boolean {
  if (disposition === "ignore") return true;
  const what = defaultAction(sig);
  return disposition === "default" && (what === "ignore" || what === "continue");
}
