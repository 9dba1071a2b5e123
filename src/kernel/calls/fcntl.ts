import {
  close_range as closeRangeDecl,
  fcntl64 as fcntl64Decl,
  fcntl as fcntlDecl,
} from "../../abi/calls/index.ts";
import type { Ladders } from "../../abi/ladders/index.ts";
import { F, O, RLIMIT } from "../../abi/structs/index.ts";
import type { RungsOf } from "../../abi/syscall.ts";
import { type Call, type Implementation, implement } from "../call.ts";
import { CAP } from "../capability.ts";
import { fdget, fdInstall } from "../file/descriptor.ts";
import { fput, type OpenFile } from "../file/open-file.ts";
import { isPrivilegedOverPipes, pipeOf, resizePipe } from "../file/pipe-size.ts";
import { openFlagsFrom, openFlagsTo } from "../native-flags.ts";
import type { Result } from "../outcome.ts";
import { capable } from "../task/ns-capable.ts";

type FcntlCall = Call<RungsOf<{ readonly ladder: readonly [{ readonly include: "do_fcntl" }] }, Ladders>>;

const FD_CLOEXEC = 1;
const UNSHARE = 0x2;
const CLOEXEC = 0x4;
/** SETFL_MASK: what F_SETFL changes. */
const SETFL = O.APPEND | O.NONBLOCK | O.DIRECT | O.NOATIME;

/** `fcntl`. Source: fs/fcntl.c do_fcntl. */
export const fcntl: Implementation = implement(fcntlDecl, (k, { fd, cmd }) =>
  doFcntl(k, fd, cmd, k.word("arg").lo),
);

/** `fcntl64`. */
export const fcntl64: Implementation = implement(fcntl64Decl, (k, { fd, cmd }) =>
  doFcntl(k, fd, cmd, k.word("arg").lo),
);

/** @param low the argument as a 32-bit word, which is what most commands look at */
function doFcntl(k: FcntlCall, fd: number, cmd: number, low: number): Result {
  const { files } = k.task;
  const file = fdget(k.task, fd);
  if (file === null) return k.fail("bad-fd");
  if (!k.profile.files.fcntl.includes(cmd)) return k.fail("unknown-command");
  switch (cmd) {
    case F.DUPFD:
    case F.DUPFD_CLOEXEC:
      return dupFrom(k, file, low, cmd === F.DUPFD_CLOEXEC);
    case F.DUPFD_QUERY: {
      const other = fdget(k.task, low);
      return other === null ? k.fail("other-fd-bad") : Number(other === file);
    }
    case F.CREATED_QUERY:
      return 0;
    case F.GETFD:
      return files.getCloseOnExec(fd >>> 0) ? FD_CLOEXEC : 0;
    case F.SETFD:
      files.setCloseOnExec(fd >>> 0, (low & FD_CLOEXEC) !== 0);
      return 0;
    case F.GETFL:
      return openFlagsTo(k.path.kernel, file.flags);
    case F.SETFL:
      return setFlags(k, file, openFlagsFrom(k.path.kernel, low));
    default:
      return pipeSize(k, file, cmd === F.SETPIPE_SZ ? low : null);
  }
}

/** `f_dupfd`. */
function dupFrom(k: FcntlCall, file: OpenFile, from: number, closeOnExec: boolean): Result {
  const { task } = k;
  const limit = task.signal.rlimit(RLIMIT.NOFILE);
  if (from >= limit) return k.fail("above-limit");
  const fd = task.files.alloc(from, limit, closeOnExec);
  if (typeof fd === "string") return k.fail(fd === "EMFILE" ? "too-many-fds" : "no-memory");
  file.refs++;
  fdInstall(task, fd, file);
  return fd;
}

/** `setfl`. */
function setFlags(k: FcntlCall, file: OpenFile, flags: number): Result {
  const { cred } = k.task;
  const { op } = file;
  const noatime = (flags & O.NOATIME) !== 0 && (file.flags & O.NOATIME) === 0;
  if (noatime && (op.owner ?? 0) !== cred.fsuid && !capable(cred, CAP.FOWNER)) return k.fail("not-owner");
  if ((flags & O.DIRECT) !== 0 && op.direct !== true) return k.fail("no-direct-io");
  // Whoever can tell of what happens to it keeps the flag itself (fasync).
  const changes = op.async === true ? SETFL | O.ASYNC : SETFL;
  file.flags = (flags & changes) | (file.flags & ~changes);
  return 0;
}

/** `pipe_fcntl`. @param size null to ask for it */
function pipeSize(k: FcntlCall, file: OpenFile, size: number | null): Result {
  const pipe = pipeOf(file);
  if (pipe === null) return k.fail("not-a-pipe");
  if (size === null) return pipe.bytes;
  const outcome = resizePipe(k.machine, pipe, size, isPrivilegedOverPipes(k.task));
  return typeof outcome === "string" ? k.fail(outcome) : outcome;
}

/** `close_range`. Source: fs/file.c. */
export const close_range: Implementation = implement(closeRangeDecl, (k, { fd, max_fd, flags }) => {
  const { task, machine } = k;
  const known = k.profile.files.closeRangeCloexec ? UNSHARE | CLOEXEC : UNSHARE;
  if ((flags & ~known) !== 0) return k.fail("unknown-flag");
  if (fd > max_fd) return k.fail("range-backwards");
  if ((flags & UNSHARE) !== 0 && task.files.users > 1) {
    const own = task.files.copy();
    if (own === null) return k.fail("no-memory");
    task.files.users--;
    task.files = own;
  }
  for (const open of task.files.descriptors()) {
    if (open < fd || open > max_fd) continue;
    if ((flags & CLOEXEC) !== 0) task.files.setCloseOnExec(open, true);
    else {
      const file = task.files.take(open);
      if (file !== null) fput(machine, file);
    }
  }
  return 0;
});
