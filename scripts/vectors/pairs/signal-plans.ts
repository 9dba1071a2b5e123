import { hex } from "../draft.ts";
import { MINUS_1, READ_ONLY } from "../families/setting.ts";
import { ACTION, at, HEADERS, HOLE_AT, MASK, OUT, SECOND, SETS } from "./memory.ts";
import { allow, demand, type Key, planOf, type WordDemand, type WordPlan } from "./words.ts";

const ONE_NUMBER = "a call has one number of a task";
const ONE_HEADER = "a call has one header";
const ONE_SET = "what is in sets that cannot be read is nobody's fault";

const WAIT4 = planOf({
  call: "wait4",
  args: [MINUS_1, OUT, 0, 0],
  child: "exited",
  demands: [
    demand("options", "WNOWAIT is waitid's", { allow: allow("a2", "0x1000000") }),
    demand("int-min", "INT_MIN", { allow: allow("a0", "0x80000000") }),
    demand("no-child", "no child", { allow: { child: ["none"] } }),
    demand("status-unwritable", "status in a hole", { allow: { a1: [HOLE_AT], child: ["exited"] } }),
    demand("rusage-unwritable", "rusage in a hole", { allow: { a3: [HOLE_AT], child: ["exited"] } }),
  ],
  clash: { child: "only a child that has exited has a status" },
});

const WAITPID = planOf({
  call: "waitpid",
  args: [MINUS_1, OUT, 0],
  child: "exited",
  demands: [
    demand("options", "WNOWAIT is waitid's", { allow: allow("a2", "0x1000000") }),
    demand("int-min", "INT_MIN", { allow: allow("a0", "0x80000000") }),
    demand("no-child", "no child", { allow: { child: ["none"] } }),
    demand("status-unwritable", "status in a hole", { allow: { a1: [HOLE_AT], child: ["exited"] } }),
  ],
  clash: { child: "only a child that has exited has a status" },
});

const WAITID = planOf({
  call: "waitid",
  args: [0, 0, OUT, 4, 0],
  child: "exited",
  demands: [
    demand("failure-unwritable", "siginfo of a failure in a hole", {
      allow: { a2: [HOLE_AT], child: ["none", "pidfd"] },
    }),
    demand("options", "an option nobody has", {
      allow: { a3: [0x14, 0x10], child: ["none", "pidfd", "exited"] },
    }),
    demand("no-option", "nothing to wait for", {
      allow: { a3: [0, 0x10], child: ["none", "pidfd", "exited"] },
    }),
    demand("type", "type 9", { allow: { a0: [9], child: ["none", "pidfd", "exited"] } }),
    demand("id", "P_PID of −1", { allow: { a0: [1], a1: [MINUS_1], child: ["none", "pidfd", "exited"] } }),
    demand("not-a-pidfd", "descriptor 99", {
      allow: { a0: [3], a1: [99], child: ["none", "pidfd", "exited"] },
    }),
    demand("no-child", "no child", { allow: { child: ["none"] } }),
    demand("nonblocking", "a pidfd that does not block", { allow: { a0: [3], a1: [3], child: ["pidfd"] } }),
    demand("rusage-unwritable", "rusage in a hole", { allow: { a4: [HOLE_AT], child: ["exited"] } }),
    demand("info-unwritable", "siginfo in a hole", { allow: { a2: [HOLE_AT], child: ["exited"] } }),
  ],
  clash: {
    a0: "a call has one type",
    a1: ONE_NUMBER,
    a3: "options are none, or there are some",
    child: "a call that finds a child has not failed",
  },
  apart: [
    {
      rungs: ["info-unwritable"],
      with: ["options", "no-option", "type", "id", "not-a-pidfd"],
      because: "the siginfo of a failure is failure-unwritable's",
    },
  ],
});

const RT_SIGACTION = planOf({
  call: "rt_sigaction",
  args: [10, at(ACTION), OUT, 8],
  demands: [
    demand("sigsetsize", "a mask of 4 bytes", { allow: allow("a3", 4) }),
    demand("action-unreadable", "action in a hole", { allow: allow("a1", HOLE_AT) }),
    demand("signal-number", "signal 65", { allow: allow("a0", 65) }),
    demand("old-unwritable", "old action in a hole", { allow: allow("a2", HOLE_AT) }),
  ],
});

