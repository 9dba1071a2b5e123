import * as decls from "../../abi/calls/user.ts";
import * as decls16 from "../../abi/calls/user16.ts";
import { RLIMIT } from "../../abi/structs/index.ts";
import { type Call, type Implementation, implement, type Rungs } from "../call.ts";
import { CAP } from "../capability.ts";
import type { Result } from "../outcome.ts";
import { commitCreds } from "../task/commit-creds.ts";
import type { Credentials } from "../task/credentials.ts";
import { nsCapable } from "../task/ns-capable.ts";
import { fixupSetfsuid, fixupSetuid } from "../task/setuid-fixup.ts";
import { kernelId, NO_ID, userId } from "../task/uid-map.ts";
import { putIds } from "./id-out.ts";
import { high, low } from "./id16.ts";

type SetuidCall = Call<Rungs<typeof decls.setuid>>;
type SetresuidCall = Call<Rungs<typeof decls.setresuid>>;

const getId = (k: Call, id: number): number => userId(k.task.cred.userNs, id);

/** `getuid`. */
export const getuid: Implementation = implement(decls.getuid, (k) => getId(k, k.task.cred.uid));
/** `geteuid`. */
export const geteuid: Implementation = implement(decls.geteuid, (k) => getId(k, k.task.cred.euid));
/** `getuid` of 16 bits. */
export const getuid16: Implementation = implement(decls16.getuid16, (k) => low(getId(k, k.task.cred.uid)));
/** `geteuid` of 16 bits. */
export const geteuid16: Implementation = implement(decls16.geteuid16, (k) => low(getId(k, k.task.cred.euid)));

/** `setuid`. */
export const setuid: Implementation = implement(decls.setuid, (k, { uid }) => doSetuid(k, uid));
/** `setuid` of 16 bits. */
export const setuid16: Implementation = implement(decls16.setuid16, (k, { uid }) => doSetuid(k, high(uid)));

/** `setreuid`. */
export const setreuid: Implementation = implement(decls.setreuid, (k, { ruid, euid }) =>
  doSetreuid(k, ruid, euid),
);
/** `setreuid` of 16 bits. */
export const setreuid16: Implementation = implement(decls16.setreuid16, (k, { ruid, euid }) =>
  doSetreuid(k, high(ruid), high(euid)),
);

/** `setresuid`. */
export const setresuid: Implementation = implement(decls.setresuid, (k, { ruid, euid, suid }) =>
  doSetresuid(k, ruid, euid, suid),
);
/** `setresuid` of 16 bits. */
export const setresuid16: Implementation = implement(decls16.setresuid16, (k, { ruid, euid, suid }) =>
  doSetresuid(k, high(ruid), high(euid), high(suid)),
);

/** `getresuid`. */
export const getresuid: Implementation = implement(decls.getresuid, (k, { ruidp, euidp, suidp }) => {
  const { uid, euid, suid } = k.task.cred;
  return putIds(k, 4, [ruidp, euidp, suidp], [uid, euid, suid]);
});
/** `getresuid` of 16 bits. */
export const getresuid16: Implementation = implement(decls16.getresuid16, (k, { ruidp, euidp, suidp }) => {
  const { uid, euid, suid } = k.task.cred;
  return putIds(k, 2, [ruidp, euidp, suidp], [uid, euid, suid]);
});

/** `setfsuid`. */
export const setfsuid: Implementation = implement(decls.setfsuid, (k, { uid }) => doSetfsuid(k, uid));
/** `setfsuid` of 16 bits. */
export const setfsuid16: Implementation = implement(decls16.setfsuid16, (k, { uid }) =>
  doSetfsuid(k, high(uid)),
);

/** Source: kernel/sys.c __sys_setuid. */
function doSetuid(k: SetuidCall, id: number): Result {
  const old = k.task.cred;
  const uid = kernelId(old.userNs, id);
  if (uid === null) return k.fail("no-such-user");
  if (!k.allocate("cred")) return k.fail("no-memory");
  if (nsCapable(old, old.userNs, CAP.SETUID))
    return change(k, { ...old, uid, suid: uid, euid: uid, fsuid: uid });
  if (uid !== old.uid && uid !== old.suid) return k.fail("not-permitted");
  return change(k, { ...old, euid: uid, fsuid: uid });
}

