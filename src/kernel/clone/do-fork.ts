import type { Ladders } from "../../abi/ladders/index.ts";
import { userPtr } from "../../abi/pointer.ts";
import { CLONE } from "../../abi/structs/index.ts";
import type { RungsOf } from "../../abi/syscall.ts";
import type { Word64 } from "../../abi/word64.ts";
import type { Call } from "../call.ts";
import { CAP } from "../capability.ts";
import { BLOCKED, type Result } from "../outcome.ts";
import { capable } from "../task/ns-capable.ts";
import { SIG } from "../task/signal-queue.ts";
import type { Task } from "../task/task.ts";
import { copyProcess } from "./copy-process.ts";
import { Fork, type ForkCall } from "./fork.ts";
import { ForkRequest } from "./request.ts";
import type { TargetPids } from "./target-pids.ts";

type NewUserRung = RungsOf<{ readonly ladder: readonly [{ readonly include: "do_fork" }] }, Ladders>;

/**
 * The first thing do_fork of 2009 looks at, before user memory is touched. Returns 0 or an errno.
 */
export function checkNewUser(k: Call<NewUserRung>, flags: number): Result {
  if ((flags & CLONE.NEWUSER) === 0 || !k.profile.newUserTakesRoot) return 0;
  if ((flags & CLONE.THREAD) !== 0) return k.fail("newuser-thread");
  const { cred } = k.task;
  const able = capable(cred, CAP.SYS_ADMIN) && capable(cred, CAP.SETUID) && capable(cred, CAP.SETGID);
  return able ? 0 : k.fail("newuser-not-capable");
}

/**
 * The wish of a call that has clone's own arguments: the exit signal is the low byte of the flags (B-19, L-01), and the
 * parent's tid and the pidfd have one pointer (L-02). Steps that know no bit of the high word ignore it (B-20).
 */
export function request2009(
  flags: Word64,
  stack: Word64,
  parentTid: ForkRequest["parentTid"],
  childTid: ForkRequest["childTid"],
  tls: Word64,
  tlsFrom: ForkRequest["tlsFrom"] = null,
): ForkRequest {
  return new ForkRequest({
    flags: (flags.lo & ~CLONE.CSIGNAL) >>> 0,
    flagsHigh: flags.hi,
    exitSignal: flags.lo & CLONE.CSIGNAL,
    stack,
    pidfd: userPtr(parentTid),
    parentTid,
    childTid,
    tls,
    tlsFrom,
  });
}

/**
 * `do_fork_with_pids`: makes the child and finishes what comes after the point of no return. Returns the child's
 * number in the caller's namespace, or a negative result.
 */
export function doFork(call: Call, request: ForkRequest, targetPids: TargetPids): Result {
  // Which rungs can be met is a matter of the era's steps, which the caller's declaration follows.
  const k: ForkCall = call;
  return finishFork(new Fork(k, request, targetPids));
}

/** What {@link doFork} does with a child in the making. */
export function finishFork(fork: Fork): Result {
  const { k, request } = fork;
  const child = copyProcess(fork);
  if (typeof child === "number") return child;

  const nr = child.nrIn(k.task.pidNs);
  // B-17, P-29: the child exists; a fault here changes nothing.
  if (fork.has(CLONE.PARENT_SETTID)) k.uaccess.putUser(request.parentTid, 4, nr);
  if (fork.has(CLONE.STOPPED) && k.profile.cloneStopped) {
    child.state = "stopped";
    child.pending.add(SIG.STOP, 0);
    child.sigpending = true;
  }
  if (!fork.has(CLONE.VFORK)) return nr;
  child.vforkParent = k.task;
  return k.block(
    vforkDone,
    { child, nr },
    { interruptible: false, killable: k.profile.processes.vforkKillable },
  );
}

function vforkDone(_k: ForkCall, wait: { child: Task; nr: number }): Result {
  return wait.child.vforkParent === null ? wait.nr : BLOCKED;
}