const SIGACTION = planOf({
  call: "sigaction",
  args: [10, at(ACTION), OUT],
  demands: [
    demand("action-unreadable", "action in a hole", { allow: allow("a1", HOLE_AT) }),
    demand("signal-number", "signal 65", { allow: allow("a0", 65) }),
    demand("old-unwritable", "old action in a hole", { allow: allow("a2", HOLE_AT) }),
  ],
});

const RT_SIGPROCMASK = planOf({
  call: "rt_sigprocmask",
  args: [0, at(MASK), OUT, 8],
  demands: [
    demand("sigsetsize", "a mask of 4 bytes", { allow: allow("a3", 4) }),
    demand("mask-unreadable", "mask in a hole", { allow: allow("a1", HOLE_AT) }),
    demand("how", "how 9", { allow: allow("a0", 9) }),
    demand("old-unwritable", "old mask in a hole", { allow: allow("a2", HOLE_AT) }),
  ],
});

const SIGPROCMASK = planOf({
  call: "sigprocmask",
  args: [0, at(MASK), OUT],
  demands: [
    demand("mask-unreadable", "mask in a hole", { allow: allow("a1", HOLE_AT) }),
    demand("how", "how 9", { allow: allow("a0", 9) }),
    demand("old-unwritable", "old mask in a hole", { allow: allow("a2", HOLE_AT) }),
  ],
});

const RT_SIGSUSPEND = planOf({
  call: "rt_sigsuspend",
  args: [at(MASK), 8],
  demands: [
    demand("sigsetsize", "a mask of 4 bytes", { allow: allow("a1", 4) }),
    demand("mask-unreadable", "mask in a hole", { allow: allow("a0", HOLE_AT) }),
  ],
});

const RT_SIGPENDING = planOf({
  call: "rt_sigpending",
  args: [OUT, 8],
  demands: [
    demand("sigsetsize", "a set of 9 bytes", { allow: allow("a1", 9) }),
    demand("set-unwritable", "set in a hole", { allow: allow("a0", HOLE_AT) }),
  ],
});

const CAPGET = planOf({
  call: "capget",
  caps: "none",
  args: [at(HEADERS.right), OUT],
  demands: [
    demand("version-unreadable", "header in a hole", { allow: allow("a0", HOLE_AT) }),
    demand("version-unwritable", "version 0xaaaaaaaa on a read-only page", {
      allow: allow("a0", hex(READ_ONLY)),
    }),
    demand("version", "version 0x123", {
      allow: allow("a0", at(HEADERS.strange), at(HEADERS.stranger), hex(SECOND + 4092)),
    }),
    demand("pid-unreadable", "pid in a hole", {
      allow: allow("a0", at(4092), hex(SECOND + 4092), hex(READ_ONLY + 4092)),
    }),
    demand("pid-negative", "pid −1", {
      allow: allow("a0", at(HEADERS.negative), at(HEADERS.strange), hex(READ_ONLY)),
    }),
    demand("no-task", "pid 999", { allow: allow("a0", at(HEADERS.nobody), at(HEADERS.stranger)) }),
    demand("data-unwritable", "data in a hole", { allow: allow("a1", HOLE_AT) }),
  ],
  clash: { a0: ONE_HEADER },
});

const CAPSET = planOf({
  call: "capset",
  caps: "none",
  args: [at(HEADERS.right), at(SETS.none)],
  demands: [
    demand("version-unreadable", "header in a hole", { allow: allow("a0", HOLE_AT) }),
    demand("version-unwritable", "version 0xaaaaaaaa on a read-only page", {
      allow: allow("a0", hex(READ_ONLY)),
    }),
    demand("version", "version 0x123", {
      allow: allow("a0", at(HEADERS.strange), at(HEADERS.stranger), hex(SECOND + 4092)),
    }),
    demand("pid-unreadable", "pid in a hole", {
      allow: allow("a0", at(4092), hex(SECOND + 4092), hex(READ_ONLY + 4092)),
    }),
    demand("other-task", "pid 999 or −1", {
      allow: allow("a0", at(HEADERS.nobody), at(HEADERS.stranger), at(HEADERS.strange), hex(READ_ONLY)),
    }),
    demand("data-unreadable", "data in a hole", { allow: allow("a1", HOLE_AT) }),
    demand("inheritable-beyond-permitted", "CAP_KILL inherited, and not permitted", {
      allow: { a1: [at(SETS.inheritable), at(SETS.everything), at(SETS.inherited)], caps: ["none"] },
    }),
    demand("permitted-grows", "CAP_KILL permitted anew", {
      allow: { a1: [at(SETS.permitted), at(SETS.everything), at(SETS.allowed)], caps: ["none"] },
    }),
    demand("effective-beyond-permitted", "CAP_KILL effective, and not permitted", {
      allow: { a1: [at(SETS.effective), at(SETS.inherited), at(SETS.allowed)], caps: ["none"] },
    }),
  ],
  unobservable: {
    "inheritable-beyond-bounding":
      "the bounding set has what is permitted, unless a case drops it: prctl.bounding",
  },
  clash: { a0: ONE_HEADER, a1: ONE_SET },
});

