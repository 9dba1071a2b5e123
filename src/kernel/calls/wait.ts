import { wait4 as wait4Decl, waitpid as waitpidDecl } from "../../abi/calls/index.ts";
import { type UserPtr, userPtr } from "../../abi/pointer.ts";
import { rusage, WAIT } from "../../abi/structs/index.ts";
import { type Call, type Implementation, implement, type Rungs } from "../call.ts";
import type { Result } from "../outcome.ts";
import { lookForChild, type WaitTarget } from "../task/wait.ts";

const KNOWN = WAIT.WNOHANG | WAIT.WUNTRACED | WAIT.WCONTINUED | WAIT.WNOTHREAD | WAIT.WCLONE | WAIT.WALL;

type WaitCall = Call<Rungs<typeof wait4Decl>>;

interface WaitState {
  readonly target: WaitTarget;
  readonly options: number;
  readonly status: UserPtr<"int", "out">;
  readonly usage: UserPtr<"rusage", "out">;
}

/** `wait4`. Source: kernel/exit.c sys_wait4. */
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
  return tryWait(k, { target: targetOf(k, upid), options, status, usage });
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
    return k.block(tryWait, state, { interruptible: true });
  }
  const answered = k.profile.rusageFirst
    ? writeUsage(k, state) || writeStatus(k, state, found.status)
    : writeStatus(k, state, found.status) || writeUsage(k, state);
  return answered !== 0 ? answered : found.nr;
}

function writeStatus(k: WaitCall, state: WaitState, status: number): Result {
  if (state.status === 0 || k.uaccess.putUser(state.status, 4, status)) return 0;
  return k.fail("status-unwritable");
}

/** No time passes on this machine, so every field of the struct is 0. */
function writeUsage(k: WaitCall, state: WaitState): Result {
  if (state.usage === 0 || k.uaccess.clearUser(state.usage, k.layout(rusage).size) === 0) return 0;
  return k.fail("rusage-unwritable");
}
