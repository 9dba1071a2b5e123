import { isSubset } from "../capability.ts";
import type { Credentials } from "./credentials.ts";
import type { Task } from "./task.ts";

/** sysctl suid_dumpable: what becomes of a program whose rights have changed. */
const SUID_DUMPABLE = 0;

/**
 * `commit_creds`: the task acts with other credentials from now on. Where its rights have changed, no core file may be
 * written and the death signal is forgotten. Source: kernel/cred.c.
 */
export function commitCreds(task: Task, cred: Credentials): void {
  const old = task.cred;
  const changed =
    old.euid !== cred.euid ||
    old.egid !== cred.egid ||
    old.fsuid !== cred.fsuid ||
    old.fsgid !== cred.fsgid ||
    !isSubset(cred.permitted, old.permitted);
  if (changed) {
    if (task.mm !== null) task.mm.dumpable = SUID_DUMPABLE;
    task.deathSignal = 0;
  }
  if (old.user !== cred.user) {
    cred.user.addProcess();
    old.user.removeProcess();
  }
  task.cred = cred;
}
