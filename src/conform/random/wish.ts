import { CLONE } from "../../abi/structs/index.ts";
import type { VectorArch } from "../vector.ts";

/** A bit of a clone flag word. */
const bit = (name: Exclude<keyof typeof CLONE, "CSIGNAL">): bigint => BigInt(CLONE[name]);

/** CLONE_NEWTIME is in the low byte, and clone3's alone; the last two named ones are above 32 bits, and its alone too. */
const NEWTIME = 0x80n;
const CLEAR_SIGHAND = 1n << 32n;
const INTO_CGROUP = 1n << 33n;
/** Bits that nobody has defined. */
const UNKNOWN = [1n << 34n, 1n << 63n] as const;

/** The bits cases try. CLONE_NEWNET is left out: making networks takes a live kernel longer than everything else. */
export const FLAG_BITS: readonly bigint[] = [
  NEWTIME,
  ...(["VM", "FS", "FILES", "SIGHAND", "PIDFD", "VFORK", "PARENT", "THREAD", "NEWNS"] as const).map(bit),
  ...(["SYSVSEM", "SETTLS", "PARENT_SETTID", "CHILD_CLEARTID", "DETACHED", "UNTRACED"] as const).map(bit),
  ...(["CHILD_SETTID", "NEWCGROUP", "NEWUTS", "NEWIPC", "NEWUSER", "NEWPID", "IO"] as const).map(bit),
  CLEAR_SIGHAND,
  INTO_CGROUP,
  ...UNKNOWN,
];

/** Where struct clone_args lies. */
export const ARGS_PLACES = ["middle", "page-end", "crosses", "read-only", "hole", "null", "kernel"] as const;

/** A clone or clone3 call and where it is made, in parts that can be made plainer one by one. */
export interface CloneWish {
  readonly arch: VectorArch;
  readonly call: "clone3" | "clone";
  readonly caps: "all" | "none" | readonly string[];
  /** 1 … 3: above level 0 everything is deterministic. */
  readonly nsLevel: number;
  readonly nsInit: boolean;
  /** unshare(CLONE_NEWPID) comes first. */
  readonly unshared: boolean;
  /** One bit each. */
  readonly flags: readonly bigint[];
  readonly exitSignal: bigint;
  readonly stack: bigint;
  readonly stackSize: bigint;
  readonly tls: bigint;
  /** entry_number of the user_desc that {@link tls} may point at. */
  readonly tlsEntry: number;
  readonly pidfd: bigint;
  readonly childTid: bigint;
  readonly parentTid: bigint;
  readonly cgroup: bigint;
  readonly setTid: bigint;
  readonly setTidSize: bigint;
  /** What lies where numbers can be read, innermost first. */
  readonly tids: readonly number[];
  readonly place: (typeof ARGS_PLACES)[number];
  readonly size: number;
  /** A byte behind the known struct is not zero. */
  readonly tail: boolean;
  /** Upper halves of argument registers. */
  readonly high: number;
}

/** The call with nothing in it: what shrinking moves towards. */
export const PLAINEST: CloneWish = {
  arch: "x86_64",
  call: "clone3",
  caps: "all",
  nsLevel: 1,
  nsInit: true,
  unshared: false,
  flags: [],
  exitSignal: 17n,
  stack: 0n,
  stackSize: 0n,
  tls: 0n,
  tlsEntry: 12,
  pidfd: 0n,
  childTid: 0n,
  parentTid: 0n,
  cgroup: 0n,
  setTid: 0n,
  setTidSize: 0n,
  tids: [],
  place: "middle",
  size: 88,
  tail: false,
  high: 0,
};

/** Calls that are plainer than `wish` in one part, the boldest first. */
export function* plainer(wish: CloneWish): Generator<CloneWish> {
  for (const key of Object.keys(PLAINEST) as (keyof CloneWish)[]) {
    if (String(wish[key]) !== String(PLAINEST[key])) yield { ...wish, [key]: PLAINEST[key] };
  }
  for (const flag of wish.flags) yield { ...wish, flags: wish.flags.filter((other) => other !== flag) };
  if (wish.nsLevel > 2) yield { ...wish, nsLevel: wish.nsLevel - 1 };
  if (wish.setTidSize > 1n) yield { ...wish, setTidSize: wish.setTidSize - 1n };
  for (const [i, tid] of wish.tids.entries())
    if (tid !== PLAIN_TID) yield { ...wish, tids: wish.tids.with(i, PLAIN_TID) };
  if (typeof wish.caps !== "string" && wish.caps.length > 1)
    for (const cap of wish.caps) yield { ...wish, caps: wish.caps.filter((other) => other !== cap) };
}

const PLAIN_TID = 500;
