import { unshare as unshareDecl } from "../../abi/calls/index.ts";
import { CLONE } from "../../abi/structs/index.ts";
import { type Call, type Implementation, implement, type Rungs } from "../call.ts";
import { CAP } from "../capability.ts";
import type { Result } from "../outcome.ts";
import { capable } from "../task/credentials.ts";
import type { NsProxy, PlainNamespace } from "../task/nsproxy.ts";

type UnshareCall = Call<Rungs<typeof unshareDecl>>;

const NEW_NAMESPACES = (CLONE.NEWNS | CLONE.NEWUTS | CLONE.NEWIPC | CLONE.NEWPID | CLONE.NEWNET) >>> 0;

/** `unshare`. Source: kernel/fork.c sys_unshare; the flags it knows are the era's. */
export const unshare: Implementation = implement(unshareDecl, (k, { unshare_flags }) => {
  let flags = unshare_flags.lo;
  if ((flags & ~k.profile.unshareFlags) !== 0) return k.fail("unknown-flag");
  if ((flags & CLONE.NEWNS) !== 0) flags |= CLONE.FS;
  // One thread shares these with nobody, so for it there is nothing to leave.
  const shared =
    ((flags & (CLONE.THREAD | CLONE.SIGHAND | CLONE.VM)) !== 0 && k.task.signal.threads.length > 1) ||
    ((flags & (CLONE.SIGHAND | CLONE.VM)) !== 0 && k.task.sighand.users > 1) ||
    ((flags & CLONE.VM) !== 0 && (k.task.mm?.users ?? 1) > 1);
  if (shared) return k.fail("shared-with-threads");
  const namespaces = unshareNamespaces(k, flags);
  if (typeof namespaces === "number") return namespaces;
  return commit(k, flags, namespaces);
});

function unshareNamespaces(k: UnshareCall, flags: number): NsProxy | null | Result {
  if ((flags & NEW_NAMESPACES) === 0) return null;
  const { task, machine } = k;
  if (!capable(task.cred, CAP.SYS_ADMIN)) return k.fail("not-capable");
  const old = task.nsproxy;
  const newpid = (flags & CLONE.NEWPID) !== 0;
  if (newpid && old.pidNs !== task.pidNs) return k.fail("newpid-again");
  if (newpid && old.pidNs.level + 1 > k.profile.maxPidNsLevel) return k.fail("too-deep");
  if (!k.allocate("nsproxy")) return k.fail("no-memory");
  const fresh = (mask: number, kind: PlainNamespace["kind"]): PlainNamespace =>
    (flags & mask) === 0 ? old[kind] : { kind, id: machine.nextId() };
  return {
    mnt: fresh(CLONE.NEWNS, "mnt"),
    uts: fresh(CLONE.NEWUTS, "uts"),
    ipc: fresh(CLONE.NEWIPC, "ipc"),
    net: fresh(CLONE.NEWNET, "net"),
    pidNs: newpid ? machine.newPidNamespace(old.pidNs, task.cred.userNs) : old.pidNs,
  };
}

function commit(k: UnshareCall, flags: number, namespaces: NsProxy | null): Result {
  const { task } = k;
  if ((flags & CLONE.FS) !== 0 && task.fs.users > 1) {
    if (!k.allocate("fs_struct")) return k.fail("no-memory");
    const copy = task.fs.copy();
    task.fs.users--;
    task.fs = copy;
  }
  if ((flags & CLONE.FILES) !== 0 && task.files.users > 1) {
    if (!k.allocate("files_struct")) return k.fail("no-memory");
    const copy = task.files.copy();
    if (copy === null) return k.fail("no-memory");
    task.files.users--;
    task.files = copy;
  }
  if (namespaces !== null) task.nsproxy = namespaces;
  return 0;
}
