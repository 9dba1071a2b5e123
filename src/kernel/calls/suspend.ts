import {
  pause as pauseDecl,
  rt_sigsuspend as rtSigsuspendDecl,
  sigsuspend as sigsuspendDecl,
} from "../../abi/calls/index.ts";
import { type Call, type Implementation, implement } from "../call.ts";
import { BLOCKED, type Result } from "../outcome.ts";
import { setMask } from "../signal/mask.ts";
import { blockedSet, type SignalSet } from "../task/sigmask.ts";
import { SIGSET_BYTES } from "./sigaction.ts";
import { readSet } from "./sigmask.ts";

/** `pause`. Source: kernel/signal.c. */
export const pause: Implementation = implement(pauseDecl, sleep);

/** `rt_sigsuspend`. Source: kernel/signal.c. */
export const rt_sigsuspend: Implementation = implement(rtSigsuspendDecl, (k, { unewset, sigsetsize }) => {
  if (sigsetsize !== SIGSET_BYTES) return k.fail("sigsetsize");
  const mask = readSet(k, unewset);
  return mask === null ? k.fail("mask-unreadable") : suspend(k, mask);
});

/** `sigsuspend`. Source: kernel/signal.c. */
export const sigsuspend: Implementation = implement(sigsuspendDecl, (k, { mask }) =>
  suspend(k, { lo: mask, hi: 0 }),
);

/** Sleeps until a handler has run, or for ever: a signal without one is over before the sleeper notices. */
function sleep(k: Call): Result {
  return k.block(stillAsleep, null, { interruptible: true, restart: "ERESTARTNOHAND" });
}

/** Under another mask; the old one comes back with the next return to user mode, which the sleep begins again after. */
function suspend(k: Call, mask: SignalSet): Result {
  const { task } = k;
  task.savedSigmask = task.sigmask;
  setMask(k.machine, task, blockedSet(mask.lo, mask.hi));
  return k.block(stillAsleep, null, { interruptible: true, restart: "ERESTARTNOHAND", anew: true });
}

function stillAsleep(): Result {
  return BLOCKED;
}
