import type { Ladders } from "../../abi/ladders/index.ts";
import { CLONE, CLONE_NEWTIME } from "../../abi/structs/index.ts";
import type { RungsOf } from "../../abi/syscall.ts";
import type { Call } from "../call.ts";
import type { Machine } from "../machine.ts";
import type { Result } from "../outcome.ts";
import type { UserNamespace } from "./credentials.ts";
import type { NsProxy, PlainNamespace, PlainNamespaceKind } from "./nsproxy.ts";

type NamespaceCall = Call<
  RungsOf<{ readonly ladder: readonly [{ readonly include: "create_new_namespaces" }] }, Ladders>
>;

type Sites = readonly (readonly [mask: number, site: string])[];

const FIRST: Sites = [
  [CLONE.NEWNS, "mnt_namespace"],
  [CLONE.NEWUTS, "uts_namespace"],
  [CLONE.NEWIPC, "ipc_namespace"],
];

const LAST: Sites = [
  [CLONE.NEWPID, "pid_namespace"],
  [CLONE.NEWCGROUP, "cgroup_namespace"],
  [CLONE.NEWNET, "net_namespace"],
  [CLONE_NEWTIME, "time_namespace"],
];

/** Asks for the set itself and the namespaces that are made before that of pids; false when one is refused. */
export function allocateFirst(k: Call, flags: number): boolean {
  return k.allocate("nsproxy") && allocateAll(k, flags, FIRST);
}

/** Asks for the namespace of pids and those that are made after it; false when one is refused. */
export function allocateLast(k: Call, flags: number): boolean {
  return allocateAll(k, flags, LAST);
}

function allocateAll(k: Call, flags: number, sites: Sites): boolean {
  const asked = flags & k.profile.namespaceFlags;
  for (const [mask, site] of sites) if ((asked & mask) !== 0 && !k.allocate(site)) return false;
  return true;
}

/** `copy_pid_ns` with CLONE_NEWPID: 0, or the errno of P-20 or P-21. `userNs` is to own the namespace. */
export function checkNewPid(k: NamespaceCall, userNs: UserNamespace): Result {
  const { task, profile } = k;
  const above = task.nsproxy.pidNs;
  if (above !== task.pidNs) return k.fail("newpid-again");
  if (!above.userNs.contains(userNs)) return k.fail("newpid-foreign");
  return above.level + 1 > profile.maxPidNsLevel ? k.fail("pid-namespace-too-deep") : 0;
}

/** The set with every namespace the flags ask for made new, owned by `userNs`. */
export function makeNsProxy(machine: Machine, flags: number, old: NsProxy, userNs: UserNamespace): NsProxy {
  const asked = flags & machine.profile.namespaceFlags;
  const fresh = (mask: number, kind: PlainNamespaceKind, kept: PlainNamespace): PlainNamespace =>
    (asked & mask) === 0 ? kept : { kind, id: machine.nextId(), userNs };
  return {
    mnt: fresh(CLONE.NEWNS, "mnt", old.mnt),
    uts: fresh(CLONE.NEWUTS, "uts", old.uts),
    ipc: fresh(CLONE.NEWIPC, "ipc", old.ipc),
    pidNs: (asked & CLONE.NEWPID) === 0 ? old.pidNs : machine.newPidNamespace(old.pidNs, userNs),
    cgroup: fresh(CLONE.NEWCGROUP, "cgroup", old.cgroup),
    net: fresh(CLONE.NEWNET, "net", old.net),
    time: old.time,
    timeForChildren: fresh(CLONE_NEWTIME, "time", old.timeForChildren),
  };
}

/** `create_new_namespaces` as a whole, for the caller itself; the errno of a rung when it fails. */
export function createNewNamespaces(
  k: NamespaceCall,
  flags: number,
  userNs: UserNamespace,
): NsProxy | Result {
  if (!allocateFirst(k, flags)) return k.fail("namespace-no-memory");
  if ((flags & CLONE.NEWPID) !== 0) {
    const refused = checkNewPid(k, userNs);
    if (refused !== 0) return refused;
  }
  if (!allocateLast(k, flags)) return k.fail("pid-namespace-no-memory");
  return makeNsProxy(k.machine, flags, k.task.nsproxy, userNs);
}
