import { FLAG } from "../clone3-wish.ts";
import type { Child } from "./children.ts";
import { allow, demand, planOf, type WordDemand, type WordPlan, type WordWish } from "./words.ts";

const PIDFD = 3;
/** Who may look into any process, and enter none of its namespaces. */
const LOOKER: WordWish["caps"] = ["CAP_SYS_PTRACE", "CAP_SETUID"];
const ONE_TARGET = "a call has one target";
const TARGETS = {
  own: ["pidfd", "stranger", "zombie-stranger", "above", "above-capable"],
  foreign: ["in-user-namespace", "stranger-in-user-namespace"],
  inaccessible: ["stranger", "stranger-in-user-namespace", "zombie-stranger", "above-capable"],
} as const satisfies Record<string, readonly Child[]>;
/** Whose it is does not matter where the caller is at fault; alone it is one that would do. */
const ANY: readonly Child[] = [...TARGETS.foreign, "pidfd", "gone", "zombie", "stranger", "zombie-stranger"];

const incapable = (rung: string, what: string, on: bigint): WordDemand =>
  demand(rung, what, { on, allow: { caps: ["none", LOOKER] } });

/** setns on a pidfd, namespaces in the order they are entered. */
export const SETNS_PLAN: WordPlan = planOf({
  call: "setns",
  args: [PIDFD, 0],
  flags: "a1",
  child: "pidfd",
  preludes: ["thread", "shared-memory", "shared-fs"],
  demands: [
    demand("not-open", "descriptor 99", { allow: allow("a0", 99) }),
    demand("not-a-namespace", "/dev/null", { allow: allow("a0", 0) }),
    demand("unknown-flag", "CLONE_VM", { on: FLAG.VM }),
    demand("task-gone", "of one that was waited for", { allow: { child: ["gone"] } }),
    demand("not-accessible", "of another user", {
      allow: { child: TARGETS.inaccessible, caps: ["none"] },
    }),
    demand("task-gone", "of a zombie", {
      rule: "task-gone-zombie",
      allow: { child: ["zombie", "zombie-stranger"] },
    }),
    demand("user-own", "of the same user namespace", { on: FLAG.NEWUSER, allow: { child: TARGETS.own } }),
    demand("user-thread", "by one of two threads", {
      on: FLAG.NEWUSER,
      allow: { child: ANY },
      preludes: ["thread"],
    }),
    demand("user-shared-fs", "by one that shares its file-system information", {
      on: FLAG.NEWUSER,
      allow: { child: ANY },
      preludes: ["shared-fs"],
    }),
    demand("user-not-capable", "of a stranger's user namespace", {
      on: FLAG.NEWUSER,
      allow: { child: ["stranger-in-user-namespace"], caps: [LOOKER, "none"] },
    }),
    incapable("mnt-not-capable", "CLONE_NEWNS without CAP_SYS_ADMIN", FLAG.NEWNS),
    demand("mnt-shared-fs", "CLONE_NEWNS by one that shares its file-system information", {
      on: FLAG.NEWNS,
      preludes: ["shared-fs"],
    }),
    incapable("not-capable", "CLONE_NEWUTS without CAP_SYS_ADMIN", FLAG.NEWUTS),
    incapable("pid-not-capable", "CLONE_NEWPID without CAP_SYS_ADMIN", FLAG.NEWPID),
    demand("pid-not-below", "the pid namespace above", {
      on: FLAG.NEWPID,
      allow: { child: ["above", "above-capable"] },
    }),
    incapable("late-not-capable", "CLONE_NEWNET without CAP_SYS_ADMIN", FLAG.NEWNET),
    demand("time-shared-vm", "CLONE_NEWTIME of memory that is shared", {
      on: FLAG.NEWTIME,
      preludes: ["shared-memory"],
    }),
    incapable("time-not-capable", "CLONE_NEWTIME without CAP_SYS_ADMIN", FLAG.NEWTIME),
  ],
  clash: { a0: "a call has one descriptor", child: ONE_TARGET, caps: "it takes CAP_SYS_PTRACE, or lacks it" },
  apart: [
    {
      rungs: ["pid-not-below"],
      with: ["late-not-capable", "time-not-capable"],
      because: "who lacks CAP_SYS_ADMIN for these lacks it for the pid namespace",
    },
    {
      rungs: ["mnt-shared-fs"],
      with: [
        "unknown-flag",
        "user-own",
        "user-thread",
        "user-shared-fs",
        "user-not-capable",
        "not-capable",
        "pid-not-capable",
        "pid-not-below",
        "late-not-capable",
        "time-shared-vm",
        "time-not-capable",
      ],
      because: "with another flag beside it the caller gets file-system information of its own",
    },
  ],
  settle: (wish) => (wish.flags === 0n ? { ...wish, flags: FLAG.NEWUTS } : wish),
});
