import { CAP, withoutCapabilities } from "../capability.ts";
import type { Credentials } from "./credentials.ts";
import { nsCapable } from "./ns-capable.ts";
import type { Task } from "./task.ts";

/**
 * `ptrace_may_access(…, PTRACE_MODE_READ_REALCREDS)`: whether a task may look into another. It may into its own group;
 * into one that has its uid and gid in every place, and no capability that it lacks itself; and with CAP_SYS_PTRACE.
 * Source: kernel/ptrace.c, security/commoncap.c.
 */
export function mayPtrace(caller: Task, target: Task): boolean {
  if (caller.groupLeader === target.groupLeader) return true;
  const { cred } = caller;
  const able = nsCapable(cred, target.cred.userNs, CAP.SYS_PTRACE);
  return able || (samePerson(cred, target.cred) && hasAllOf(cred, target.cred));
}

function samePerson({ uid, gid }: Credentials, other: Credentials): boolean {
  return (
    uid === other.uid &&
    uid === other.euid &&
    uid === other.suid &&
    gid === other.gid &&
    gid === other.egid &&
    gid === other.sgid
  );
}

function hasAllOf(cred: Credentials, other: Credentials): boolean {
  const more = withoutCapabilities(other.permitted, cred.permitted);
  return cred.userNs === other.userNs && more.lo === 0 && more.hi === 0;
}
