import { CAP } from "../capability.ts";
import { nsCapable } from "../task/ns-capable.ts";
import { SIG } from "../task/signal-queue.ts";
import type { Task } from "../task/task.ts";

/**
 * Whether `sender` may send `sig` to `target`: within its own group, as the same user, with CAP_KILL, and SIGCONT
 * within its session. Source: kernel/signal.c check_kill_permission.
 */
export function mayKill(sender: Task, target: Task, sig: number): boolean {
  const { cred, signal } = sender;
  if (target.signal === signal) return true;
  const other = target.cred;
  if (cred.euid === other.suid || cred.euid === other.uid) return true;
  if (cred.uid === other.suid || cred.uid === other.uid) return true;
  if (nsCapable(cred, other.userNs, CAP.KILL)) return true;
  return sig === SIG.CONT && target.signal.session === signal.session;
}
