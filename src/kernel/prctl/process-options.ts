import { hiOf, loOf } from "../../abi/address.ts";
import { userPtr } from "../../abi/pointer.ts";
import { strncpyFromUser } from "../../mm/user-string.ts";
import type { Result } from "../outcome.ts";
import { NSIG } from "../task/signal-queue.ts";
import type { Task } from "../task/task.ts";
import type { Option, PrctlCall } from "./option.ts";

/** Bytes of a task's name, with its NUL. */
const TASK_COMM_LEN = 16;

function putInt(k: PrctlCall, at: number, value: number): Result {
  return k.uaccess.putUser(userPtr<"int", "out">(at), 4, value) ? 0 : k.fail("result-unwritable");
}

/** PR_SET_PDEATHSIG: what the task is sent when its parent exits. */
export const setPdeathsig: Option = (k, [sig]) => {
  if (sig > NSIG) return k.fail("signal-number");
  k.task.deathSignal = sig;
  return 0;
};

/** PR_GET_PDEATHSIG. */
export const getPdeathsig: Option = (k, [at]) => putInt(k, at, k.task.deathSignal);

/** PR_GET_DUMPABLE. */
export const getDumpable: Option = (k) => k.task.mm?.dumpable ?? 0;

/** PR_SET_DUMPABLE: 0 or 1; 2, for root alone, is the kernel's to set. */
export const setDumpable: Option = (k, [dumpable]) => {
  if (dumpable > 1) return k.fail("value");
  if (k.task.mm !== null) k.task.mm.dumpable = dumpable;
  return 0;
};

/** PR_SET_TIMING: only PR_TIMING_STATISTICAL, 0. */
export const setTiming: Option = (k, [timing]) => (timing === 0 ? 0 : k.fail("value"));

/** PR_SET_NAME: no more than 15 bytes are looked at. */
export const setName: Option = (k, [at]) => {
  const buffer = k.kstack(TASK_COMM_LEN);
  const length = strncpyFromUser(k.uaccess, buffer, userPtr<"char", "in">(at), TASK_COMM_LEN - 1);
  if (length < 0) return k.fail("name-unreadable");
  let name = "";
  for (let i = 0; i < length; i++) name += String.fromCharCode(k.view.getUint8(buffer + i));
  k.task.comm = name;
  return 0;
};

/** PR_GET_NAME: 16 bytes, whatever the name. */
export const getName: Option = (k, [at]) => {
  const buffer = k.kstack(TASK_COMM_LEN);
  const { comm } = k.task;
  for (let i = 0; i < TASK_COMM_LEN; i++)
    k.view.setUint8(buffer + i, i < TASK_COMM_LEN - 1 && i < comm.length ? comm.charCodeAt(i) : 0);
  const left = k.uaccess.copyToUser(userPtr<"char", "out">(at), buffer, TASK_COMM_LEN);
  return left === 0 ? 0 : k.fail("result-unwritable");
};

/** PR_SET_TIMERSLACK: 0 goes back to what the task started with. */
export const setTimerslack: Option = (k, [nanoseconds]) => {
  const { task } = k;
  task.timerSlack = nanoseconds === 0 ? task.defaultTimerSlack : nanoseconds;
  return 0;
};

/** PR_GET_TIMERSLACK. */
export const getTimerslack: Option = (k) => k.task.timerSlack;

/** PR_GET_TID_ADDRESS: a pointer of the kernel's own width, even to a 32-bit program. */
export const getTidAddress: Option = (k, [at]) => {
  const { clearChildTid } = k.task;
  const bytes = k.path.kernel === "i386" ? 4 : 8;
  const written = k.uaccess.putUser(
    userPtr<"addr", "out">(at),
    bytes,
    loOf(clearChildTid),
    hiOf(clearChildTid),
  );
  return written ? 0 : k.fail("result-unwritable");
};

/** PR_SET_CHILD_SUBREAPER: orphaned descendants become children of the caller's group. */
export const setChildSubreaper: Option = (k, [on]) => {
  const { signal } = k.task;
  signal.isSubreaper = on !== 0;
  if (on !== 0) tellDescendants(k.task);
  return 0;
};

/** Descendants look for a subreaper from now on, but for those below another init, who never get out. */
function tellDescendants(task: Task): void {
  for (const thread of task.signal.threads) {
    for (const child of thread.children ?? []) {
      if (child.signal.hasSubreaper || child.pidNs.reaper === child) continue;
      child.signal.hasSubreaper = true;
      tellDescendants(child);
    }
  }
}

/** PR_GET_CHILD_SUBREAPER. */
export const getChildSubreaper: Option = (k, [at]) => putInt(k, at, k.task.signal.isSubreaper ? 1 : 0);

/** PR_SET_NO_NEW_PRIVS: on, and never off again. */
export const setNoNewPrivs: Option = (k, [on, ...rest]) => {
  if (on !== 1) return k.fail("value");
  if (rest.some((word) => word !== 0)) return k.fail("not-zero");
  k.task.noNewPrivs = true;
  return 0;
};

/** PR_GET_NO_NEW_PRIVS. */
export const getNoNewPrivs: Option = (k, words) => {
  if (words.some((word) => word !== 0)) return k.fail("not-zero");
  return k.task.noNewPrivs ? 1 : 0;
};
