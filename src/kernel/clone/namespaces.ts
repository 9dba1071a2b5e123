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

/** Makes the namespaces asked for (create_new_namespaces), in the kernel's order. */
export function copyNamespaces(f: Fork): Result {
  if (!f.some(NEW_NAMESPACES)) return 0;
  const { k } = f;
  const old = f.nsproxy;
  const wanted: [mask: number, site: string][] = [
    [CLONE.NEWNS, "mnt_namespace"],
    [CLONE.NEWUTS, "uts_namespace"],
    [CLONE.NEWIPC, "ipc_namespace"],
    [CLONE.NEWPID, "pid_namespace"],
    [CLONE.NEWNET, "net_namespace"],
  ];
  if (!k.allocate("nsproxy")) return k.fail("namespace-no-memory");
  for (const [mask, site] of wanted) {
    if (f.has(mask) && !k.allocate(site)) return k.fail("namespace-no-memory");
  }
  const fresh = <K extends PlainNamespace["kind"]>(mask: number, kind: K): PlainNamespace =>
    f.has(mask) ? { kind, id: k.machine.nextId() } : old[kind];
  const made: NsProxy = {
    mnt: fresh(CLONE.NEWNS, "mnt"),
    uts: fresh(CLONE.NEWUTS, "uts"),
    ipc: fresh(CLONE.NEWIPC, "ipc"),
    net: fresh(CLONE.NEWNET, "net"),
    pidNs: f.has(CLONE.NEWPID) ? k.machine.newPidNamespace(old.pidNs, f.cred.userNs) : old.pidNs,
  };
  f.nsproxy = made;
  return 0;
}

/** B-15: a new pid namespace mounts its own proc. */
export function procMount(f: Fork): Result {
  return f.has(CLONE.NEWPID) && !f.k.allocate("proc_mnt") ? f.k.fail("proc-mount") : 0;
}
