import { HOLE } from "../clone3-wish.ts";
import { HOLE_AT, OUT } from "./memory.ts";
import { allow, demand, planOf, THERE, type WordDemand, type WordPlan } from "./words.ts";

const NOFILE = 7;
/** sysctl nr_open, and what is above it. */
const NR_OPEN = 1_048_576;
const ABOVE = NR_OPEN + 1;
const WAY_ABOVE = NR_OPEN + 2;
const NOBODYS = "what is in a limit that cannot be read is nobody's fault";
const ONE_RESOURCE = "a resource that there is not has no limit";

/** No CAP_SYS_RESOURCE, whatever the machine's root has; but to become another user takes this one. */
const CAPS = ["CAP_SETUID"];

const unreadable = demand("limit-unreadable", "limit in a hole", { allow: { at: [HOLE] } });

/** What do_prlimit asks of the resource in a register and of the limit in memory: soft, hard. */
function doPrlimit(resource: "a0" | "a1"): readonly WordDemand[] {
  return [
    demand("resource-unknown", "resource 99", { allow: allow(resource, 99) }),
    demand("soft-above-hard", "soft above hard", { allow: allow("m0", WAY_ABOVE) }),
    demand("above-nr-open", "descriptors beyond nr_open", {
      allow: { [resource]: [NOFILE], m1: [ABOVE] },
    }),
    demand("raises-hard", "a hard limit raised without CAP_SYS_RESOURCE", {
      allow: { [resource]: [NOFILE], m1: [NR_OPEN, ABOVE] },
    }),
  ];
}

const ABOUT_THE_LIMIT = {
  rungs: ["limit-unreadable"],
  with: ["soft-above-hard", "above-nr-open", "raises-hard"],
  because: NOBODYS,
} as const;

const SETRLIMIT = planOf({
  call: "setrlimit",
  caps: CAPS,
  args: [NOFILE, THERE],
  words: ["long", 100, 1000],
  demands: [unreadable, ...doPrlimit("a0")],
  unobservable: { "resource-unknown-first": "until 2.6.35" },
  clash: { a0: ONE_RESOURCE },
  apart: [ABOUT_THE_LIMIT],
});

const PRLIMIT64 = planOf({
  call: "prlimit64",
  caps: CAPS,
  args: [0, NOFILE, THERE, OUT],
  words: ["64 bits", 100, 1000],
  demands: [
    unreadable,
    demand("no-task", "number 999", { allow: allow("a0", 999) }),
    demand("not-permitted", "another user's process", { allow: { a0: [2], child: ["other-user"] } }),
    ...doPrlimit("a1"),
    demand("limit-unwritable", "old limit in a hole", { allow: allow("a3", HOLE_AT) }),
  ],
  clash: { a0: "a call has one number of a task", a1: ONE_RESOURCE },
  apart: [ABOUT_THE_LIMIT],
});

function getLimit(call: "getrlimit" | "old_getrlimit"): WordPlan {
  return planOf({
    call,
    args: [NOFILE, OUT],
    demands: [
      demand("resource-unknown", "resource 99", { allow: allow("a0", 99) }),
      demand("limit-unwritable", "limit in a hole", { allow: allow("a1", HOLE_AT) }),
    ],
  });
}

/** The plans of calls about limits. */
export const LIMIT_PLANS: readonly WordPlan[] = [
  PRLIMIT64,
  SETRLIMIT,
  getLimit("getrlimit"),
  getLimit("old_getrlimit"),
];
