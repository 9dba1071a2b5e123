import type { Arg, Operation, Patch, VectorArch } from "../../../src/conform/vector.ts";
import { HOLE, SCRATCH } from "../clone3-wish.ts";
import { ARCHES, type CallName, hex, page, sys, words32 } from "../draft.ts";
import { MINUS_1, READ_ONLY } from "../families/setting.ts";
import { type BaseWish, type Demand, type Plan, provenanceOf } from "./join.ts";

/** A call that is its arguments, and what the program did before it. */
export interface WordWish extends BaseWish {
  readonly a0: Arg;
  readonly a1: Arg;
  readonly a2: Arg;
  readonly a3: Arg;
  readonly a4: Arg;
  /** Whether the main task has capabilities. */
  readonly caps: "all" | "none";
  /** The child it has. */
  readonly child: "none" | "exited" | "alive" | "other-user" | "pidfd";
}

type WordDemand = Demand<WordWish>;
type Key = "a0" | "a1" | "a2" | "a3" | "a4";

const HOLE_AT = hex(HOLE);
const OUT = hex(SCRATCH + 0x40);
/** Headers of capget and capset: one that is right, a pid below 0, nobody's, and both with an unknown version. */
const HEADERS = { right: 0x800, negative: 0x810, nobody: 0x818, strange: 0x820, stranger: 0x828 } as const;
/** A second page: its last word is an unknown version. */
const SECOND = SCRATCH + 0x8000;
/** Data of capset: nothing; CAP_KILL inheritable, permitted, effective, all three; CAP_CHOWN effective beside one of them. */
const SETS = {
  none: 0x900,
  inheritable: 0x920,
  permitted: 0x940,
  effective: 0x960,
  everything: 0x980,
  inherited: 0x9a0,
  allowed: 0x9c0,
} as const;
/** A mask, groups, an action that ignores. */
const MASK = 0xa00;
const GROUPS = 0xa20;
const BAD_GROUPS = 0xa40;
const ACTION = 0xa80;

const at = (offset: number): string => hex(SCRATCH + offset);

const KILL = 0x20;
const MEMORY: readonly Patch[] = [
  { off: HEADERS.right, hex: words32([0x20080522, 0]) },
  { off: HEADERS.negative, hex: words32([0x20080522, -1]) },
  { off: HEADERS.nobody, hex: words32([0x20080522, 999]) },
  { off: HEADERS.strange, hex: words32([0x123, -1]) },
  { off: HEADERS.stranger, hex: words32([0x123, 999]) },
  { off: SETS.none, hex: words32([0, 0, 0, 0, 0, 0]) },
  { off: SETS.inheritable, hex: words32([0, 0, KILL, 0, 0, 0]) },
  { off: SETS.permitted, hex: words32([0, KILL, 0, 0, 0, 0]) },
  { off: SETS.effective, hex: words32([KILL, 0, 0, 0, 0, 0]) },
  { off: SETS.everything, hex: words32([KILL, KILL, KILL, 0, 0, 0]) },
  { off: SETS.inherited, hex: words32([1, 0, KILL, 0, 0, 0]) },
  { off: SETS.allowed, hex: words32([1, KILL, 0, 0, 0, 0]) },
  { off: MASK, hex: words32([0x10000, 0]) },
  { off: GROUPS, hex: words32([5, 6]) },
  { off: BAD_GROUPS, hex: words32([-1, -1]) },
  { off: ACTION, hex: words32([1, 0, 0, 0, 0, 0, 0, 0]) },
  // The version is the last word of the page: the pid lies in the hole.
  { off: 4092, hex: words32([0x20080522]) },
];

/** Values under their names: what a demand allows. */
const allow = (key: Key, ...values: Arg[]): NonNullable<WordDemand["allow"]> => ({ [key]: values });

function demand(rung: string, what: string, more: Omit<WordDemand, "rung" | "rule" | "what">): WordDemand {
  return { rung, rule: rung, what, ...more };
}

interface Words {
  readonly call: CallName;
  /** The arguments of a call with nothing wrong. */
  readonly args: readonly Arg[];
  readonly demands: readonly WordDemand[];
  readonly child?: WordWish["child"];
  readonly caps?: WordWish["caps"];
  readonly unobservable?: Readonly<Record<string, string>>;
  readonly clash?: Plan<WordWish>["clash"];
  readonly preludes?: readonly string[];
  readonly apart?: Plan<WordWish>["apart"];
}

