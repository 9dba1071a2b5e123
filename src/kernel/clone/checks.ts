import { CLONE, RLIMIT } from "../../abi/structs/index.ts";
import { CAP } from "../capability.ts";
import { RESTART_NO_INTR, type Result } from "../outcome.ts";
import { hasPendingSignal } from "../signal/pending.ts";
import { capable } from "../task/ns-capable.ts";
import type { Fork } from "./fork.ts";

/** E-12 as it was meant: a mask at full width. Bits above 31 had no name then, and every one below has. */
export function flagsKnown(f: Fork): Result {
  return f.request.flagsHigh === 0 ? 0 : f.k.fail("flag-unknown");
}

/** B-01, P-01: CLONE_NEWNS and CLONE_FS contradict each other. */
export function newnsFs(f: Fork): Result {
  return f.has(CLONE.NEWNS | CLONE.FS) ? f.k.fail("newns-fs") : 0;
}

/** B-02, P-03: a thread shares its signal handlers. */
export function threadWithoutSighand(f: Fork): Result {
  return f.has(CLONE.THREAD) && !f.has(CLONE.SIGHAND) ? f.k.fail("thread-without-sighand") : 0;
}

/** B-03, P-04: shared handlers need shared memory. */
export function sighandWithoutVm(f: Fork): Result {
  return f.has(CLONE.SIGHAND) && !f.has(CLONE.VM) ? f.k.fail("sighand-without-vm") : 0;
}

/** B-23, P-05: an init's sibling would have no reaper of its own. */
export function parentByInit(f: Fork): Result {
  return f.has(CLONE.PARENT) && f.current.signal.unkillable ? f.k.fail("parent-by-init") : 0;
}

/** B-04, P-17: the errno is the hook's own. */
export function securityHook(f: Fork): Result {
  const refused = f.k.machine.securityTaskCreate?.(f.current, f.request.flags) ?? null;
  return refused === null ? 0 : f.k.failWith("security-hook", refused);
}

/** B-05, P-14: the task itself, and its register image. */
export function dupTask(f: Fork): Result {
  if (!f.k.allocate("task_struct")) return f.k.fail("task-no-memory");
  f.regs = f.k.machine.regsPool.copy(f.current.regs);
  return 0;
}

/** B-06, P-16: RLIMIT_NPROC of the child's real user; capabilities of the caller and the root user pass. */
export function nproc(f: Fork): Result {
  const { cred, signal } = f.current;
  const { user } = f.cred;
  if (!user.isFull(signal.rlimit(RLIMIT.NPROC), f.counted ? 1 : 0)) return 0;
  const free = user.isInitUser || capable(cred, CAP.SYS_ADMIN) || capable(cred, CAP.SYS_RESOURCE);
  return free ? 0 : f.k.fail("nproc-limit");
}

/** B-07, P-17: the machine's thread limit; nobody is exempt. */
export function maxThreads(f: Fork): Result {
  return f.k.machine.nrThreads >= f.k.machine.maxThreads ? f.k.fail("max-threads") : 0;
}

/** B-16, P-13: a signal that came in goes first; the call starts again afterwards. The era says how far it has come. */
export function signalPending(f: Fork): Result {
  return hasPendingSignal(f.current) ? RESTART_NO_INTR : 0;
}
