import { FDS, HOLE_AT } from "./memory.ts";
import {
  type Allowed,
  allow,
  demand,
  planOf,
  type WordDemand,
  type WordPlan,
  type WordWish,
} from "./words.ts";

const ONE_DESCRIPTOR = "a call has one descriptor";
const ANOTHER_TASK = "it takes another task that opens the descriptor at this very moment";
/** A descriptor that nobody has, and one that nobody can have. */
const NOBODYS = 99;
const TOO_HIGH = 5000;

const noDescriptors = demand("too-many-fds", "RLIMIT_NOFILE of 3", { preludes: ["three-descriptors"] });

const DUP = planOf({
  call: "dup",
  args: [0],
  preludes: ["three-descriptors"],
  demands: [demand("bad-fd", "descriptor 99", { allow: allow("a0", NOBODYS) }), noDescriptors],
});

/** For a call that is to duplicate a descriptor onto itself: the one that somebody asked for, twice. */
function onItself(rung: string): NonNullable<WordPlan["settle"]> {
  return (wish, demands) => {
    if (!demands.some((one) => one.rung === rung)) return wish;
    const asked = demands.some((one) => one.rung !== rung && one.allow?.a1 !== undefined);
    return asked ? { ...wish, a0: wish.a1 } : { ...wish, a1: wish.a0 };
  };
}

const target: readonly WordDemand[] = [
  demand("new-fd-too-high", "onto 5000", { allow: allow("a1", TOO_HIGH) }),
  demand("old-fd-bad", "descriptor 99", { allow: allow("a0", NOBODYS, TOO_HIGH) }),
];

const DUP2 = planOf({
  call: "dup2",
  args: [0, 10],
  demands: [
    demand("bad-fd", "descriptor 99 onto itself", { allow: allow("a0", NOBODYS, TOO_HIGH) }),
    ...target,
  ],
  settle: onItself("bad-fd"),
  unobservable: { "new-fd-reserved": ANOTHER_TASK },
});

const DUP3 = planOf({
  call: "dup3",
  args: [0, 10, 0],
  demands: [
    demand("unknown-flag", "flag 1", { allow: allow("a2", 1) }),
    demand("same-fd", "a descriptor onto itself", {}),
    ...target,
  ],
  settle: onItself("same-fd"),
  unobservable: { "new-fd-reserved": ANOTHER_TASK },
});

const CLOSE_RANGE = planOf({
  call: "close_range",
  args: [3, 9, 0],
  demands: [
    demand("unknown-flag", "flag 8", { allow: allow("a2", 8) }),
    demand("range-backwards", "from 9 to 3", { allow: { a0: [9], a1: [3] } }),
  ],
});

const CMD = { DUPFD: 0, SETFL: 4, DUPFD_QUERY: 1027, SETPIPE_SZ: 1031 } as const;
const O_DIRECT = 0x4000;
const O_NOATIME = 0x40000;
const TWO_MEGABYTES = "0x200000";
const TOO_LARGE = "0x80000001";

