import * as decls from "../../abi/calls/group.ts";
import * as decls16 from "../../abi/calls/user16.ts";
import { type Call, type Implementation, implement, type Rungs } from "../call.ts";
import { CAP } from "../capability.ts";
import type { Result } from "../outcome.ts";
import { commitCreds } from "../task/commit-creds.ts";
import { nsCapable } from "../task/ns-capable.ts";
import { kernelId, NO_ID, userId } from "../task/uid-map.ts";
import { putIds } from "./id-out.ts";
import { high, low } from "./id16.ts";

type SetgidCall = Call<Rungs<typeof decls.setgid>>;
type SetresgidCall = Call<Rungs<typeof decls.setresgid>>;

const getId = (k: Call, id: number): number => userId(k.task.cred.userNs, id);

/** `getgid`. */
export const getgid: Implementation = implement(decls.getgid, (k) => getId(k, k.task.cred.gid));
/** `getegid`. */
export const getegid: Implementation = implement(decls.getegid, (k) => getId(k, k.task.cred.egid));
/** `getgid` of 16 bits. */
export const getgid16: Implementation = implement(decls16.getgid16, (k) => low(getId(k, k.task.cred.gid)));
/** `getegid` of 16 bits. */
export const getegid16: Implementation = implement(decls16.getegid16, (k) => low(getId(k, k.task.cred.egid)));

/** `setgid`. */
export const setgid: Implementation = implement(decls.setgid, (k, { gid }) => doSetgid(k, gid));
/** `setgid` of 16 bits. */
export const setgid16: Implementation = implement(decls16.setgid16, (k, { gid }) => doSetgid(k, high(gid)));

/** `setregid`. */
export const setregid: Implementation = implement(decls.setregid, (k, { rgid, egid }) =>
  doSetregid(k, rgid, egid),
);
/** `setregid` of 16 bits. */
export const setregid16: Implementation = implement(decls16.setregid16, (k, { rgid, egid }) =>
  doSetregid(k, high(rgid), high(egid)),
);

/** `setresgid`. */
export const setresgid: Implementation = implement(decls.setresgid, (k, { rgid, egid, sgid }) =>
  doSetresgid(k, rgid, egid, sgid),
);
/** `setresgid` of 16 bits. */
export const setresgid16: Implementation = implement(decls16.setresgid16, (k, { rgid, egid, sgid }) =>
  doSetresgid(k, high(rgid), high(egid), high(sgid)),
);

/** `getresgid`. */
export const getresgid: Implementation = implement(decls.getresgid, (k, { rgidp, egidp, sgidp }) => {
  const { gid, egid, sgid } = k.task.cred;
  return putIds(k, 4, [rgidp, egidp, sgidp], [gid, egid, sgid]);
});
/** `getresgid` of 16 bits. */
export const getresgid16: Implementation = implement(decls16.getresgid16, (k, { rgidp, egidp, sgidp }) => {
  const { gid, egid, sgid } = k.task.cred;
  return putIds(k, 2, [rgidp, egidp, sgidp], [gid, egid, sgid]);
});

/** `setfsgid`. */
export const setfsgid: Implementation = implement(decls.setfsgid, (k, { gid }) => doSetfsgid(k, gid));
/** `setfsgid` of 16 bits. */
export const setfsgid16: Implementation = implement(decls16.setfsgid16, (k, { gid }) =>
  doSetfsgid(k, high(gid)),
);

const able = ({ task: { cred } }: Call): boolean => nsCapable(cred, cred.userNs, CAP.SETGID);

/** Source: kernel/sys.c __sys_setgid. */
function doSetgid(k: SetgidCall, id: number): Result {
  const old = k.task.cred;
  const gid = kernelId(old.userNs, id);
  if (gid === null) return k.fail("no-such-group");
  if (!k.allocate("cred")) return k.fail("no-memory");
  if (able(k)) commitCreds(k.task, { ...old, gid, egid: gid, sgid: gid, fsgid: gid });
  else if (gid === old.gid || gid === old.sgid) commitCreds(k.task, { ...old, egid: gid, fsgid: gid });
  else return k.fail("not-permitted");
  return 0;
}

/** Source: kernel/sys.c __sys_setregid. */
function doSetregid(k: SetgidCall, rgid: number, egid: number): Result {
  const old = k.task.cred;
  const krgid = kernelId(old.userNs, rgid);
  const kegid = kernelId(old.userNs, egid);
  if ((rgid !== NO_ID && krgid === null) || (egid !== NO_ID && kegid === null))
    return k.fail("no-such-group");
  if (!k.allocate("cred")) return k.fail("no-memory");
  const cred = { ...old };
  if (rgid !== NO_ID && krgid !== null) {
    if (krgid !== old.gid && krgid !== old.egid && !able(k)) return k.fail("not-permitted");
    cred.gid = krgid;
  }
  if (egid !== NO_ID && kegid !== null) {
    const own = kegid === old.gid || kegid === old.egid || kegid === old.sgid;
    if (!own && !able(k)) return k.fail("not-permitted");
    cred.egid = kegid;
  }
  if (rgid !== NO_ID || (egid !== NO_ID && kegid !== old.gid)) cred.sgid = cred.egid;
  cred.fsgid = cred.egid;
  commitCreds(k.task, cred);
  return 0;
}

/** Source: kernel/sys.c __sys_setresgid. */
function doSetresgid(k: SetresgidCall, rgid: number, egid: number, sgid: number): Result {
  const old = k.task.cred;
  const asked = [rgid, egid, sgid].map((id) => (id === NO_ID ? NO_ID : kernelId(old.userNs, id)));
  if (asked.includes(null)) return k.fail("no-such-group");
  const [krgid, kegid, ksgid] = asked as [number, number, number];
  const same = (id: number, ...all: number[]): boolean => id === NO_ID || all.every((own) => own === id);
  if (
    k.profile.processes.setresLooksFirst &&
    same(krgid, old.gid) &&
    same(kegid, old.egid, old.fsgid) &&
    same(ksgid, old.sgid)
  )
    return 0;
  const own = [NO_ID, old.gid, old.egid, old.sgid];
  const strange = [krgid, kegid, ksgid].some((id) => !own.includes(id));
  if (strange && !able(k)) return k.fail("not-permitted");
  if (!k.allocate("cred")) return k.fail("no-memory");
  const or = (id: number, otherwise: number): number => (id === NO_ID ? otherwise : id);
  const effective = or(kegid, old.egid);
  commitCreds(k.task, {
    ...old,
    gid: or(krgid, old.gid),
    egid: effective,
    sgid: or(ksgid, old.sgid),
    fsgid: effective,
  });
  return 0;
}

/** Source: kernel/sys.c __sys_setfsgid. */
function doSetfsgid(k: Call, id: number): Result {
  const { task } = k;
  const old = task.cred;
  const answer = userId(old.userNs, old.fsgid);
  const fsgid = kernelId(old.userNs, id);
  if (fsgid === null || !k.allocate("cred")) return answer;
  const own = [old.gid, old.egid, old.sgid, old.fsgid].includes(fsgid);
  if ((own || able(k)) && fsgid !== old.fsgid) commitCreds(task, { ...old, fsgid });
  return answer;
}
