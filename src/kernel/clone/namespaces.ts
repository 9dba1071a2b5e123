import { CLONE } from "../../abi/structs/index.ts";
import { CAP } from "../capability.ts";
import type { Result } from "../outcome.ts";
import { allocateFirst, allocateLast, checkNewPid, makeNsProxy } from "../task/new-namespaces.ts";
import { nsCapable } from "../task/ns-capable.ts";
import type { Fork } from "./fork.ts";

/** B-09, P-18: any new namespace takes CAP_SYS_ADMIN over the child's user namespace. */
export function namespaceCapable(f: Fork): Result {
  if (!f.some(f.k.profile.namespaceFlags)) return 0;
  return nsCapable(f.current.cred, f.cred.userNs, CAP.SYS_ADMIN) ? 0 : f.k.fail("namespace-not-capable");
}

/** B-10, P-19: semaphores of two ipc namespaces have no common undo list. */
export function newipcSysvsem(f: Fork): Result {
  return f.has(CLONE.NEWIPC | CLONE.SYSVSEM) ? f.k.fail("newipc-sysvsem") : 0;
}

/** B-24: a namespace's init cannot be its maker's sibling. */
export function newpidParent(f: Fork): Result {
  return f.has(CLONE.NEWPID | CLONE.PARENT) ? f.k.fail("newpid-parent") : 0;
}

/** B-11: the threads of a group live in one pid namespace. */
export function newpidThread(f: Fork): Result {
  return f.has(CLONE.NEWPID | CLONE.THREAD) ? f.k.fail("newpid-thread") : 0;
}

/** The first half of create_new_namespaces: memory for the set, then for mounts, uts and ipc, in this order. */
export function copyNamespaces(f: Fork): Result {
  return !needed(f) || allocateFirst(f.k, f.flags) ? 0 : f.k.fail("namespace-no-memory");
}

/** P-20, P-21: what copy_pid_ns looks at. */
export function newPidNamespace(f: Fork): Result {
  return f.has(CLONE.NEWPID) ? checkNewPid(f.k, f.cred.userNs) : 0;
}

/** The second half, after copy_pid_ns has looked at the flags: pid, cgroup, net and time, and the set is complete. */
export function copyPidNamespace(f: Fork): Result {
  if (!needed(f)) return 0;
  if (!allocateLast(f.k, f.flags)) return f.k.fail("pid-namespace-no-memory");
  const made = makeNsProxy(f.k.machine, f.flags, f.nsproxy, f.cred.userNs);
  // timens_on_fork: memory of its own can show other clocks.
  f.nsproxy = f.has(CLONE.VM) ? made : { ...made, time: made.timeForChildren };
  return 0;
}

/** A set of its own is needed for a new namespace, and to go over to the clocks that were waiting for the child. */
function needed(f: Fork): boolean {
  if (f.some(f.k.profile.namespaceFlags)) return true;
  return f.nsproxy.time !== f.nsproxy.timeForChildren && !f.has(CLONE.VM);
}

/** B-15: a new pid namespace mounts its own proc. */
export function procMount(f: Fork): Result {
  return f.has(CLONE.NEWPID) && !f.k.allocate("proc_mnt") ? f.k.fail("proc-mount") : 0;
}
