import { waitid as waitidDecl } from "../../abi/calls/index.ts";
import { type UserPtr, userPtr } from "../../abi/pointer.ts";
import { P, siginfo, WAIT } from "../../abi/structs/index.ts";
import { type Call, type Implementation, implement, type Rungs } from "../call.ts";
import { fdget } from "../file/descriptor.ts";
import { pidOfPidfd } from "../file/pidfd.ts";
import type { Result } from "../outcome.ts";
import type { WaitidMember } from "../profile/process-era.ts";
import { SIG } from "../task/signal-queue.ts";
import { lookForChild, type WaitResult, type WaitTarget } from "../task/wait.ts";
import { clearUsage, waitingFor } from "./wait.ts";

type WaitidCall = Call<Rungs<typeof waitidDecl>>;

const EVENTS = WAIT.WEXITED | WAIT.WUNTRACED | WAIT.WCONTINUED;

interface WaitidState {
  readonly target: WaitTarget;
  readonly options: number;
  /** WNOHANG is the pidfd's doing, not the caller's: then there is nothing to say that. */
  readonly again: boolean;
  readonly info: UserPtr<"siginfo", "out">;
  readonly usage: UserPtr<"rusage", "out">;
}

/** `waitid`. Source: kernel/exit.c. */
export const waitid: Implementation = implement(waitidDecl, (k, { which, upid, infop, options, ru }) => {
  const wish = prepare(k, which, upid, options);
  if (typeof wish === "number") return failed(k, infop, wish);
  return tryWait(k, { ...wish, info: infop, usage: ru });
});

type Wish = Pick<WaitidState, "target" | "options" | "again">;

/** What is waited for, or the errno of a rung (kernel_waitid_prepare). */
function prepare(k: WaitidCall, which: number, upid: number, options: number): Wish | Result {
  const rules = k.profile.processes.waitid;
  if ((options & ~rules.options) !== 0) return k.fail("options");
  if ((options & EVENTS) === 0) return k.fail("no-option");
  const { task } = k;
  const wish = (target: WaitTarget): Wish => ({ target, options, again: false });
  switch (which) {
    case P.ALL:
      return wish({ kind: "any", pid: null });
    case P.PID:
      return upid <= 0 ? k.fail("id") : wish({ kind: "pid", pid: task.pidNs.find(upid) ?? null });
    case P.PGID: {
      if (upid < 0 || (upid === 0 && !rules.ownGroupAndPidfd)) return k.fail("id");
      return wish({ kind: "pgid", pid: upid === 0 ? task.signal.pgrp : (task.pidNs.find(upid) ?? null) });
    }
    case P.PIDFD:
      return rules.ownGroupAndPidfd ? pidfdWish(k, upid, options) : k.fail("type");
    default:
      return k.fail("type");
  }
}

/** P_PIDFD: a non-blocking pidfd makes a non-blocking wait. */
function pidfdWish(k: WaitidCall, fd: number, options: number): Wish | Result {
  if (fd < 0) return k.fail("id");
  const file = fdget(k.task, fd);
  const pid = file === null ? null : pidOfPidfd(file);
  if (file === null || pid === null) return k.fail("not-a-pidfd");
  const again = file.nonblocking && (options & WAIT.WNOHANG) === 0;
  return { target: { kind: "pid", pid }, options: again ? options | WAIT.WNOHANG : options, again };
}

function tryWait(k: WaitidCall, state: WaitidState): Result {
  const found = lookForChild(k.machine, k.task, state.target, state.options);
  if (found === "no-child") return failed(k, state.info, k.fail("no-child"));
  if (found === "none-yet") {
    if ((state.options & WAIT.WNOHANG) === 0)
      return k.block(tryWait, state, waitingFor(k, state.target, state.options));
    if (state.again) return failed(k, state.info, k.fail("nonblocking"));
    return nothing(k, state.info);
  }
  if (state.usage !== 0 && !clearUsage(k, state.usage)) return k.fail("rusage-unwritable");
  return report(k, state, found);
}

function report(k: WaitidCall, { info }: WaitidState, found: WaitResult): Result {
  const { withoutInfo, compat } = k.profile.processes.waitid;
  if (info === 0) {
    if (k.path.compat && compat === "wrapper") return k.fail("info-unwritable");
    return withoutInfo === "pid" ? found.nr : 0;
  }
  const written = write(k, info, {
    si_signo: SIG.CHLD,
    si_errno: 0,
    si_code: found.cause,
    si_pid: found.nr,
    si_uid: found.uid,
    si_status: found.status,
  });
  return written ? 0 : k.fail("info-unwritable");
}

/** Nothing has changed: zeros say so. */
function nothing(k: WaitidCall, info: UserPtr<"siginfo", "out">): Result {
  if (info === 0 || (k.path.compat && k.profile.processes.waitid.compat === "wrapper")) return 0;
  return write(k, info, NOTHING) ? 0 : k.fail("info-unwritable");
}

/** A failure, which a fault of the siginfo takes the place of where that is written all the same. */
function failed(k: WaitidCall, info: UserPtr<"siginfo", "out">, failure: Result): Result {
  if (info === 0 || !k.profile.processes.waitid.clearsOnFailure) return failure;
  return write(k, info, NOTHING) ? failure : k.fail("failure-unwritable");
}

const NOTHING: Readonly<Record<WaitidMember, number>> = {
  si_signo: 0,
  si_errno: 0,
  si_code: 0,
  si_pid: 0,
  si_uid: 0,
  si_status: 0,
};

/** Word by word after one look at the whole range: what lies before a fault stays written (unsafe_put_user). */
function write(
  k: Call,
  info: UserPtr<"siginfo", "out">,
  members: Readonly<Record<WaitidMember, number>>,
): boolean {
  const layout = k.layout(siginfo);
  if (!k.uaccess.accessOk(info, layout.size)) return false;
  for (const name of k.profile.processes.waitid.order) {
    const { offset } = layout.field(CHILD_MEMBERS.has(name) ? `_sigchld.${name}` : name);
    if (!k.uaccess.putUser(userPtr<"int", "out">(info + offset), 4, members[name])) return false;
  }
  return true;
}

const CHILD_MEMBERS: ReadonlySet<WaitidMember> = new Set(["si_pid", "si_uid", "si_status"]);
