import { getgroups as getgroupsDecl, setgroups as setgroupsDecl } from "../../abi/calls/group.ts";
import { getgroups16 as getgroups16Decl, setgroups16 as setgroups16Decl } from "../../abi/calls/user16.ts";
import { userPtr } from "../../abi/pointer.ts";
import { type Call, type Implementation, implement, type Rungs } from "../call.ts";
import { CAP } from "../capability.ts";
import type { Result } from "../outcome.ts";
import { commitCreds } from "../task/commit-creds.ts";
import type { UserNamespace } from "../task/credentials.ts";
import { nsCapable } from "../task/ns-capable.ts";
import { kernelId, userId } from "../task/uid-map.ts";
import { high, low } from "./id16.ts";

const NGROUPS_MAX = 65_536;

/** `getgroups`. Source: kernel/groups.c. */
export const getgroups: Implementation = implement(getgroupsDecl, (k, { gidsetsize, grouplist }) =>
  tellGroups(k, gidsetsize, grouplist, 4),
);

/** `getgroups` of 16 bits. Source: kernel/uid16.c. */
export const getgroups16: Implementation = implement(getgroups16Decl, (k, { gidsetsize, grouplist }) =>
  tellGroups(k, gidsetsize, grouplist, 2),
);

function tellGroups(k: Call<Rungs<typeof getgroupsDecl>>, size: number, list: number, bytes: 2 | 4): Result {
  if (size < 0) return k.fail("size-negative");
  const { groups, userNs } = k.task.cred;
  if (size === 0) return groups.length;
  if (groups.length > size) return k.fail("size-too-small");
  for (const [i, group] of groups.entries()) {
    const gid = userId(userNs, group);
    if (!k.uaccess.putUser(userPtr<"gid_t", "out">(list + i * bytes), bytes, bytes === 2 ? low(gid) : gid))
      return k.fail("list-unwritable");
  }
  return groups.length;
}

/** `setgroups`. Source: kernel/groups.c. */
export const setgroups: Implementation = implement(setgroupsDecl, (k, { gidsetsize, grouplist }) =>
  takeGroups(k, gidsetsize, grouplist, 4),
);

/** `setgroups` of 16 bits. Source: kernel/uid16.c. */
export const setgroups16: Implementation = implement(setgroups16Decl, (k, { gidsetsize, grouplist }) =>
  takeGroups(k, gidsetsize, grouplist, 2),
);

function takeGroups(k: Call<Rungs<typeof setgroupsDecl>>, size: number, list: number, bytes: 2 | 4): Result {
  const old = k.task.cred;
  if (!nsCapable(old, old.userNs, CAP.SETGID) || !mayHaveGroups(old.userNs)) return k.fail("not-permitted");
  if (size < 0 || size > NGROUPS_MAX) return k.fail("size");
  if (!k.allocate("group_info")) return k.fail("no-memory");
  const groups: number[] = [];
  for (let i = 0; i < size; i++) {
    if (!k.uaccess.getUser(userPtr<"gid_t", "in">(list + i * bytes), bytes)) return k.fail("list-unreadable");
    const gid = kernelId(old.userNs, bytes === 2 ? high(k.uaccess.lo) : k.uaccess.lo);
    if (gid === null) return k.fail("no-such-group");
    groups.push(gid);
  }
  if (!k.allocate("cred")) return k.fail("no-memory");
  commitCreds(k.task, { ...old, groups: groups.sort((a, b) => a - b) });
  return 0;
}

/** A user namespace without a map of groups has none to give (userns_may_setgroups). */
function mayHaveGroups(ns: UserNamespace): boolean {
  return ns.mapped || !ns.rules.capabilities;
}
