import type { Arg, Operation, Patch, Vector, VectorArch } from "../../../src/conform/vector.ts";
import { HOLE, SCRATCH } from "../clone3-wish.ts";
import { ARCHES, type CallName, hex, numberOf, page, sys, words32 } from "../draft.ts";
import { READ_ONLY } from "../families/setting.ts";
import { type BaseWish, type Demand, type Plan, provenanceOf } from "./join.ts";

/** A call that is its arguments, and what the program did before it. */
export interface WordWish extends BaseWish {
  readonly a0: Arg;
  readonly a1: Arg;
  readonly a2: Arg;
  readonly a3: Arg;
  readonly a4: Arg;
  /** Whether the main task has capabilities. */
  readonly caps: Vector["caps"];
  /** The child it has. */
  readonly child: "none" | "exited" | "alive" | "other-user" | "pidfd";
}

export type WordDemand = Demand<WordWish>;
export type Key = "a0" | "a1" | "a2" | "a3" | "a4";

export const HOLE_AT: string = hex(HOLE);
export const OUT: string = hex(SCRATCH + 0x40);
/** Headers of capget and capset: one that is right, a pid below 0, nobody's, and both with an unknown version. */
export const HEADERS = {
  right: 0x800,
  negative: 0x810,
  nobody: 0x818,
  strange: 0x820,
  stranger: 0x828,
} as const;
/** A second page: its last word is an unknown version. */
export const SECOND: number = SCRATCH + 0x8000;
/** Data of capset: nothing; CAP_KILL inheritable, permitted, effective, all three; CAP_CHOWN effective beside one of them. */
export const SETS = {
  none: 0x900,
  inheritable: 0x920,
  permitted: 0x940,
  effective: 0x960,
  everything: 0x980,
  inherited: 0x9a0,
  allowed: 0x9c0,
} as const;
/** A mask, groups, an action that ignores. */
export const MASK = 0xa00;
export const GROUPS = 0xa20;
export const BAD_GROUPS = 0xa40;
export const ACTION = 0xa80;

export const at = (offset: number): string => hex(SCRATCH + offset);

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
export const allow = (key: Key, ...values: Arg[]): NonNullable<WordDemand["allow"]> => ({ [key]: values });

export function demand(
  rung: string,
  what: string,
  more: Omit<WordDemand, "rung" | "rule" | "what">,
): WordDemand {
  return { rung, rule: rung, what, ...more };
}

interface Words {
  readonly call: string;
  /** Its number on i386, when x86_64 has no such call. */
  readonly nr?: number;
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
  // In a new user namespace no number stands for anybody, and the caller has every capability, which it gives back.
  const strangers = wish.preludes.includes("unmapped") ? [sys(arch, "ns", "unshare", ["0x10000000"])] : [];
  const given =
    strangers.length > 0 && wish.caps === "none"
      ? [sys(arch, "give", "capset", [at(HEADERS.right), at(SETS.none)])]
      : [];
  const list = children[wish.child].map((operation) =>
    operation.op === "sys" && operation.label === "k" && wish.child === "other-user"
      ? { ...operation, child: [sys(arch, "me", "getpid"), ...(operation.child ?? [])] }
      : operation,
  );
  return [...groups, ...list, ...strangers, ...given];
}

export function planOf({
  call,
  nr,
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
    ways: nr === undefined ? ARCHES : ["i386", "int80"],
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
        {
          op: "sys",
          label: "c",
          name: call,
          nr: nr ?? numberOf(call as CallName, arch),
          args: [wish.a0, wish.a1, wish.a2, wish.a3, wish.a4].slice(0, Math.max(args.length, 1)),
        },
      ],
      provenance: provenanceOf("kernel", broken),
    }),
  };
}
