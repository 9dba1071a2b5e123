import type { Arg, VectorArch } from "../../../src/conform/vector.ts";
import { MINUS_1 } from "../families/setting.ts";
import type { Plan } from "./join.ts";
import { allow, at, BAD_GROUPS, demand, GROUPS, HOLE_AT, OUT, planOf, type WordWish } from "./words.ts";

type WordPlan = Plan<WordWish, VectorArch>;

/** A call about ids with numbers of 32 bits, or its form of i386 with 16. */
interface Ids {
  readonly call: string;
  readonly nr?: number;
}

const TOO_SMALL = "a call has one size";

function getGroups(ids: Ids): WordPlan {
  return planOf({
    ...ids,
    args: [4, OUT],
    preludes: ["groups"],
    demands: [
      demand("size-negative", "−1", { allow: allow("a0", MINUS_1) }),
      demand("size-too-small", "1 for two", { allow: allow("a0", 1), preludes: ["groups"] }),
      demand("list-unwritable", "list in a hole", { allow: allow("a1", HOLE_AT), preludes: ["groups"] }),
    ],
    clash: { a0: TOO_SMALL },
  });
}

function setGroups(ids: Ids): WordPlan {
  return planOf({
    ...ids,
    args: [2, at(GROUPS)],
    demands: [
      demand("not-permitted", "no CAP_SETGID", { allow: { caps: ["none"] } }),
      demand("size", "65537", { allow: allow("a0", 65_537) }),
      demand("list-unreadable", "list in a hole", { allow: allow("a1", HOLE_AT) }),
      demand("no-such-group", "−1", { allow: allow("a1", at(BAD_GROUPS)) }),
    ],
    clash: { a1: "what is in a list that cannot be read is nobody's fault" },
  });
}

/** The calls that set one to three numbers: one that stands for nobody, and one that is not the caller's. */
function setIds(ids: Ids, nobody: "no-such-user" | "no-such-group", numbers: 1 | 2 | 3): WordPlan {
  const keys = (["a0", "a1", "a2"] as const).slice(0, numbers);
  return planOf({
    ...ids,
    args: keys.map(() => 0),
    preludes: ["unmapped"],
    demands: [
      ...keys.map((key) =>
        demand(nobody, `${key} where nobody has a number`, {
          allow: { ...others(keys, key), [key]: [5] },
          preludes: ["unmapped"],
        }),
      ),
      ...keys.map((key) =>
        demand("not-permitted", `${key} is a stranger's`, {
          allow: { ...others(keys, key), [key]: [5], caps: ["none"] },
        }),
      ),
    ].map((one, i) => ({ ...one, rule: `${one.rung}-${String(i % numbers)}` })),
    unobservable: { "too-many-processes": "setting a user has not failed for that since 3.1" },
  });
}

/** The numbers that are left as they are. */
function others(keys: readonly string[], but: string): Readonly<Record<string, Arg[]>> {
  return Object.fromEntries(keys.filter((key) => key !== but).map((key) => [key, ["0xffffffff"]]));
}

/** The calls that tell three numbers: three pointers, one after the other. */
function getThree(ids: Ids): WordPlan {
  return planOf({
    ...ids,
    args: [OUT, at(0x44), at(0x48)],
    demands: [
      demand("real-unwritable", "the first in a hole", { allow: allow("a0", HOLE_AT) }),
      demand("effective-unwritable", "the second in a hole", { allow: allow("a1", HOLE_AT) }),
      demand("saved-unwritable", "the third in a hole", { allow: allow("a2", HOLE_AT) }),
    ],
  });
}

/** The plans of calls about users and groups. */
export const ID_PLANS: readonly WordPlan[] = [
  getGroups({ call: "getgroups" }),
  getGroups({ call: "getgroups16", nr: 80 }),
  setGroups({ call: "setgroups" }),
  setGroups({ call: "setgroups16", nr: 81 }),
  setIds({ call: "setuid" }, "no-such-user", 1),
  setIds({ call: "setuid16", nr: 23 }, "no-such-user", 1),
  setIds({ call: "setgid" }, "no-such-group", 1),
  setIds({ call: "setgid16", nr: 46 }, "no-such-group", 1),
  setIds({ call: "setreuid" }, "no-such-user", 2),
  setIds({ call: "setreuid16", nr: 70 }, "no-such-user", 2),
  setIds({ call: "setregid" }, "no-such-group", 2),
  setIds({ call: "setregid16", nr: 71 }, "no-such-group", 2),
  setIds({ call: "setresuid" }, "no-such-user", 3),
  setIds({ call: "setresuid16", nr: 164 }, "no-such-user", 3),
  setIds({ call: "setresgid" }, "no-such-group", 3),
  setIds({ call: "setresgid16", nr: 170 }, "no-such-group", 3),
  getThree({ call: "getresuid" }),
  getThree({ call: "getresuid16", nr: 165 }),
  getThree({ call: "getresgid" }),
  getThree({ call: "getresgid16", nr: 171 }),
];
