import { CALLS, FLAG_SETS, kernelVersion, LADDERS, Registry, STRUCTS } from "../../../src/abi/index.ts";
import { RECORDING_PROFILE } from "../../../src/conform/index.ts";
import type { Arg, Operation, Region, Vector, VectorArch } from "../../../src/conform/vector.ts";
import { profileNamed } from "../../../src/kernel/index.ts";
import { SCRATCH } from "../clone3-wish.ts";
import { ARCHES, arg, hex, page, words32, words64 } from "../draft.ts";
import { READ_ONLY } from "../families/setting.ts";
import { besides, type Child, drop } from "./children.ts";
import { type BaseWish, type Demand, type Plan, provenanceOf } from "./join.ts";
import { MEMORY, SECOND, WORDS } from "./memory.ts";
import { STAGES } from "./stages.ts";

/** An argument of a call, or a word that lies in memory. */
export type Key = `${"a" | "m"}${0 | 1 | 2 | 3 | 4 | 5}`;

/** A call that is its words, and what the program did before it. */
export interface WordWish extends BaseWish, Readonly<Record<Key, Arg>> {
  /** Where the words in memory lie. */
  readonly at: number;
  /** What the caller may do. */
  readonly caps: Vector["caps"];
  readonly child: Child;
  readonly nsLevel: number;
}

export type WordDemand = Demand<WordWish>;
/** For parts of a call, the values that are as bad. */
export type Allowed = NonNullable<WordDemand["allow"]>;
export type WordPlan = Plan<WordWish, VectorArch>;

/** As an argument: the address of the words in memory. */
export const THERE = "there";

/** Values under their names: what a demand allows. */
export const allow = (key: Key, ...values: Arg[]): Allowed => ({ [key]: values });

export function demand(
  rung: string,
  what: string,
  more: Partial<Omit<WordDemand, "rung" | "what">>,
): WordDemand {
  return { rung, rule: rung, what, ...more };
}

interface Words {
  readonly call: string;
  /** The arguments of a call with nothing wrong. */
  readonly args: readonly Arg[];
  /** Words that lie in memory, where the call has an address: how long each is, and their values. */
  readonly words?: readonly [width: "int" | "long" | "64 bits", ...values: Arg[]];
  /** The word that the flags of demands are bits of, and the bits of a call with nothing wrong. */
  readonly flags?: Key;
  readonly bits?: bigint;
  readonly demands: readonly WordDemand[];
  readonly child?: Child;
  readonly caps?: WordWish["caps"];
  readonly unobservable?: Readonly<Record<string, string>>;
  readonly clash?: Plan<WordWish>["clash"];
  /** Stages every case has, and those that a demand may ask for, in order. */
  readonly always?: readonly string[];
  readonly preludes?: readonly string[];
  readonly apart?: Plan<WordWish>["apart"];
  readonly settle?: WordPlan["settle"];
}

const registry = new Registry({ calls: CALLS, structs: STRUCTS, flagsets: FLAG_SETS, ladders: LADDERS });
const ERA = { name: RECORDING_PROFILE, kernel: kernelVersion(profileNamed(RECORDING_PROFILE).kernel) };
const numberOf = (call: string, arch: VectorArch): number | undefined =>
  registry.number(call, arch === "x86_64" ? "x86_64" : "i386", ERA);

const MEMORY_FULL = "no program can make the kernel's own memory run out";

export function planOf(call: Words): WordPlan {
  const { args, words: [, ...words] = ["int"], caps = "all", child = "none" } = call;
  const [a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0] = args;
  const [m0 = 0, m1 = 0, m2 = 0, m3 = 0, m4 = 0, m5 = 0] = words;
  const registers = { a0, a1, a2, a3, a4, a5 };
  const rest = { flags: call.bits ?? 0n, preludes: [], at: WORDS, caps, child, nsLevel: 1 };
  return {
    call: call.call,
    ways: ARCHES.filter((arch) => numberOf(call.call, arch) !== undefined),
    plain: { ...registers, m0, m1, m2, m3, m4, m5, ...rest },
    demands: call.demands,
    unobservable: { "no-memory": MEMORY_FULL, ...call.unobservable },
    needs: [],
    preludes: call.preludes ?? [],
    apart: call.apart ?? [],
    clash: call.clash ?? {},
    settle: call.settle ?? ((wish) => wish),
    draft: (id, group, arch, wish, broken) => draftOf(call, id, group, arch, wish, broken),
  };
}

function draftOf(
  call: Words,
  id: string,
  group: string,
  arch: VectorArch,
  wanted: WordWish,
  broken: readonly WordDemand[],
): Vector {
  const { flags } = call;
  const wish =
    flags === undefined
      ? wanted
      : { ...wanted, [flags]: arg(wanted.flags | BigInt(wanted[flags] as string)) };
  const { a0, a1, a2, a3, a4, a5, m0, m1, m2, m3, m4, m5, nsLevel } = wish;
  const args = [a0, a1, a2, a3, a4, a5].slice(0, Math.max(call.args.length, 1));
  const [width, ...words] = call.words ?? ["int"];
  const bytes = [m0, m1, m2, m3, m4, m5].slice(0, words.length).map((word) => {
    const value = BigInt(word as string);
    return width === "int" || (width === "long" && arch !== "x86_64")
      ? words32([Number(BigInt.asIntN(32, value))])
      : words64([value]);
  });
  const stages = [...(call.always ?? []), ...wish.preludes].map((name) => STAGES[name]);
  const { operations, around, takes } = besides(wish.child);
  const powers = [...stages.map((stage) => stage?.capable), takes ? "takes" : undefined];
  const incapable = wish.caps === "none";
  const inner: Operation[] = [
    ...operations(arch),
    ...stages.flatMap((stage) => stage?.operations(arch) ?? []),
    ...(incapable && powers.some((power) => power !== undefined) ? [drop(arch)] : []),
    {
      op: "sys",
      label: "c",
      name: call.call,
      nr: numberOf(call.call, arch) ?? -1,
      args: args.map((word) => (word === THERE ? hex(wish.at) : word)),
    },
  ];
  return {
    id,
    group,
    arch,
    caps: incapable && powers.includes("takes") ? "all" : wish.caps,
    nsLevel,
    nsInit: true,
    regions: pagesWith(bytes.join(""), wish.at),
    dump: [{ addr: hex(SCRATCH), size: 4096 }],
    program: around?.(arch, inner, !incapable) ?? inner,
    provenance: provenanceOf("kernel", broken),
  };
}

/** The pages of every case, with bytes at an address as far as a page reaches. */
function pagesWith(bytes: string, address: number): Region[] {
  const pages = [
    [SCRATCH, "rw-", MEMORY],
    [READ_ONLY, "r--", []],
    [SECOND, "rw-", [{ off: 4092, hex: words32([0x123]) }]],
  ] as const;
  return pages.map(([start, prot, patches]) => {
    const [from, to] = [Math.max(start - address, 0), Math.max(start + 4096 - address, 0)];
    const hexes = bytes.slice(from * 2, to * 2);
    const off = Math.max(address - start, 0);
    return page(start, prot, hexes === "" ? patches : [...patches, { off, hex: hexes }]);
  });
}
