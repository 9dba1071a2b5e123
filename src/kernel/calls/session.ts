import { setpgid as setpgidDecl, setsid as setsidDecl } from "../../abi/calls/index.ts";
import { type Implementation, implement } from "../call.ts";
import type { Pid } from "../pid/pid.ts";
import type { Task } from "../task/task.ts";
import { taskByVpid } from "./identity.ts";

/** `setpgid`. Source: kernel/sys.c. */
export const setpgid: Implementation = implement(setpgidDecl, (k, { pid, pgid }) => {
  const leader = k.task.groupLeader;
  const ns = k.task.pidNs;
  const target = pid === 0 ? leader.nrIn(ns) : pid;
  const group = pgid === 0 ? target : pgid;
  if (group < 0) return k.fail("pgid-negative");
  const p = taskByVpid(k, target);
  if (p === null) return k.fail("no-task");
  if (!p.isGroupLeader) return k.fail("not-a-leader");
  if (p.realParent.groupLeader === leader) {
    if (p.signal.session !== leader.signal.session) return k.fail("other-session");
    if (p.didExec) return k.fail("child-has-execed");
  } else if (p !== leader) {
    return k.fail("not-own-child");
  }
  if (p.signal.sessionLeader) return k.fail("session-leader");
  let pgrp: Pid = p.pid;
  if (group !== target) {
    const found = ns.find(group);
    const member = found?.task("pgid") as Task | null | undefined;
    if (found === undefined || !member || member.signal.session !== leader.signal.session) {
      return k.fail("no-such-group");
    }
    pgrp = found;
  }
  p.signal.changePgrp(p, pgrp);
  return 0;
});

/** `setsid`: returns the new session's number in the caller's namespace. Source: kernel/sys.c. */
export const setsid: Implementation = implement(setsidDecl, (k) => {
  const leader = k.task.groupLeader;
  const sid = leader.pid;
  if (leader.signal.sessionLeader) return k.fail("already-leader");
  if (sid.task("pgid") !== null) return k.fail("group-exists");
  leader.signal.sessionLeader = true;
  leader.signal.changeSession(leader, sid);
  leader.signal.changePgrp(leader, sid);
  return sid.nrIn(k.task.pidNs);
});
