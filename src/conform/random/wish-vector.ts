import { CLONE } from "../../abi/structs/index.ts";
import type { Arg, Operation, Region, SysOperation, Vector } from "../vector.ts";
import { hexWord } from "../words.ts";
import type { CloneWish } from "./wish.ts";

/** Where things lie in a case. */
export const AT = {
  scratch: 0x10000000n,
  /** The set_tid array. */
  tids: 0x10000100n,
  /** A word to write to. */
  word: 0x10000300n,
  userDesc: 0x10000400n,
  readOnly: 0x10010000n,
  /** A page nobody may touch. */
  nothing: 0x10020000n,
  /** The page of struct clone_args; nothing is mapped on either side. */
  args: 0x10040000n,
  hole: 0x13370000n,
} as const;

const PAGE = 4096n;
const WALL = "0x40000000";
/** Bytes of the struct the kernel knows. */
const KNOWN = 88;

/** Numbers of the calls random cases make. */
export const CASE_NUMBERS = {
  x86_64: {
    clone: 56,
    clone3: 435,
    unshare: 272,
    wait4: 61,
    waitid: 247,
    getpid: 39,
    gettid: 186,
    getppid: 110,
    getpgid: 121,
    getsid: 124,
    setpgid: 109,
    setsid: 112,
    kill: 62,
    pause: 34,
    rt_sigaction: 13,
    rt_sigprocmask: 14,
    prctl: 157,
    exit: 60,
    exit_group: 231,
    dup: 32,
    fork: 57,
  },
  i386: {
    clone: 120,
    clone3: 435,
    unshare: 310,
    wait4: 114,
    waitid: 284,
    getpid: 20,
    gettid: 224,
    getppid: 64,
    getpgid: 132,
    getsid: 147,
    setpgid: 57,
    setsid: 66,
    kill: 37,
    pause: 29,
    rt_sigaction: 174,
    rt_sigprocmask: 175,
    prctl: 172,
    exit: 1,
    exit_group: 252,
    dup: 41,
    fork: 2,
  },
} as const;

/**
 * The case of a wish: the call, a child that says who it is, a wait for it, and then whatever shows what the call has
 * used up: the next descriptor and the next pid.
 */
export function vectorOfWish(id: string, wish: CloneWish): Vector {
  const { arch, caps, nsLevel, nsInit } = wish;
  const flags = flagWord(wish);
  const sharesVm = (flags & BigInt(CLONE.VM)) !== 0n;
  const call = (label: string, name: keyof (typeof CASE_NUMBERS)["i386"], ...args: Arg[]): SysOperation => ({
    op: "sys",
    label,
    name,
    nr: CASE_NUMBERS[arch === "x86_64" ? "x86_64" : "i386"][name],
    args,
  });
  const child: Operation[] = [
    call("c_pid", "getpid"),
    call("c_tid", "gettid"),
    call("c_ppid", "getppid"),
    { op: "nspid", of: "c" },
  ];
  const dump: Vector["dump"] = [AT.scratch, AT.readOnly].map((addr) => ({ addr: hexWord(addr), size: 4096 }));
  return {
    id,
    group: "random",
    arch,
    caps,
    nsLevel,
    nsInit,
    regions: regions(wish, flags),
    dump,
    program: [
      ...(wish.unshared ? [call("u", "unshare", CLONE.NEWPID)] : []),
      {
        ...(wish.call === "clone3"
          ? call("c", "clone3", ...clone3Words(wish))
          : call("c", "clone", ...cloneWords(wish, flags))),
        child,
        ...(sharesVm ? { childSharesVm: true } : { childDump: true }),
      },
      call("w", "wait4", { ret: "c" }, 0, WALL, 0),
      call("g", "getpid"),
      call("fd", "dup", 0),
      { ...call("f", "fork"), child: [] },
      call("w_f", "wait4", { ret: "f" }, 0, WALL, 0),
    ],
  };
}

/**
 * The flags, and CLONE_VFORK where without it two tasks would run at the same time on one memory, or the child with
 * nobody to wait for it.
 */
