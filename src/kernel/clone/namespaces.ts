import { CLONE } from "../../abi/structs/index.ts";
import { CAP } from "../capability.ts";
import type { Result } from "../outcome.ts";
import { capable } from "../task/credentials.ts";
import type { NsProxy, PlainNamespace } from "../task/nsproxy.ts";
import type { Fork } from "./fork.ts";

const NEW_NAMESPACES = (CLONE.NEWNS | CLONE.NEWUTS | CLONE.NEWIPC | CLONE.NEWPID | CLONE.NEWNET) >>> 0;

/** B-09: any new namespace takes CAP_SYS_ADMIN. */
export function namespaceCapable(f: Fork): Result {
  if (!f.some(NEW_NAMESPACES)) return 0;
  return capable(f.current.cred, CAP.SYS_ADMIN) ? 0 : f.k.fail("namespace-not-capable");
}

/** B-10: semaphores of two ipc namespaces have no common undo list. */
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
  if (!f.some(NEW_NAMESPACES)) return 0;
  if (!f.k.allocate("nsproxy")) return f.k.fail("namespace-no-memory");
  return allocateAll(f, FIRST_NAMESPACES) ? 0 : f.k.fail("namespace-no-memory");
}

/** The second half, after copy_pid_ns has looked at the flags: the pid and the net namespace, and the set is complete. */
export function copyPidNamespace(f: Fork): Result {
  if (!f.some(NEW_NAMESPACES)) return 0;
  if (!allocateAll(f, LAST_NAMESPACES)) return f.k.fail("pid-namespace-no-memory");
  const { machine } = f.k;
  const old = f.nsproxy;
  const fresh = <K extends PlainNamespace["kind"]>(mask: number, kind: K): PlainNamespace =>
    f.has(mask) ? { kind, id: machine.nextId() } : old[kind];
  const made: NsProxy = {
    mnt: fresh(CLONE.NEWNS, "mnt"),
    uts: fresh(CLONE.NEWUTS, "uts"),
    ipc: fresh(CLONE.NEWIPC, "ipc"),
    net: fresh(CLONE.NEWNET, "net"),
    pidNs: f.has(CLONE.NEWPID) ? machine.newPidNamespace(old.pidNs, f.cred.userNs) : old.pidNs,
  };
  f.nsproxy = made;
  return 0;
}

type Sites = readonly (readonly [mask: number, site: string])[];

const FIRST_NAMESPACES: Sites = [
  [CLONE.NEWNS, "mnt_namespace"],
  [CLONE.NEWUTS, "uts_namespace"],
  [CLONE.NEWIPC, "ipc_namespace"],
];

const LAST_NAMESPACES: Sites = [
  [CLONE.NEWPID, "pid_namespace"],
  [CLONE.NEWNET, "net_namespace"],
];

function allocateAll(f: Fork, sites: Sites): boolean {
  for (const [mask, site] of sites) if (f.has(mask) && !f.k.allocate(site)) return false;
  return true;
}

/** B-15: a new pid namespace mounts its own proc. */
export function procMount(f: Fork): Result {
  return f.has(CLONE.NEWPID) && !f.k.allocate("proc_mnt") ? f.k.fail("proc-mount") : 0;
}
