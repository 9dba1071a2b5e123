import { setns as setnsDecl } from "../../abi/calls/index.ts";
import { CLONE, CLONE_NEWTIME } from "../../abi/structs/index.ts";
import { type Call, type Implementation, implement, type Rungs } from "../call.ts";
import { CAP } from "../capability.ts";
import { fdget } from "../file/descriptor.ts";
import { pidOfPidfd } from "../file/pidfd.ts";
import type { Result } from "../outcome.ts";
import { isAlive } from "../task/alive.ts";
import { type Credentials, credentialsIn } from "../task/credentials.ts";
import { nsCapable } from "../task/ns-capable.ts";
import type { NsProxy, PlainNamespaceKind } from "../task/nsproxy.ts";
import { mayPtrace } from "../task/ptrace-access.ts";
import type { Task } from "../task/task.ts";

type SetnsRung = Rungs<typeof setnsDecl>;
type SetnsCall = Call<SetnsRung>;

/** What the caller will have once every namespace asked for has let it in (`struct nsset`). */
interface NsSet {
  nsproxy: NsProxy;
  cred: Credentials;
}

/** `setns`. Source: kernel/nsproxy.c; the order of validate_nsset. */
export const setns: Implementation = implement(setnsDecl, (k, { fd, flags }) => {
  const file = fdget(k.task, fd);
  if (file === null) return k.fail("not-open");
  const pid = pidOfPidfd(file);
  const known = k.profile.setnsPidfdFlags;
  if (pid === null || known === 0) return k.fail("not-a-namespace");
  if (flags === 0 || (flags & ~known) !== 0) return k.fail("unknown-flag");
  if (!k.allocate("nsproxy")) return k.fail("no-memory");
  const target = pid.task("pid") as Task | null;
  if (target === null) return k.fail("task-gone");
  if (!mayPtrace(k.task, target)) return k.fail("not-accessible");
  // A zombie has let go of its namespaces.
  if (!isAlive(target)) return k.fail("task-gone");
  return enter(k, flags, target);
});

function enter(k: SetnsCall, flags: number, target: Task): Result {
  const { task } = k;
  const set: NsSet = { nsproxy: task.nsproxy, cred: task.cred };
  for (const [mask, install] of INSTALLS) {
    if ((flags & mask) === 0) continue;
    const refused = install(k, set, target, flags);
    if (refused !== 0) return refused;
  }
  if (set.cred !== task.cred) {
    task.cred.user.removeProcess();
    set.cred.user.addProcess();
    task.cred = set.cred;
  }
  task.nsproxy = set.nsproxy;
  return 0;
}

type Install = (k: SetnsCall, set: NsSet, target: Task, flags: number) => Result;

/** The namespaces in the order they are entered, the user namespace first: its capabilities count for the others. */
const INSTALLS: readonly (readonly [mask: number, install: Install])[] = [
  [CLONE.NEWUSER, enterUser],
  [CLONE.NEWNS, enterMounts],
  [CLONE.NEWUTS, plain("uts", "not-capable")],
  [CLONE.NEWIPC, plain("ipc", "not-capable")],
  [CLONE.NEWPID, enterPids],
  [CLONE.NEWCGROUP, plain("cgroup", "late-not-capable")],
  [CLONE.NEWNET, plain("net", "late-not-capable")],
  [CLONE_NEWTIME, enterTime],
];

/** `userns_install`: nobody gains anything by entering where it is. */
function enterUser(k: SetnsCall, set: NsSet, target: Task): Result {
  const { task } = k;
  const { userNs } = target.cred;
  if (userNs === task.cred.userNs) return k.fail("user-own");
  if (task.signal.threads.length > 1) return k.fail("user-thread");
  if (task.fs.users !== 1) return k.fail("user-shared-fs");
  if (!nsCapable(task.cred, userNs, CAP.SYS_ADMIN)) return k.fail("user-not-capable");
  set.cred = credentialsIn(userNs, task.cred);
  return 0;
}

/** Over the namespace, and over the user namespace the caller will be in. */
function capableOf(k: SetnsCall, set: NsSet, kind: PlainNamespaceKind, target: Task): boolean {
  const { cred } = k.task;
  return (
    nsCapable(cred, target.nsproxy[kind].userNs, CAP.SYS_ADMIN) &&
    nsCapable(cred, set.cred.userNs, CAP.SYS_ADMIN)
  );
}

function plain(kind: Exclude<PlainNamespaceKind, "time">, rung: SetnsRung): Install {
  return (k, set, target) => {
    if (!capableOf(k, set, kind, target)) return k.fail(rung);
    set.nsproxy = { ...set.nsproxy, [kind]: target.nsproxy[kind] };
    return 0;
  };
}

/** `mntns_install`: with other flags beside it the caller gets file-system information of its own. */
function enterMounts(k: SetnsCall, set: NsSet, target: Task, flags: number): Result {
  const able = capableOf(k, set, "mnt", target) && nsCapable(k.task.cred, set.cred.userNs, CAP.SYS_CHROOT);
  if (!able) return k.fail("mnt-not-capable");
  if (flags === CLONE.NEWNS && k.task.fs.users !== 1) return k.fail("mnt-shared-fs");
  set.nsproxy = { ...set.nsproxy, mnt: target.nsproxy.mnt };
  return 0;
}

/** `pidns_install`: only downwards, or a child could not be named by its maker. */
function enterPids(k: SetnsCall, set: NsSet, target: Task): Result {
  const { cred, pidNs } = k.task;
  const entered = target.pidNs;
  const able =
    nsCapable(cred, entered.userNs, CAP.SYS_ADMIN) && nsCapable(cred, set.cred.userNs, CAP.SYS_ADMIN);
  if (!able) return k.fail("pid-not-capable");
  if (!pidNs.contains(entered)) return k.fail("pid-not-below");
  set.nsproxy = { ...set.nsproxy, pidNs: entered };
  return 0;
}

/** `timens_install`: the page with the clocks is one of the memory's. */
function enterTime(k: SetnsCall, set: NsSet, target: Task): Result {
  const { task } = k;
  if (task.signal.threads.length > 1 || (task.mm?.users ?? 1) > 1) return k.fail("time-shared-vm");
  if (!capableOf(k, set, "time", target)) return k.fail("time-not-capable");
  const { time } = target.nsproxy;
  set.nsproxy = { ...set.nsproxy, time, timeForChildren: time };
  return 0;
}
