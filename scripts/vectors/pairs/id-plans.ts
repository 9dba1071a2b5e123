import type { Arg } from "../../../src/conform/vector.ts";
import { MINUS_1 } from "../families/setting.ts";
import { at, BAD_GROUPS, GROUPS, HOLE_AT, OUT } from "./memory.ts";
import { allow, demand, planOf, type WordPlan } from "./words.ts";

const TOO_SMALL = "a call has one size";

function getGroups(call: string): WordPlan {
  return planOf({
    call,
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

function setGroups(call: string): WordPlan {
  return planOf({
    call,
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
function setIds(call: string, nobody: "no-such-user" | "no-such-group", numbers: 1 | 2 | 3): WordPlan {
  const keys = (["a0", "a1", "a2"] as const).slice(0, numbers);
  return planOf({
    call,
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
function getThree(call: string): WordPlan {
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

/** The plans of calls about users and groups. */
export const ID_PLANS: readonly WordPlan[] = [
  getGroups("getgroups"),
  getGroups("getgroups16"),
  setGroups("setgroups"),
  setGroups("setgroups16"),
  setIds("setuid", "no-such-user", 1),
  setIds("setuid16", "no-such-user", 1),
  setIds("setgid", "no-such-group", 1),
  setIds("setgid16", "no-such-group", 1),
  setIds("setreuid", "no-such-user", 2),
  setIds("setreuid16", "no-such-user", 2),
  setIds("setregid", "no-such-group", 2),
  setIds("setregid16", "no-such-group", 2),
  setIds("setresuid", "no-such-user", 3),
  setIds("setresuid16", "no-such-user", 3),
  setIds("setresgid", "no-such-group", 3),
  setIds("setresgid16", "no-such-group", 3),
  getThree("getresuid"),
  getThree("getresuid16"),
  getThree("getresgid"),
  getThree("getresgid16"),
];
