import { FLAG } from "../clone3-wish.ts";
import { MINUS_1 } from "../families/setting.ts";
import { allow, demand, planOf, type WordPlan } from "./words.ts";

const ONE_NUMBER = "a call has one number of a task";

const SETPGID = planOf({
  call: "setpgid",
  args: [0, 0],
  preludes: ["session", "thread"],
  demands: [
    demand("pgid-negative", "group −1", { allow: allow("a1", MINUS_1) }),
    demand("no-task", "number 999", { allow: { a0: [999], child: ["none"] } }),
    demand("not-a-leader", "a thread", { allow: { a0: [2], child: ["none"] }, preludes: ["thread"] }),
    demand("other-session", "a child in a session of its own", { allow: { a0: [2], child: ["session"] } }),
    demand("not-own-child", "a child's child", {
      allow: { a0: [3], child: ["grandparent", "session-below"] },
    }),
    demand("session-leader", "a session's leader", {
      allow: { a0: [0, 2, 3], child: ["none", "session", "session-below"] },
      preludes: ["session"],
    }),
    demand("no-such-group", "group 999", { allow: allow("a1", 999) }),
  ],
  clash: { a0: ONE_NUMBER, a1: "a call has one number of a group", child: ONE_NUMBER },
  unobservable: { "child-has-execed": "no case executes another program" },
});

const SETSID = planOf({
  call: "setsid",
  args: [],
  preludes: ["session", "group"],
  demands: [
    demand("already-leader", "a session's leader", { preludes: ["session"] }),
    // Who leads a session leads its first group as well.
    demand("group-exists", "a group's leader", { preludes: ["group"] }),
  ],
});

const UNSHARE = planOf({
  call: "unshare",
  args: [0],
  flags: "a0",
  preludes: ["shared-memory", "new-pids", "unmapped"],
  demands: [
    demand("unknown-flag", "CLONE_PARENT", { on: FLAG.PARENT }),
    demand("shared-with-threads", "CLONE_VM of memory that is shared", {
      on: FLAG.VM,
      preludes: ["shared-memory"],
    }),
    demand("user-namespace-unmapped", "CLONE_NEWUSER of who has no name", {
      on: FLAG.NEWUSER,
      preludes: ["unmapped"],
    }),
    demand("not-capable", "CLONE_NEWIPC without CAP_SYS_ADMIN", {
      on: FLAG.NEWIPC,
      off: FLAG.NEWUSER,
      allow: { caps: ["none"] },
    }),
    demand("newpid-again", "CLONE_NEWPID twice", {
      on: FLAG.NEWPID,
      allow: { nsLevel: [1] },
      preludes: ["new-pids"],
    }),
    demand("pid-namespace-too-deep", "CLONE_NEWPID on level 32", {
      on: FLAG.NEWPID,
      allow: { nsLevel: [32] },
    }),
  ],
  clash: { nsLevel: "where a namespace would be too deep, none can be unshared first" },
  unobservable: {
    "user-namespace-too-deep": "each level takes an id map, which is written to /proc",
    "user-namespace-chrooted": "it takes chroot, and so a file system",
    "newpid-foreign": "it takes a task born in a pid namespace of another user namespace, by setns",
  },
});

/** The plans of calls about groups, sessions and what a process leaves. */
export const PROCESS_PLANS: readonly WordPlan[] = [SETPGID, SETSID, UNSHARE];
