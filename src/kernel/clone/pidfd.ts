import { CLONE, O } from "../../abi/structs/index.ts";
import { fdInstall, getUnusedFd, putUnusedFd } from "../file/descriptor.ts";
import type { FileOperations } from "../file/file-operations.ts";
import { allocFile, fput } from "../file/open-file.ts";
import type { Result } from "../outcome.ts";
import type { Fork } from "./fork.ts";

const PIDFD: FileOperations = Object.freeze({ name: "pidfd" });

/** C-23: legacy clone has one pointer for both, so they never go together there (L-02). */
export function pidfdIsParentTid(f: Fork): Result {
  return f.has(CLONE.PIDFD | CLONE.PARENT_SETTID) ? f.k.fail("pidfd-is-parent-tid") : 0;
}

/** P-25, P-31: the descriptor is written before the child runs, and a fault there fails the call. */
export function storePidfd(f: Fork): Result {
  if (!f.has(CLONE.PIDFD)) return 0;
  const { current, k } = f;
  const fd = getUnusedFd(current, true);
  if (fd === "EMFILE") return k.fail("pidfd-too-many-fds");
  const file = fd === "ENOMEM" ? null : allocFile(k.machine, PIDFD, O.RDWR);
  if (fd === "ENOMEM") return k.fail("pidfd-no-memory");
  if (file !== null && k.uaccess.putUser(f.request.parentTid, 4, fd)) {
    fdInstall(current, fd, file);
    return 0;
  }
  putUnusedFd(current, fd);
  if (file === null) return k.fail("pidfd-no-memory");
  fput(k.machine, file);
  return k.fail("pidfd-unwritable");
}