function fcntl(call: string): WordPlan {
  const has = (cmd: keyof typeof CMD, more: Partial<Record<"a0" | "a2", WordWish["a0"][]>>): Allowed => ({
    a1: [CMD[cmd]],
    ...more,
  });
  return planOf({
    call,
    args: [0, 1, 0],
    always: ["pipe"],
    preludes: ["two-pages", "three-descriptors", "other-user"],
    demands: [
      demand("bad-fd", "descriptor 99", { allow: allow("a0", NOBODYS) }),
      demand("unknown-command", "command 0x10000", { allow: allow("a1", 0x10000) }),
      demand("above-limit", "F_DUPFD from 5000 on", { allow: has("DUPFD", { a2: [TOO_HIGH] }) }),
      demand("too-many-fds", "F_DUPFD where RLIMIT_NOFILE is 3", {
        allow: has("DUPFD", { a2: [0, TOO_HIGH] }),
        preludes: ["three-descriptors"],
      }),
      demand("other-fd-bad", "F_DUPFD_QUERY with descriptor 99", {
        allow: has("DUPFD_QUERY", { a2: [NOBODYS] }),
      }),
      demand("not-owner", "O_NOATIME of root's /dev/null", {
        allow: { ...has("SETFL", { a2: [O_NOATIME, O_NOATIME | O_DIRECT] }), caps: ["none"] },
        preludes: ["other-user"],
      }),
      demand("no-direct-io", "O_DIRECT of /dev/null", {
        allow: has("SETFL", { a2: [O_DIRECT, O_NOATIME | O_DIRECT] }),
      }),
      demand("not-a-pipe", "F_SETPIPE_SZ of /dev/null", { allow: has("SETPIPE_SZ", { a0: [0, NOBODYS] }) }),
      demand("pipe-size", "F_SETPIPE_SZ of 2 GiB and a byte", {
        allow: has("SETPIPE_SZ", { a0: [3, 0, NOBODYS], a2: [TOO_LARGE] }),
      }),
      demand("pipe-size-limit", "F_SETPIPE_SZ of 2 MiB without CAP_SYS_RESOURCE", {
        allow: {
          ...has("SETPIPE_SZ", { a0: [3, 0, NOBODYS], a2: [TWO_MEGABYTES, TOO_LARGE] }),
          caps: ["none"],
        },
      }),
      demand("pipe-in-use", "F_SETPIPE_SZ of a page where two are in use", {
        allow: has("SETPIPE_SZ", { a0: [3], a2: [4096] }),
        preludes: ["two-pages"],
      }),
    ],
    clash: {
      a0: ONE_DESCRIPTOR,
      a1: "a call has one command",
      a2: "a size that is too large is not too small",
    },
  });
}

function pipe(call: "pipe" | "pipe2"): WordPlan {
  const flags: readonly WordDemand[] = [
    demand("unknown-flag", "flag 1", { allow: allow("a1", 1, 0x81) }),
    demand("no-watch-queue", "O_NOTIFICATION_PIPE", { allow: allow("a1", 0x80, 0x81) }),
  ];
  return planOf({
    call,
    args: call === "pipe" ? [FDS] : [FDS, 0],
    preludes: ["three-descriptors"],
    demands: [
      ...(call === "pipe" ? [] : flags),
      noDescriptors,
      demand("fds-unwritable", "the numbers in a hole", { allow: allow("a0", HOLE_AT) }),
    ],
    unobservable: {
      "no-pipe": "no program can make the kernel's own memory run out",
      "no-file": "it takes as many open files as sysctl file-max allows, which root is not bound by",
      ...(call === "pipe" ? { "no-watch-queue": "pipe has no flags" } : {}),
    },
  });
}

const PIDFD_OPEN = planOf({
  call: "pidfd_open",
  args: [1, 0],
  preludes: ["thread", "three-descriptors"],
  demands: [
    demand("unknown-flag", "flag 1", { allow: allow("a1", 1) }),
    demand("pid-not-positive", "number 0", { allow: allow("a0", 0) }),
    demand("no-process", "number 999", { allow: allow("a0", 999) }),
    demand("task-gone", "the number of a group whose leader is gone", {
      allow: { a0: [2], child: ["group"] },
    }),
    demand("not-a-leader", "the number of a thread", {
      allow: { a0: [2], child: ["none"] },
      preludes: ["thread"],
    }),
    noDescriptors,
  ],
  clash: { a0: "a call has one number of a task", child: "a call has one number of a task" },
});

/** The plans of calls about descriptors. */
export const FILE_PLANS: readonly WordPlan[] = [
  DUP,
  DUP2,
  DUP3,
  CLOSE_RANGE,
  fcntl("fcntl"),
  fcntl("fcntl64"),
  pipe("pipe"),
  pipe("pipe2"),
  PIDFD_OPEN,
];
