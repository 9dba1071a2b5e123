import {
  close as closeDecl,
  dup2 as dup2Decl,
  dup3 as dup3Decl,
  dup as dupDecl,
} from "../../abi/calls/index.ts";
import { O, RLIMIT } from "../../abi/structs/index.ts";
import { type Call, type Implementation, implement, type Rungs } from "../call.ts";
import { fdget, fdInstall, getUnusedFd } from "../file/descriptor.ts";
import { fput } from "../file/open-file.ts";
import type { Result } from "../outcome.ts";

/** What dup2 and dup3 have in common. */
type DupCall = Call<Exclude<Rungs<typeof dup2Decl>, "bad-fd">>;

/** `close`. */
export const close: Implementation = implement(closeDecl, (k, { fd }) => {
  const file = k.task.files.take(fd >>> 0);
  if (file === null) return k.fail("bad-fd");
  fput(k.machine, file);
  return 0;
});

/** `dup`. */
export const dup: Implementation = implement(dupDecl, (k, { fildes }) => {
  const { task } = k;
  const file = fdget(task, fildes);
  if (file === null) return k.fail("bad-fd");
  const fd = getUnusedFd(task, false);
  if (typeof fd === "string") return k.fail(fd === "EMFILE" ? "too-many-fds" : "no-memory");
  file.refs++;
  fdInstall(task, fd, file);
  return fd;
});

/** `dup2`. */
export const dup2: Implementation = implement(dup2Decl, (k, { oldfd, newfd }) => {
  if (oldfd === newfd) return fdget(k.task, oldfd) === null ? k.fail("bad-fd") : oldfd;
  return dupTo(k, oldfd, newfd, false);
});

/** `dup3`. */
export const dup3: Implementation = implement(dup3Decl, (k, { oldfd, newfd, flags }) => {
  if ((flags & ~O.CLOEXEC) !== 0) return k.fail("unknown-flag");
  if (oldfd === newfd) return k.fail("same-fd");
  return dupTo(k, oldfd, newfd, (flags & O.CLOEXEC) !== 0);
});

/** `ksys_dup3` behind its first checks; descriptors are unsigned here. */
function dupTo(k: DupCall, oldfd: number, newfd: number, closeOnExec: boolean): Result {
  const { task } = k;
  const { files } = task;
  const to = newfd >>> 0;
  if (to >= task.signal.rlimit(RLIMIT.NOFILE)) return k.fail("new-fd-too-high");
  const error = files.expand(to);
  const file = fdget(task, oldfd);
  if (file === null) return k.fail("old-fd-bad");
  if (error === "EMFILE") return k.fail("new-fd-too-high");
  if (error !== null) return k.fail("no-memory");
  if (files.isReserved(to)) return k.fail("new-fd-reserved");
  const replaced = files.replace(to, file, closeOnExec);
  if (replaced !== null) fput(k.machine, replaced);
  return to;
}
