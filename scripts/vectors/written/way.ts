import type { Arg, Patch, Region, SysOperation, Vector, VectorArch } from "../../../src/conform/vector.ts";
import { type CallName, hex, numberOf, page, words32, words64 } from "../draft.ts";

/** A way into a kernel of that time: a 64-bit one by three ways, or a 32-bit one. */
export type OldWay = "x86_64" | "i386" | "int80" | "i386-kernel";

/** The eras that cases are written for. */
export type OldProfile = "cwp-v2" | "cwp-v2-newpid" | "cwp-v3" | "eclone";

/** The program of a way, and its kernel. */
export function settingOf(way: OldWay): Pick<Vector, "arch" | "kernel"> {
  return way === "i386-kernel" ? { arch: "i386", kernel: "i386" } : { arch: way };
}

/** Whether its programs see 64-bit words and layouts. */
export const isWide = (way: OldWay): boolean => way === "x86_64";

/** The table its numbers come from. */
const tableOf = (way: OldWay): VectorArch => (isWide(way) ? "x86_64" : "i386");

/** A call that is there today too, by name. */
export function plainCall(
  way: OldWay,
  label: string,
  name: CallName,
  args: readonly Arg[] = [],
  more: Partial<SysOperation> = {},
): SysOperation {
  return { op: "sys", label, name, nr: numberOf(name, tableOf(way)), args, ...more };
}

/** clone_with_pids by posting (rules §3.1): native, and i386; x86_64's are trapgate's own. */
const CLONE_WITH_PIDS = { "cwp-v2": [297, 335], "cwp-v2-newpid": [297, 335], "cwp-v3": [299, 337] } as const;
/** eclone (rules §5.2): native, and i386. */
const ECLONE = [300, 338] as const;

/** The number of the call that chooses pids. */
export function chooserOf(profile: OldProfile, way: OldWay): number {
  const [native, i386] = profile === "eclone" ? ECLONE : CLONE_WITH_PIDS[profile];
  return isWide(way) ? native : i386;
}

/** Scratch of every case, in one page: struct, array, descriptor, tids. */
export const AT = {
  scratch: 0x10000000,
  /** Three structs, 64 bytes apart, and as many arrays. */
  struct: 0x10000040,
  array: 0x10000100,
  parentTid: 0x10000300,
  childTid: 0x10000308,
  descriptor: 0x10000400,
  status: 0x10000600,
  stack: 0x10000f00,
  /** Nothing is mapped here. */
  hole: 0x13370000,
} as const;

/** One call that chooses pids, as a program says it; what is left out is 0, or as it should be. */
export interface OldCall {
  readonly flags?: number;
  /** Default SIGCHLD. */
  readonly signal?: number;
  readonly stack?: number;
  readonly parentTid?: number;
  readonly childTid?: number;
  /** A word for CLONE_SETTLS: an argument in 2009, the register behind the arguments in eclone. */
  readonly tls?: number | bigint;
  /** Oldest namespace first; none at all when left out. */
  readonly pids?: readonly number[];
  /** Which struct and array of the page: 0 to 2, for programs of several calls. */
  readonly slot?: 0 | 1 | 2;
  /** The count, where it is not the array's. */
  readonly count?: number;
  /** Where the set or the struct is said to be, and the array. */
  readonly struct?: number | bigint;
  readonly array?: number | bigint;
  /** Of eclone alone. */
  readonly size?: number | bigint;
  readonly flagsHigh?: bigint;
  readonly stackSize?: bigint;
  readonly reserved?: number;
  /** Bits above the 32 of a flag word. */
  readonly above?: bigint;
}

/** The call, and what it needs in memory. */
export interface SaidCall {
  readonly operation: SysOperation;
  readonly data: readonly Patch[];
}

const SLOT = 0x40;
const SIGCHLD = 17;
const word = (value: number | bigint): Arg => {
  const wide = BigInt.asUintN(64, BigInt(value));
  return wide < 0x1000n ? Number(wide) : hex(wide);
};

/** Says a call on a way in, in the words of its era. */
export function say(
  profile: OldProfile,
  way: OldWay,
  label: string,
  call: OldCall,
  more: Partial<SysOperation> = {},
): SaidCall {
  const { pids, slot = 0 } = call;
  const [structAt, arrayAt] = [AT.struct + slot * SLOT, AT.array + slot * SLOT];
  const off = (at: number): number => at - AT.scratch;
  const array = call.array ?? arrayAt;
  const numbers = pids === undefined ? [] : [{ off: off(arrayAt), hex: words32(pids) }];
  const count = call.count ?? pids?.length ?? 0;
  const flags = BigInt((((call.flags ?? 0) | (call.signal ?? SIGCHLD)) >>> 0) + 0) | (call.above ?? 0n);
  const [parentTid, childTid] = [call.parentTid ?? 0, call.childTid ?? 0];
  const operation = (args: readonly (number | bigint)[], regs = more.regs): SysOperation => ({
    op: "sys",
    label,
    name: profile === "eclone" ? "eclone" : "clone_with_pids",
    nr: chooserOf(profile, way),
    args: args.map(word),
    ...more,
    ...(regs === undefined ? {} : { regs }),
  });
  if (profile === "eclone") {
    const struct =
      words64([call.flagsHigh ?? 0n, call.stack ?? 0, call.stackSize ?? 0n, parentTid, childTid]) +
      words32([count, call.reserved ?? 0]);
    const data = [{ off: off(structAt), hex: struct }, ...numbers];
    const args = [
      flags,
      call.struct ?? structAt,
      call.size ?? 48,
      pids === undefined ? (call.array ?? 0) : array,
    ];
    // A 64-bit task's copy_thread takes the word from r8, whatever it came in by.
    const tls =
      call.tls === undefined || way === "i386" || way === "i386-kernel"
        ? {}
        : { "8": word(call.tls) as string };
    const regs = { ...more.regs, ...tls };
    return { operation: operation(args, Object.keys(regs).length > 0 ? regs : undefined), data };
  }
  const set = isWide(way)
    ? words32([count, 0]) + words64([array])
    : words32([count, Number(BigInt.asUintN(32, BigInt(array)))]);
  const data = pids === undefined ? [] : [{ off: off(structAt), hex: set }, ...numbers];
  const at = call.struct ?? (pids === undefined ? 0 : structAt);
  const tls = call.tls ?? 0;
  const words = isWide(way)
    ? [flags, call.stack ?? 0, parentTid, childTid, tls, at]
    : [flags, call.stack ?? 0, parentTid, tls, childTid, at];
  return { operation: operation(words), data };
}

/** The page of every case. */
export function scratch(data: readonly Patch[]): Region {
  return page(AT.scratch, "rw-", data);
}
