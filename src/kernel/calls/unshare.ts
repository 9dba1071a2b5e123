import { unshare as unshareDecl } from "../../abi/calls/index.ts";
import { CLONE } from "../../abi/structs/index.ts";
import { type Call, type Implementation, implement, type Rungs } from "../call.ts";
import { CAP } from "../capability.ts";
import type { Result } from "../outcome.ts";
import { createUserNs } from "../task/create-user-ns.ts";
import type { Credentials } from "../task/credentials.ts";
import type { FilesStruct } from "../task/files-struct.ts";
import type { FsStruct } from "../task/fs-struct.ts";
import { createNewNamespaces } from "../task/new-namespaces.ts";
import { nsCapable } from "../task/ns-capable.ts";
import type { NsProxy } from "../task/nsproxy.ts";

type UnshareCall = Call<Rungs<typeof unshareDecl>>;

/** What a flag asks for beside itself, in the order the kernel adds it. */
const IMPLIED: readonly (readonly [flag: number, also: number])[] = [
  [CLONE.NEWUSER, CLONE.THREAD | CLONE.FS],
  [CLONE.VM, CLONE.SIGHAND],
  [CLONE.SIGHAND, CLONE.THREAD],
  [CLONE.NEWNS, CLONE.FS],
];

/** `unshare`. Source: kernel/fork.c ksys_unshare; the flags it knows are the era's. */
export const unshare: Implementation = implement(unshareDecl, (k, { unshare_flags }) => {
  let flags = unshare_flags.lo;
  for (const [flag, also] of IMPLIED) if ((flags & flag) !== 0) flags |= also;
  flags >>>= 0;
  if ((flags & ~k.profile.unshareFlags) !== 0 || unshare_flags.hi !== 0) return k.fail("unknown-flag");
  if (sharesWithOthers(k, flags)) return k.fail("shared-with-threads");
  return leave(k, flags);
});

/** One thread shares these with nobody, so for it there is nothing to leave (check_unshare_flags). */
function sharesWithOthers({ task }: UnshareCall, flags: number): boolean {
  const asks = (mask: number): boolean => (flags & mask) !== 0;
  if (asks(CLONE.THREAD | CLONE.SIGHAND | CLONE.VM) && task.signal.threads.length > 1) return true;
  if (asks(CLONE.SIGHAND | CLONE.VM) && task.sighand.users > 1) return true;
  return asks(CLONE.VM) && (task.mm?.users ?? 1) > 1;
}

/** Makes what is asked for, in the kernel's order; only when all of it is there does the caller change. */
function leave(k: UnshareCall, flags: number): Result {
  const { task } = k;
  const fs = unshareFs(k, flags);
  if (typeof fs === "number") return fs;
  const files = unshareFiles(k, flags);
  if (typeof files === "number") return files;
  const made = leaveNamespaces(k, flags);
  if (typeof made === "number") {
    files?.close(k.machine);
    return made;
  }
  const { cred, nsproxy } = made;
  if (nsproxy !== null) task.nsproxy = nsproxy;
  if (fs !== null) {
    task.fs.users--;
    task.fs = fs;
  }
  if (files !== null) {
    task.files.users--;
    task.files = files;
  }
  if (cred !== null) {
    task.cred.user.removeProcess();
    cred.user.addProcess();
    task.cred = cred;
  }
  return 0;
}

function unshareFs(k: UnshareCall, flags: number): FsStruct | null | Result {
  const { fs } = k.task;
  if ((flags & CLONE.FS) === 0 || fs.users === 1) return null;
  return k.allocate("fs_struct") ? fs.copy() : k.fail("no-memory");
}

function unshareFiles(k: UnshareCall, flags: number): FilesStruct | null | Result {
  const { files } = k.task;
  if ((flags & CLONE.FILES) === 0 || files.users === 1) return null;
  const copy = k.allocate("files_struct") ? files.copy() : null;
  return copy ?? k.fail("no-memory");
}

interface NewNamespaces {
  readonly cred: Credentials | null;
  readonly nsproxy: NsProxy | null;
}

/** A new user namespace first: what it makes is owned by it, and takes its capabilities. */
function leaveNamespaces(k: UnshareCall, flags: number): NewNamespaces | Result {
  const { task } = k;
  let cred: Credentials | null = null;
  if ((flags & CLONE.NEWUSER) !== 0) {
    const made = k.allocate("cred") ? createUserNs(k, task.cred) : k.fail("no-memory");
    if (typeof made === "number") return made;
    cred = made;
  }
  if ((flags & k.profile.namespaceFlags) === 0) return { cred, nsproxy: null };
  const userNs = (cred ?? task.cred).userNs;
  if (!nsCapable(task.cred, userNs, CAP.SYS_ADMIN)) return k.fail("not-capable");
  const nsproxy = createNewNamespaces(k, flags, userNs);
  return typeof nsproxy === "number" ? nsproxy : { cred, nsproxy };
}
