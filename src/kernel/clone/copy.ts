import { CLONE, CLONE_HIGH } from "../../abi/structs/index.ts";
import type { Result } from "../outcome.ts";
import { createUserNs } from "../task/create-user-ns.ts";
import { UserNamespace } from "../task/credentials.ts";
import { SignalStruct } from "../task/signal-struct.ts";
import type { Fork } from "./fork.ts";

/** Counts the child against its user; CLONE_NEWUSER gives it every capability over a new user namespace (P-15). */
export function copyCreds(f: Fork): Result {
  if (!f.has(CLONE.THREAD) && !f.k.allocate("cred")) return f.k.fail("copy-no-memory");
  if (f.has(CLONE.NEWUSER)) {
    const cred = createUserNs(f.k, f.cred);
    if (typeof cred === "number") return cred;
    f.cred = cred;
  }
  return count(f);
}

/** copy_creds of 2009: CLONE_NEWUSER makes the child root of a new user namespace. */
export function copyCreds2009(f: Fork): Result {
  // A thread shares its group's.
  if (!f.has(CLONE.THREAD) && !f.k.allocate("cred")) return f.k.fail("copy-no-memory");
  const { machine } = f.k;
  if (f.has(CLONE.NEWUSER)) {
    const userNs = new UserNamespace(machine.nextId(), f.cred.userNs, f.cred.euid, f.cred.userNs.rules);
    f.cred = {
      ...f.cred,
      uid: 0,
      euid: 0,
      suid: 0,
      fsuid: 0,
      gid: 0,
      egid: 0,
      sgid: 0,
      fsgid: 0,
      userNs,
      user: userNs.account(0),
    };
  }
  return count(f);
}

function count(f: Fork): Result {
  f.cred.user.addProcess();
  f.counted = true;
  return 0;
}

/** The System V undo list: made to be shared under CLONE_SYSVSEM, else the child starts with none. */
export function copySemundo(f: Fork): Result {
  return !f.has(CLONE.SYSVSEM) || f.k.allocate("sem_undo") ? 0 : f.k.fail("copy-no-memory");
}

/** CLONE_FILES shares the descriptor table. */
export function copyFiles(f: Fork): Result {
  const { files } = f.current;
  if (f.has(CLONE.FILES)) {
    files.users++;
    f.files = files;
    return 0;
  }
  if (!f.k.allocate("files_struct")) return f.k.fail("copy-no-memory");
  f.files = files.copy();
  return f.files === null ? f.k.fail("copy-no-memory") : 0;
}

/** CLONE_FS shares root, working directory and umask. */
export function copyFs(f: Fork): Result {
  const { fs } = f.current;
  if (f.has(CLONE.FS)) {
    fs.users++;
    f.fs = fs;
    return 0;
  }
  if (!f.k.allocate("fs_struct")) return f.k.fail("copy-no-memory");
  f.fs = fs.copy();
  return 0;
}

/** CLONE_SIGHAND shares the signal handlers; with CLONE_CLEAR_SIGHAND the child has none, and ignores what it did. */
export function copySighand(f: Fork): Result {
  const { sighand } = f.current;
  if (f.has(CLONE.SIGHAND)) {
    sighand.users++;
    f.sighand = sighand;
    return 0;
  }
  if (!f.k.allocate("sighand_struct")) return f.k.fail("copy-no-memory");
  f.sighand = sighand.copy();
  if (f.hasHigh(CLONE_HIGH.CLEAR_SIGHAND)) f.sighand.clearHandlers();
  return 0;
}

/** A new group inherits process group, session and limits; a thread joins its caller's. */
export function copySignal(f: Fork): Result {
  const { signal } = f.current;
  if (f.has(CLONE.THREAD)) {
    f.signal = signal;
    return 0;
  }
  if (!f.k.allocate("signal_struct")) return f.k.fail("copy-no-memory");
  f.signal = new SignalStruct(signal.pgrp, signal.session, signal.rlimits);
  f.signal.hasSubreaper = signal.hasSubreaper || signal.isSubreaper;
  return 0;
}

/** CLONE_VM shares the address space; else the child gets a copy, page by page when written to. */
export function copyMm(f: Fork): Result {
  const mm = f.current.mm;
  if (mm === null) return 0;
  if (f.has(CLONE.VM)) {
    mm.users++;
    f.mm = mm;
    return 0;
  }
  if (!f.k.allocate("mm_struct")) return f.k.fail("copy-no-memory");
  const copy = mm.fork();
  if (copy === null) return f.k.fail("copy-no-memory");
  copy.users = 1;
  f.mm = copy;
  return 0;
}