/** Source: kernel/sys.c __sys_setreuid. */
function doSetreuid(k: SetuidCall, ruid: number, euid: number): Result {
  const old = k.task.cred;
  const kruid = kernelId(old.userNs, ruid);
  const keuid = kernelId(old.userNs, euid);
  if ((ruid !== NO_ID && kruid === null) || (euid !== NO_ID && keuid === null)) return k.fail("no-such-user");
  if (!k.allocate("cred")) return k.fail("no-memory");
  const able = (): boolean => nsCapable(old, old.userNs, CAP.SETUID);
  const cred = { ...old };
  if (ruid !== NO_ID && kruid !== null) {
    cred.uid = kruid;
    if (kruid !== old.uid && kruid !== old.euid && !able()) return k.fail("not-permitted");
  }
  if (euid !== NO_ID && keuid !== null) {
    cred.euid = keuid;
    const own = keuid === old.uid || keuid === old.euid || keuid === old.suid;
    if (!own && !able()) return k.fail("not-permitted");
  }
  if (ruid !== NO_ID || (euid !== NO_ID && keuid !== old.uid)) cred.suid = cred.euid;
  cred.fsuid = cred.euid;
  return change(k, cred);
}

/** Source: kernel/sys.c __sys_setresuid. */
function doSetresuid(k: SetresuidCall, ruid: number, euid: number, suid: number): Result {
  const old = k.task.cred;
  const asked = [ruid, euid, suid].map((id) => (id === NO_ID ? NO_ID : kernelId(old.userNs, id)));
  if (asked.includes(null)) return k.fail("no-such-user");
  const [kruid, keuid, ksuid] = asked as [number, number, number];
  const same = (id: number, ...all: number[]): boolean => id === NO_ID || all.every((own) => own === id);
  if (
    k.profile.processes.setresLooksFirst &&
    same(kruid, old.uid) &&
    same(keuid, old.euid, old.fsuid) &&
    same(ksuid, old.suid)
  )
    return 0;
  const own = [NO_ID, old.uid, old.euid, old.suid];
  const strange = [kruid, keuid, ksuid].some((id) => !own.includes(id));
  if (strange && !nsCapable(old, old.userNs, CAP.SETUID)) return k.fail("not-permitted");
  if (!k.allocate("cred")) return k.fail("no-memory");
  const or = (id: number, otherwise: number): number => (id === NO_ID ? otherwise : id);
  const effective = or(keuid, old.euid);
  return change(k, {
    ...old,
    uid: or(kruid, old.uid),
    euid: effective,
    suid: or(ksuid, old.suid),
    fsuid: effective,
  });
}

/** What every one of them ends with: the account of the real user, and what capabilities are left. */
function change(k: SetuidCall, cred: Credentials): Result {
  const { task } = k;
  const old = task.cred;
  let { user } = old;
  if (cred.uid !== old.uid) {
    user = old.userNs.account(cred.uid);
    const full = user.isFull(task.signal.rlimit(RLIMIT.NPROC), 0) && !user.isInitUser;
    if (full && k.profile.processes.setuserChecksNproc) return k.fail("too-many-processes");
  }
  commitCreds(task, fixupSetuid({ ...cred, user }, old));
  return 0;
}

/** Source: kernel/sys.c __sys_setfsuid. */
function doSetfsuid(k: Call, id: number): Result {
  const { task } = k;
  const old = task.cred;
  const answer = userId(old.userNs, old.fsuid);
  const fsuid = kernelId(old.userNs, id);
  if (fsuid === null || !k.allocate("cred")) return answer;
  const own = [old.uid, old.euid, old.suid, old.fsuid].includes(fsuid);
  if ((own || nsCapable(old, old.userNs, CAP.SETUID)) && fsuid !== old.fsuid)
    commitCreds(task, fixupSetfsuid({ ...old, fsuid }, old));
  return answer;
}
