import { CLONE, CLONE_HIGH, O, PIDFD } from "../../abi/structs/index.ts";
import { fdInstall, getUnusedFd, putUnusedFd } from "../file/descriptor.ts";
import { allocFile, fput } from "../file/open-file.ts";
import { Pidfd } from "../file/pidfd.ts";
import type { Result } from "../outcome.ts";
import type { Fork } from "./fork.ts";

/** P-25, P-31: the descriptor is written before the child runs, and a fault there fails the call. */
export function storePidfd(f: Fork): Result {
  const { current, k, pid } = f;
  if (!f.has(CLONE.PIDFD) || pid === null) return 0;
  const fd = getUnusedFd(current, true);
  if (fd === "EMFILE") return k.fail("pidfd-too-many-fds");
  if (fd === "ENOMEM") return k.fail("pidfd-no-memory");
  const autokill = f.hasHigh(CLONE_HIGH.PIDFD_AUTOKILL);
  const flags = O.RDWR | (f.has(CLONE.THREAD) ? PIDFD.THREAD : 0);
  const file = allocFile(k.machine, new Pidfd(pid, autokill), flags);
  if (file === null) {
    putUnusedFd(current, fd);
    return k.fail("pidfd-no-memory");
  }
  f.pidfd = { fd, file };
  return k.uaccess.putUser(f.request.pidfd, 4, fd) ? 0 : k.fail("pidfd-unwritable");
}

/** P-26: trapgate has no cgroup directory to open, so no descriptor is one. */
export function intoCgroup(f: Fork): Result {
  return f.hasHigh(CLONE_HIGH.INTO_CGROUP) ? f.k.fail("cgroup-not-open") : 0;
}

/** Nothing fails any more: the reserved descriptor points at the file. */
export function installPidfd(f: Fork): void {
  if (f.pidfd !== null) fdInstall(f.current, f.pidfd.fd, f.pidfd.file);
}

/** The call fails: descriptor and file are given back. */
export function dropPidfd(f: Fork): void {
  if (f.pidfd === null) return;
  putUnusedFd(f.current, f.pidfd.fd);
  fput(f.k.machine, f.pidfd.file);
}