/** What the program does before the call. */
function before(arch: VectorArch, wish: WordWish): Operation[] {
  const pause = sys(arch, "p", "pause");
  const other = sys(arch, "u", "setresuid", [5, 5, 5]);
  const children: Readonly<Record<WordWish["child"], readonly Operation[]>> = {
    none: [],
    exited: [
      sys(arch, "k", "fork", [], { child: [], childExit: 3 }),
      sys(arch, "z", "waitid", [1, { ret: "k" }, 0, "0x1000004", 0]),
    ],
    alive: [sys(arch, "k", "fork", [], { child: [pause] })],
    "other-user": [
      sys(arch, "k", "fork", [], { child: [other, sys(arch, "s", "kill", [{ ret: "me" }, 19])] }),
      sys(arch, "z", "waitid", [1, { ret: "k" }, 0, "0x1000002", 0]),
      sys(arch, "mine", "setresuid", [7, 7, 7]),
    ],
    pidfd: [
      sys(arch, "k", "fork", [], { child: [pause] }),
      sys(arch, "fd", "pidfd_open", [{ ret: "k" }, 0x800]),
    ],
  };
  const groups = wish.preludes.includes("groups") ? [sys(arch, "sg", "setgroups", [2, at(GROUPS)])] : [];
  const list = children[wish.child].map((operation) =>
    operation.op === "sys" && operation.label === "k" && wish.child === "other-user"
      ? { ...operation, child: [sys(arch, "me", "getpid"), ...(operation.child ?? [])] }
      : operation,
  );
  return [...groups, ...list];
}

function planOf({
  call,
  args,
  demands,
  child,
  caps,
  unobservable,
  clash,
  preludes,
  apart,
}: Words): Plan<WordWish, VectorArch> {
  const [a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0] = args;
  return {
    call,
    ways: ARCHES,
    plain: { flags: 0n, preludes: [], a0, a1, a2, a3, a4, caps: caps ?? "all", child: child ?? "none" },
    demands,
    unobservable: { "no-memory": "no program can make the kernel's own memory run out", ...unobservable },
    needs: [],
    preludes: preludes ?? [],
    apart: apart ?? [],
    clash: clash ?? {},
    settle: (wish) => wish,
    draft: (id, group, arch, wish, broken) => ({
      id,
      group,
      arch,
      caps: wish.caps,
      nsLevel: 1,
      nsInit: true,
      regions: [
        page(SCRATCH, "rw-", MEMORY),
        page(READ_ONLY, "r--", []),
        page(SECOND, "rw-", [{ off: 4092, hex: words32([0x123]) }]),
      ],
      dump: [{ addr: hex(SCRATCH), size: 4096 }],
      program: [
        ...before(arch, wish),
        sys(
          arch,
          "c",
          call,
          [wish.a0, wish.a1, wish.a2, wish.a3, wish.a4].slice(0, Math.max(args.length, 1)),
        ),
      ],
      provenance: provenanceOf("kernel", broken),
    }),
  };
}

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

const GETGROUPS = planOf({
  call: "getgroups",
  args: [4, OUT],
  preludes: ["groups"],
  demands: [
    demand("size-negative", "−1", { allow: allow("a0", MINUS_1) }),
    demand("size-too-small", "1 for two", { allow: allow("a0", 1), preludes: ["groups"] }),
    demand("list-unwritable", "list in a hole", { allow: allow("a1", HOLE_AT), preludes: ["groups"] }),
  ],
  clash: { a0: "a call has one size" },
});

const SETGROUPS = planOf({
  call: "setgroups",
  args: [2, at(GROUPS)],
  demands: [
    demand("not-permitted", "no CAP_SETGID", { allow: { caps: ["none"] } }),
    demand("size", "65537", { allow: allow("a0", 65_537) }),
    demand("list-unreadable", "list in a hole", { allow: allow("a1", HOLE_AT) }),
    demand("no-such-group", "−1", { allow: allow("a1", at(BAD_GROUPS)) }),
  ],
  clash: { a1: "what is in a list that cannot be read is nobody's fault" },
});

/** setuid and setgid: a number that is nobody's, and one that is not the caller's. */
function setOne(call: "setuid" | "setgid", nobody: string): Plan<WordWish, VectorArch> {
  return planOf({
    call,
    args: [0],
    demands: [
      demand(nobody, "−1", { allow: allow("a0", "0xffffffff") }),
      demand("not-permitted", "a stranger's", { allow: { a0: [5, "0xffffffff"], caps: ["none"] } }),
    ],
  });
}

/** getresuid and getresgid: three pointers, one after the other. */
function getThree(call: "getresuid" | "getresgid"): Plan<WordWish, VectorArch> {
  return planOf({
    call,
    args: [OUT, at(0x44), at(0x48)],
    demands: [
      demand("real-unwritable", "the first in a hole", { allow: allow("a0", HOLE_AT) }),
      demand("effective-unwritable", "the second in a hole", { allow: allow("a1", HOLE_AT) }),
      demand("saved-unwritable", "the third in a hole", { allow: allow("a2", HOLE_AT) }),
    ],
  });
}

/** The plans of calls about processes: whose arguments break which rungs. */
export const WORD_PLANS: readonly Plan<WordWish, VectorArch>[] = [
  WAIT4,
  WAITID,
  RT_SIGACTION,
  RT_SIGPROCMASK,
  RT_SIGPENDING,
  CAPGET,
  CAPSET,
  KILL_PLAN,
  TKILL,
  TGKILL,
  GETGROUPS,
  SETGROUPS,
  setOne("setuid", "no-such-user"),
  setOne("setgid", "no-such-group"),
  getThree("getresuid"),
  getThree("getresgid"),
];
