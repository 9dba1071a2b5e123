import {
  getpgid as getpgidDecl,
  getpgrp as getpgrpDecl,
  getpid as getpidDecl,
  getppid as getppidDecl,
  getsid as getsidDecl,
  gettid as gettidDecl,
} from "../../abi/calls/index.ts";
import { type Call, type Implementation, implement } from "../call.ts";
import type { Task } from "../task/task.ts";

/** The task a pid argument names in the caller's namespace; 0 is the caller itself (find_task_by_vpid). */
export function taskByVpid(k: Call, nr: number): Task | null {
  if (nr === 0) return k.task;
  return (k.task.pidNs.find(nr)?.task("pid") as Task | null | undefined) ?? null;
}

/** `getpid`. */
export const getpid: Implementation = implement(getpidDecl, (k) => k.task.tgid);

/** `gettid`. */
export const gettid: Implementation = implement(gettidDecl, (k) => k.task.tid);

/** `getppid`: 0 when the parent lives outside the caller's namespace. */
export const getppid: Implementation = implement(getppidDecl, (k) =>
  k.task.groupLeader.realParent.groupLeader.nrIn(k.task.pidNs),
);

/** `getpgid`. */
export const getpgid: Implementation = implement(getpgidDecl, (k, { pid }) => {
  const task = taskByVpid(k, pid);
  return task === null ? k.fail("no-task") : task.signal.pgrp.nrIn(k.task.pidNs);
});

/** `getpgrp`. */
export const getpgrp: Implementation = implement(getpgrpDecl, (k) => k.task.signal.pgrp.nrIn(k.task.pidNs));

/** `getsid`. */
export const getsid: Implementation = implement(getsidDecl, (k, { pid }) => {
  const task = taskByVpid(k, pid);
  return task === null ? k.fail("no-task") : task.signal.session.nrIn(k.task.pidNs);
});
