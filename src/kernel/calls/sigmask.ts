import {
  rt_sigpending as rtSigpendingDecl,
  rt_sigprocmask as rtSigprocmaskDecl,
  sgetmask as sgetmaskDecl,
  sigpending as sigpendingDecl,
  sigprocmask as sigprocmaskDecl,
  ssetmask as ssetmaskDecl,
} from "../../abi/calls/index.ts";
import type { ReadPtr, WritePtr } from "../../abi/pointer.ts";
import { SIG_HOW } from "../../abi/structs/index.ts";
import { getWord64, setWord64 } from "../../abi/word64.ts";
import { type Call, type Implementation, implement } from "../call.ts";
import { STORED } from "../outcome.ts";
import { setMask } from "../signal/mask.ts";
import { pendingSet } from "../signal/pending.ts";
import { blockedSet, type SignalSet } from "../task/sigmask.ts";
import { SIGSET_BYTES } from "./sigaction.ts";

/** `rt_sigprocmask`. Source: kernel/signal.c. */
export const rt_sigprocmask: Implementation = implement(
  rtSigprocmaskDecl,
  (k, { how, nset, oset, sigsetsize }) => {
    if (sigsetsize !== SIGSET_BYTES) return k.fail("sigsetsize");
    const old = k.task.sigmask;
    if (nset !== 0) {
      const given = readSet(k, nset);
      if (given === null) return k.fail("mask-unreadable");
      const mask = changed(old, how, given, given.hi);
      if (mask === null) return k.fail("how");
      setMask(k.machine, k.task, mask);
    }
    return oset === 0 || writeSet(k, oset, old, SIGSET_BYTES) ? 0 : k.fail("old-unwritable");
  },
);

/** `sigprocmask`. Source: kernel/signal.c. */
export const sigprocmask: Implementation = implement(sigprocmaskDecl, (k, { how, nset, oset }) => {
  const old = k.task.sigmask;
  if (nset !== 0) {
    if (!k.uaccess.getUser(nset, 4)) return k.fail("mask-unreadable");
    // SIG_SETMASK leaves what the word does not reach as it is.
    const mask = changed(old, how, { lo: k.uaccess.lo, hi: 0 }, old.hi);
    if (mask === null) return k.fail("how");
    setMask(k.machine, k.task, mask);
  }
  return oset === 0 || k.uaccess.putUser(oset, 4, old.lo) ? 0 : k.fail("old-unwritable");
});

/** A mask after SIG_BLOCK, SIG_UNBLOCK or SIG_SETMASK of `given`; null for anything else. */
function changed(old: SignalSet, how: number, given: SignalSet, setHigh: number): SignalSet | null {
  switch (how) {
    case SIG_HOW.BLOCK:
      return blockedSet(old.lo | given.lo, old.hi | given.hi);
    case SIG_HOW.UNBLOCK:
      return blockedSet(old.lo & ~given.lo, old.hi & ~given.hi);
    case SIG_HOW.SETMASK:
      return blockedSet(given.lo, setHigh);
    default:
      return null;
  }
}

/** `sgetmask`: the first word of the mask, which on a 64-bit kernel is all of it. Source: kernel/signal.c. */
export const sgetmask: Implementation = implement(sgetmaskDecl, (k) => {
  const { task, path } = k;
  path.finishWords(task.regs, task.sigmask.lo, task.sigmask.hi);
  return STORED;
});

/** `ssetmask`: the int is widened to a long before it becomes a mask. Source: kernel/signal.c. */
export const ssetmask: Implementation = implement(ssetmaskDecl, (k, { newmask }) => {
  const old = k.task.sigmask.lo | 0;
  const high = k.path.kernel !== "i386" && newmask < 0 ? 0xffff_ffff : 0;
  setMask(k.machine, k.task, blockedSet(newmask, high));
  return old;
});

/** `rt_sigpending`. Source: kernel/signal.c. */
export const rt_sigpending: Implementation = implement(rtSigpendingDecl, (k, { uset, sigsetsize }) => {
  if (sigsetsize > SIGSET_BYTES) return k.fail("sigsetsize");
  return writeSet(k, uset, blockedAndPending(k), sigsetsize) ? 0 : k.fail("set-unwritable");
});

/** `sigpending`. Source: kernel/signal.c. */
export const sigpending: Implementation = implement(sigpendingDecl, (k, { uset }) =>
  k.uaccess.putUser(uset, 4, blockedAndPending(k).lo) ? 0 : k.fail("set-unwritable"),
);

function blockedAndPending(k: Call): SignalSet {
  const { sigmask } = k.task;
  const pending = pendingSet(k.task);
  return { lo: (pending.lo & sigmask.lo) >>> 0, hi: (pending.hi & sigmask.hi) >>> 0 };
}

/** A mask from user memory; null when it cannot be read. */
export function readSet(k: Call, from: ReadPtr): SignalSet | null {
  const at = k.kstack(SIGSET_BYTES);
  if (k.uaccess.copyFromUser(at, from, SIGSET_BYTES) !== 0) return null;
  return getWord64(k.view, at, k.path.model.littleEndian);
}

function writeSet(k: Call, to: WritePtr, set: SignalSet, bytes: number): boolean {
  const at = k.kstack(SIGSET_BYTES);
  setWord64(k.view, at, set, k.path.model.littleEndian);
  return k.uaccess.copyToUser(to, at, bytes) === 0;
}