const SEND = {
  signal: (key: Key): WordDemand => demand("signal-number", "signal 65", { allow: allow(key, 65) }),
  forbidden: (keys: readonly Key[]): WordDemand =>
    demand("not-permitted", "another user's task", {
      allow: {
        ...Object.fromEntries(keys.map((key) => [key, [2]])),
        // Who becomes another user has no capability left.
        caps: ["all"],
        child: ["other-user"],
      },
    }),
};

const KILL_PLAN = planOf({
  call: "kill",
  args: [1, 0],
  demands: [
    demand("no-task", "number 999", { allow: allow("a0", 999) }),
    SEND.signal("a1"),
    SEND.forbidden(["a0"]),
  ],
  clash: { a0: ONE_NUMBER },
});

const TKILL = planOf({
  call: "tkill",
  args: [1, 0],
  demands: [
    demand("not-a-thread", "number 0", { allow: allow("a0", 0) }),
    demand("no-task", "number 999", { allow: allow("a0", 999) }),
    SEND.signal("a1"),
    SEND.forbidden(["a0"]),
  ],
  clash: { a0: ONE_NUMBER },
});

const TGKILL = planOf({
  call: "tgkill",
  args: [1, 1, 0],
  demands: [
    demand("not-a-thread", "group 0", { allow: allow("a0", 0) }),
    demand("no-task", "number 999", { allow: allow("a1", 999) }),
    SEND.signal("a2"),
    SEND.forbidden(["a0", "a1"]),
  ],
  clash: { a0: ONE_NUMBER, a1: ONE_NUMBER },
});

/** An option of prctl that cannot be had, and how. */
function option(rung: string, what: string, args: readonly (number | string)[], caps?: "none"): WordDemand {
  const [a0 = 0, a1 = 0, a2 = 0] = args;
  return demand(rung, what, {
    allow: { a0: [a0], a1: [a1], a2: [a2], ...(caps === undefined ? {} : { caps: [caps] }) },
  });
}

const PRCTL = planOf({
  call: "prctl",
  caps: ["CAP_SETPCAP"],
  args: [3, 0, 0, 0, 0],
  demands: [
    demand("not-capable", "PR_CAPBSET_DROP without CAP_SETPCAP", {
      allow: { a0: [24], a1: [0, 99], caps: ["none"] },
    }),
    demand("no-such-capability", "capability 99", { allow: { a0: [24], a1: [99] } }),
    option("locked", "PR_SET_SECUREBITS of a bit nobody has", [28, "0x1000"]),
    option("ambient", "PR_CAP_AMBIENT does nothing called 9", [47, 9]),
    option("ambient-raise", "CAP_KILL, which is not permitted", [47, 2, 5], "none"),
    option("signal-number", "PR_SET_PDEATHSIG of 65", [1, 65]),
    demand("value", "PR_SET_NO_NEW_PRIVS of 2", { allow: { a0: [38], a1: [2] } }),
    demand("not-zero", "PR_GET_NO_NEW_PRIVS of something", { allow: { a0: [39], a1: [2] } }),
    option("name-unreadable", "a name in a hole", [15, HOLE_AT]),
    option("result-unwritable", "PR_GET_PDEATHSIG into a hole", [2, HOLE_AT]),
    option("option", "option 999", [999]),
  ],
  clash: { a0: "a call has one option", a1: "an option has one value" },
});

/** The plans of calls about waits, signals and capabilities: whose arguments break which rungs. */
export const SIGNAL_PLANS: readonly WordPlan[] = [
  WAIT4,
  WAITPID,
  WAITID,
  RT_SIGACTION,
  SIGACTION,
  RT_SIGPROCMASK,
  SIGPROCMASK,
  RT_SIGPENDING,
  RT_SIGSUSPEND,
  CAPGET,
  CAPSET,
  KILL_PLAN,
  TKILL,
  TGKILL,
  PRCTL,
];