function flagWord({ flags, exitSignal, call }: CloneWish): bigint {
  const all = flags.reduce((word, flag) => word | flag, 0n);
  const needs = BigInt(CLONE.VM | CLONE.PARENT | CLONE.THREAD);
  const word = (all & needs) === 0n ? all : all | BigInt(CLONE.VFORK);
  return call === "clone" ? (word & ~0xffn) | (exitSignal & 0xffn) : word;
}

function regions(wish: CloneWish, flags: bigint): Region[] {
  const desc = words([wish.tlsEntry, 0x12345000, 0xfffff, 0x51], 4);
  const page = (at: bigint, prot: string, fill: string, data: Region["data"]): Region => ({
    addr: hexWord(at),
    size: Number(PAGE),
    prot,
    fill,
    ...(data === undefined ? {} : { data }),
  });
  const scratch = page(AT.scratch, "rw-", "aa", [
    ...(wish.tids.length === 0 ? [] : [{ off: Number(AT.tids - AT.scratch), hex: words(wish.tids, 4) }]),
    { off: Number(AT.userDesc - AT.scratch), hex: desc },
  ]);
  const plain = [
    scratch,
    page(AT.readOnly, "r--", "aa", undefined),
    page(AT.nothing, "---", "aa", undefined),
  ];
  if (wish.call === "clone") return plain;
  const off = offset(wish);
  if (off === null) return plain;
  const bytes = words(fields(wish, flags), 8) + (wish.tail ? "01" : "");
  const fits = bytes.slice(0, 2 * Math.max(0, Number(PAGE) - off));
  return [...plain, page(AT.args, wish.place === "read-only" ? "r--" : "rw-", "00", [{ off, hex: fits }])];
}

/** Where on its page the struct begins; null where it lies on no page of the case. */
function offset({ place, size }: CloneWish): number | null {
  switch (place) {
    case "middle":
    case "read-only":
      return 0;
    case "page-end":
      return Math.max(0, Number(PAGE) - Math.max(8, size));
    case "crosses":
      return Number(PAGE) - Math.max(8, Math.min(size, KNOWN)) + 8;
    default:
      return null;
  }
}

function fields(wish: CloneWish, flags: bigint): bigint[] {
  const { pidfd, childTid, parentTid, exitSignal, stack, stackSize, tls, setTid, setTidSize, cgroup } = wish;
  return [flags, pidfd, childTid, parentTid, exitSignal, stack, stackSize, tls, setTid, setTidSize, cgroup];
}

function clone3Words(wish: CloneWish): Arg[] {
  const { place, size, arch, high } = wish;
  const off = offset(wish);
  const bad = { null: 0n, hole: AT.hole, kernel: 0xffff_8880_0000_0000n };
  const at = off === null ? bad[place as keyof typeof bad] : AT.args + BigInt(off);
  // int 0x80 looks at the lower halves only; on x86_64 a size has both.
  const upper = BigInt(high) << 32n;
  return [
    hexWord(arch === "int80" ? at | upper : at),
    arch === "i386" ? size : hexWord(BigInt(size) | upper),
  ];
}

function cloneWords({ arch, stack, parentTid, childTid, tls, high }: CloneWish, flags: bigint): Arg[] {
  const ordered = arch === "x86_64" ? [stack, parentTid, childTid, tls] : [stack, parentTid, tls, childTid];
  const upper = BigInt(high) << 32n;
  const word = (value: bigint, i: number): Arg => {
    if (arch === "i386") return hexWord(value & 0xffffffffn);
    if (arch === "int80") return hexWord((value & 0xffffffffn) | upper);
    return hexWord(i === 0 ? value | upper : value);
  };
  return [flags & 0xffffffffn, ...ordered].map(word);
}

/** Little-endian words in hex digits. */
function words(values: readonly (number | bigint)[], bytes: 4 | 8): string {
  let hex = "";
  for (const value of values) {
    const pattern = BigInt.asUintN(8 * bytes, BigInt(value));
    for (let i = 0; i < bytes; i++) hex += ((pattern >> BigInt(8 * i)) & 0xffn).toString(16).padStart(2, "0");
  }
  return hex;
}
