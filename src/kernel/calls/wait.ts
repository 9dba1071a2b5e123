import { wait4 as wait4Decl, waitpid as waitpidDecl } from "../../abi/calls/index.ts";
import { type UserPtr, userPtr } from "../../abi/pointer.ts";
import { rusage, WAIT } from "../../abi/structs/index.ts";
import { type Call, type Implementation, implement, type Rungs, type Waiting } from "../call.ts";
import type { Result } from "../outcome.ts";
import { isTarget, lookForChild, type WaitTarget, waitStatus } from "../task/wait.ts";

const KNOWN = WAIT.WNOHANG | WAIT.WUNTRACED | WAIT.WCONTINUED | WAIT.WNOTHREAD | WAIT.WCLONE | WAIT.WALL;

/** −INT_MIN is no number: nobody is in that group. */
const INT_MIN = -0x8000_0000;

type WaitCall = Call<Rungs<typeof wait4Decl>>;

interface WaitState {
  readonly target: WaitTarget;
  readonly options: number;
  readonly status: UserPtr<"int", "out">;
  readonly usage: UserPtr<"rusage", "out">;
}

/** `wait4`. Source: kernel/exit.c kernel_wait4. */
export const wait4: Implementation = implement(wait4Decl, (k, { upid, stat_addr, options, ru }) =>
  startWait(k, upid, stat_addr, options, ru),
);

/** `waitpid`: wait4 without rusage. */
export const waitpid: Implementation = implement(waitpidDecl, (k, { pid, stat_addr, options }) =>
  startWait(k, pid, stat_addr, options, userPtr(0)),
);

function startWait(
  k: WaitCall,
  upid: number,
  status: UserPtr<"int", "out">,
  options: number,
  usage: UserPtr<"rusage", "out">,
): Result {
  if ((options & ~KNOWN) !== 0) return k.fail("options");
  if (upid === INT_MIN && k.profile.processes.waitRefusesIntMin) return k.fail("int-min");
  return tryWait(k, { target: targetOf(k, upid), options: options | WAIT.WEXITED, status, usage });
}

function targetOf(k: Call, upid: number): WaitTarget {
  const { task } = k;
  if (upid === -1) return { kind: "any", pid: null };
  if (upid > 0) return { kind: "pid", pid: task.pidNs.find(upid) ?? null };
  if (upid === 0) return { kind: "pgid", pid: task.signal.pgrp };
  return { kind: "pgid", pid: task.pidNs.find(-upid) ?? null };
}

function tryWait(k: WaitCall, state: WaitState): Result {
  const found = lookForChild(k.machine, k.task, state.target, state.options);
  if (found === "no-child") return k.fail("no-child");
  if (found === "none-yet") {
    if ((state.options & WAIT.WNOHANG) !== 0) return 0;
    return k.block(tryWait, state, waitingFor(k, state.target, state.options));
  }
  const status = waitStatus(found);
  const answered = k.profile.rusageFirst
    ? writeUsage(k, state) || writeStatus(k, state, status)
    : writeStatus(k, state, status) || writeUsage(k, state);
  return answered !== 0 ? answered : found.nr;
}

/** How a wait for children sleeps: a signal ends it, and the children it is for wake it (child_wait_callback). */
export function waitingFor<S>(k: Call, target: WaitTarget, options: number): Waiting<S> {
  const { task } = k;
  if (k.profile.processes.waitersHear === "all") return { interruptible: true, hears: () => true };
  const own = (options & WAIT.WNOTHREAD) !== 0;
  return {
    interruptible: true,
    hears: (child) => isTarget(child, target) && (!own || child.realParent === task),
  };
}

function writeStatus(k: WaitCall, state: WaitState, status: number): Result {
  if (state.status === 0 || k.uaccess.putUser(state.status, 4, status)) return 0;
  return k.fail("status-unwritable");
}

function writeUsage(k: WaitCall, state: WaitState): Result {
  return state.usage === 0 || clearUsage(k, state.usage) ? 0 : k.fail("rusage-unwritable");
}

/** No time passes on this machine, so every field of struct rusage is 0; false on a fault. */
export function clearUsage(k: Call, usage: UserPtr<"rusage", "out">): boolean {
  return k.uaccess.clearUser(usage, k.layout(rusage).size) === 0;
}
