import {
  getrlimit as getrlimitDecl,
  old_getrlimit as oldGetrlimitDecl,
  prlimit64 as prlimit64Decl,
  setrlimit as setrlimitDecl,
} from "../../abi/calls/index.ts";
import type { Ladders } from "../../abi/ladders/index.ts";
import type { ReadPtr, WritePtr } from "../../abi/pointer.ts";
import { RLIMIT, rlimit, rlimit64 } from "../../abi/structs/index.ts";
import type { RungsOf } from "../../abi/syscall.ts";
import { getWord64, setWord64, type Word64 } from "../../abi/word64.ts";
import { type Call, type Implementation, implement, type Rungs } from "../call.ts";
import { CAP } from "../capability.ts";
import type { Result } from "../outcome.ts";
import type { Credentials } from "../task/credentials.ts";
import { NR_OPEN } from "../task/files-struct.ts";
import { capable, nsCapable } from "../task/ns-capable.ts";
import { limitOf, limitValue, type ResourceLimit, RLIM_INFINITY } from "../task/rlimits.ts";
import type { Task } from "../task/task.ts";
import { taskByVpid } from "./identity.ts";

type SetCall = Call<RungsOf<{ readonly ladder: readonly [{ readonly include: "do_prlimit" }] }, Ladders>>;
type GetCall = Call<Rungs<typeof getrlimitDecl>>;

const RESOURCES = Object.keys(RLIMIT).length;

/** `prlimit64`. Source: kernel/sys.c. */
export const prlimit64: Implementation = implement(
  prlimit64Decl,
  (k, { pid, resource, new_rlim, old_rlim }) => {
    let limit: ResourceLimit | null = null;
    if (new_rlim !== 0) {
      limit = readLimit(k, new_rlim, true);
      if (limit === null) return k.fail("limit-unreadable");
    }
    const target = taskByVpid(k, pid);
    if (target === null) return k.fail("no-task");
    if (!maySet(k.task, target)) return k.fail("not-permitted");
    const old = target.signal.rlimits[resource];
    const result = setLimit(k, target, resource, limit);
    if (result !== 0 || old === undefined || old_rlim === 0) return result;
    const layout = k.layout(rlimit64);
    const at = k.kstack(layout.size);
    const { littleEndian } = k.path.model;
    setWord64(k.view, at, old.soft, littleEndian);
    setWord64(k.view, at + 8, old.hard, littleEndian);
    return k.uaccess.copyToUser(old_rlim, at, layout.size) === 0 ? 0 : k.fail("limit-unwritable");
  },
);

/** `setrlimit`. */
export const setrlimit: Implementation = implement(setrlimitDecl, (k, { resource, rlim }) => {
  if (k.profile.rlimits.resourceFirst && resource >= RESOURCES) return k.fail("resource-unknown-first");
  const limit = readLimit(k, rlim, false);
  return limit === null ? k.fail("limit-unreadable") : setLimit(k, k.task, resource, limit);
});

/** `getrlimit`. */
export const getrlimit: Implementation = implement(getrlimitDecl, (k, { resource, rlim }) =>
  getLimit(k, resource, rlim, 0xffffffff),
);

/** `old_getrlimit`. */
export const old_getrlimit: Implementation = implement(oldGetrlimitDecl, (k, { resource, rlim }) =>
  getLimit(k, resource, rlim, 0x7fffffff),
);

/** Whether a task may look at and change the limits of another (`check_prlimit_permission`). */
function maySet(task: Task, target: Task): boolean {
  const { cred } = task;
  return (
    task === target || sameUser(cred, target.cred) || nsCapable(cred, target.cred.userNs, CAP.SYS_RESOURCE)
  );
}

function sameUser(cred: Credentials, other: Credentials): boolean {
  const uids = [other.uid, other.euid, other.suid];
  const gids = [other.gid, other.egid, other.sgid];
  return uids.every((uid) => uid === cred.uid) && gids.every((gid) => gid === cred.gid);
}

/** `do_prlimit`: null leaves the limit as it is. */
function setLimit(k: SetCall, target: Task, resource: number, limit: ResourceLimit | null): Result {
  const old = target.signal.rlimits[resource];
  if (old === undefined) return k.fail("resource-unknown");
  if (limit === null) return 0;
  if (isAbove(limit.soft, limit.hard)) return k.fail("soft-above-hard");
  const aboveNrOpen = resource === RLIMIT.NOFILE && limitValue(limit.hard) > NR_OPEN;
  const { resourceFirst, zeroCpuIsOne } = k.profile.rlimits;
  // Until 2.6.35 the capability was looked at first.
  if (aboveNrOpen && !resourceFirst) return k.fail("above-nr-open");
  if (isAbove(limit.hard, old.hard) && !capable(k.task.cred, CAP.SYS_RESOURCE)) return k.fail("raises-hard");
  if (aboveNrOpen) return k.fail("above-nr-open");
  const oneSecond = zeroCpuIsOne && resource === RLIMIT.CPU && limitValue(limit.soft) === 0;
  target.signal.setRlimit(resource, oneSecond ? { ...limit, soft: limitOf(1).soft } : limit);
  if (resource === RLIMIT.STACK && target.mm !== null) target.mm.stackLimit = limitValue(limit.soft);
  return 0;
}

function isAbove(a: Word64, b: Word64): boolean {
  return a.hi !== b.hi ? a.hi > b.hi : a.lo > b.lo;
}

/** A limit from user memory; null when it cannot be read. */
function readLimit(k: Call, from: ReadPtr, wide: boolean): ResourceLimit | null {
  const layout = k.layout(wide ? rlimit64 : rlimit);
  const at = k.kstack(layout.size);
  if (k.uaccess.copyFromUser(at, from, layout.size) !== 0) return null;
  const { littleEndian } = k.path.model;
  const word = (offset: number): Word64 => {
    if (layout.size === 16) return getWord64(k.view, at + offset, littleEndian);
    const lo = k.view.getUint32(at + offset, littleEndian);
    return lo === 0xffffffff ? RLIM_INFINITY : { lo, hi: 0 };
  };
  const soft = word(0);
  return { soft, hard: word(layout.size / 2) };
}

/** @param most what a 32-bit caller is told of everything above it */
function getLimit(k: GetCall, resource: number, to: WritePtr, most: number): Result {
  const limit = k.task.signal.rlimits[resource];
  if (limit === undefined) return k.fail("resource-unknown");
  const layout = k.layout(rlimit);
  const at = k.kstack(layout.size);
  const { littleEndian } = k.path.model;
  for (const [i, word] of [limit.soft, limit.hard].entries()) {
    if (layout.size === 16) setWord64(k.view, at + i * 8, word, littleEndian);
    else k.view.setUint32(at + i * 4, word.hi !== 0 ? most : Math.min(word.lo, most), littleEndian);
  }
  return k.uaccess.copyToUser(to, at, layout.size) === 0 ? 0 : k.fail("limit-unwritable");
}
