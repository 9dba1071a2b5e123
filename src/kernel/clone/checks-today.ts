import { CLONE, CLONE_HIGH } from "../../abi/structs/index.ts";
import { CAP } from "../capability.ts";
import type { Result } from "../outcome.ts";
import { nsCapable } from "../task/ns-capable.ts";
import { NSIG, SIG } from "../task/signal-queue.ts";
import type { Fork } from "./fork.ts";

/** C-22: an empty mount namespace is a new one. */
export function emptyMntns(f: Fork): Result {
  if (f.hasHigh(CLONE_HIGH.EMPTY_MNTNS)) f.flags = (f.flags | CLONE.NEWNS) >>> 0;
  return 0;
}

/** P-28: a caller that has been killed makes no child. */
export function fatalSignal(f: Fork): Result {
  const { pending, signal } = f.current;
  return pending.has(SIG.KILL) || signal.pending.has(SIG.KILL) ? f.k.fail("fatal-signal") : 0;
}

/** C-23, L-02: two words cannot be written to one place. */
export function pidfdIsParentTid(f: Fork): Result {
  const { pidfd, parentTid } = f.request;
  const shared = f.has(CLONE.PIDFD | CLONE.PARENT_SETTID) && (pidfd as number) === (parentTid as number);
  return shared ? f.k.fail("pidfd-is-parent-tid") : 0;
}

/** C-24: whoever calls, the exit signal is 0 to 64. */
export function exitSignal(f: Fork): Result {
  return f.request.exitSignal > NSIG ? f.k.fail("exit-signal-invalid") : 0;
}

/** P-02: as {@link newnsFs}. */
export function newuserFs(f: Fork): Result {
  return f.has(CLONE.NEWUSER | CLONE.FS) ? f.k.fail("newuser-fs") : 0;
}

/** P-06: the threads of a group live in one user and one pid namespace. */
export function threadNamespaces(f: Fork): Result {
  if (!f.has(CLONE.THREAD)) return 0;
  const elsewhere = f.some(CLONE.NEWUSER | CLONE.NEWPID) || f.nsproxy.pidNs !== f.current.pidNs;
  return elsewhere ? f.k.fail("thread-in-other-namespace") : 0;
}

/** 5.6 to 6.0: whoever shares memory or a group with the maker has its clocks. */
export function timeNamespace(f: Fork): Result {
  const elsewhere = f.nsproxy.time !== f.nsproxy.timeForChildren;
  return f.some(CLONE.THREAD | CLONE.VM) && elsewhere ? f.k.fail("other-time-namespace") : 0;
}

/** P-07: CLONE_DETACHED is refused where a new meaning could be given to it. */
export function pidfdDetached(f: Fork): Result {
  return f.has(CLONE.PIDFD | CLONE.DETACHED) ? f.k.fail("pidfd-detached") : 0;
}

/** P-07: before 6.9 a pidfd is a process's. */
export function pidfdThread(f: Fork): Result {
  return f.has(CLONE.PIDFD | CLONE.THREAD) ? f.k.fail("pidfd-thread") : 0;
}

/** P-08: nobody is told when the child ends. */
export function autoreapSibling(f: Fork): Result {
  if (!f.hasHigh(CLONE_HIGH.AUTOREAP)) return 0;
  const told = f.some(CLONE.THREAD | CLONE.PARENT) || f.request.exitSignal !== 0;
  return told ? f.k.fail("autoreap-with-sibling") : 0;
}

/** P-09: a sibling would have the caller's way of ending. */
export function parentByAutoreaped(f: Fork): Result {
  return f.has(CLONE.PARENT) && f.current.signal.autoreap ? f.k.fail("parent-by-autoreaped") : 0;
}

/** P-10: no_new_privs is for a process of its own. */
export function nnpThread(f: Fork): Result {
  return f.hasHigh(CLONE_HIGH.NNP) && f.has(CLONE.THREAD) ? f.k.fail("nnp-thread") : 0;
}

/** P-11: whoever is killed with its pidfd has one, and reaps itself. */
export function autokillAlone(f: Fork): Result {
  if (!f.hasHigh(CLONE_HIGH.PIDFD_AUTOKILL)) return 0;
  const sound = f.has(CLONE.PIDFD) && f.hasHigh(CLONE_HIGH.AUTOREAP) && !f.has(CLONE.THREAD);
  return sound ? 0 : f.k.fail("autokill-alone");
}

/** P-12: else a program with more rights could be started and killed. */
export function autokillCapable(f: Fork): Result {
  if (!f.hasHigh(CLONE_HIGH.PIDFD_AUTOKILL) || f.hasHigh(CLONE_HIGH.NNP)) return 0;
  const { cred } = f.current;
  return nsCapable(cred, cred.userNs, CAP.SYS_ADMIN) ? 0 : f.k.fail("autokill-not-capable");
}
