import type { Arg, Operation, Region, Vector, VectorArch } from "../../src/conform/vector.ts";
import { arg, hex, page, sys, words32, words64 } from "./draft.ts";

/** Scratch of every case: the set_tid array, words to write to, the prelude's structs. */
export const SCRATCH = 0x10000000;
/** The page struct clone_args lies on; nothing is mapped on either side of it. */
const ARGS_PAGE = 0x10040000;
/** Nothing is mapped here. */
export const HOLE = 0x13370000;

/** Where set_tid numbers lie when they can be read. */
export const TIDS_AT = 0x10000100;
/** Where a pidfd and the tids may be written. */
export const PIDFD_AT = 0x10000200;
const USER_DESC_AT = SCRATCH + 0x400;
const PRELUDE_AT = 0x800;

/** clone's flags. Source: include/uapi/linux/sched.h. */
export const FLAG = {
  NEWTIME: 0x80n,
  VM: 0x100n,
  FS: 0x200n,
  FILES: 0x400n,
  SIGHAND: 0x800n,
  PIDFD: 0x1000n,
  PTRACE: 0x2000n,
  VFORK: 0x4000n,
  PARENT: 0x8000n,
  THREAD: 0x10000n,
  NEWNS: 0x20000n,
  SYSVSEM: 0x40000n,
  SETTLS: 0x80000n,
  PARENT_SETTID: 0x100000n,
  CHILD_CLEARTID: 0x200000n,
  DETACHED: 0x400000n,
  UNTRACED: 0x800000n,
  CHILD_SETTID: 0x1000000n,
  NEWCGROUP: 0x2000000n,
  NEWUTS: 0x4000000n,
  NEWIPC: 0x8000000n,
  NEWUSER: 0x10000000n,
  NEWPID: 0x20000000n,
  NEWNET: 0x40000000n,
  IO: 0x80000000n,
  CLEAR_SIGHAND: 0x100000000n,
  INTO_CGROUP: 0x200000000n,
} as const;

/** Something the program does before the call. */
export type Prelude =
  | "unshare-newpid"
  | "dead-namespace"
  | "unshare-newuser"
  | "no-files"
  | "no-processes"
  | "drop-capabilities";

/** One clone3 call in all that its ladder looks at. */
export interface Wish {
  readonly size: number;
  /** Whether the known part of the struct can be read. */
  readonly head: "readable" | "unreadable";
  /** What lies behind it, for a size beyond 88. */
  readonly tail: "none" | "zero" | "unreadable" | "nonzero" | "nonzero-then-unreadable";
  readonly flags: bigint;
  readonly exitSignal: bigint;
  readonly stack: bigint;
  readonly stackSize: bigint;
  readonly tls: "good" | "bad" | "wrong-entry" | "wrong-descriptor" | "unreadable";
  readonly setTid: "null" | "readable" | "unreadable";
  readonly setTidSize: number;
  /** Numbers, innermost first. */
  readonly tids: readonly number[];
  readonly pidfd: number;
  readonly parentTid: number;
  readonly cgroup: bigint;
  readonly capable: boolean;
  readonly nsLevel: number;
  readonly nsInit: boolean;
  readonly preludes: readonly Prelude[];
}

/** A call with nothing wrong. */
export const PLAIN: Wish = {
  size: 88,
  head: "readable",
  tail: "none",
  flags: 0n,
  exitSignal: 17n,
  stack: 0n,
  stackSize: 0n,
  tls: "good",
  setTid: "null",
  setTidSize: 0,
  tids: [],
  pidfd: PIDFD_AT,
  parentTid: SCRATCH + 0x300,
  cgroup: 0n,
  capable: true,
  nsLevel: 2,
  nsInit: true,
  preludes: [],
};

/** The call as a case, its child and its wait included. */
export function clone3Draft(id: string, group: string, arch: VectorArch, wish: Wish): Vector {
  const place = placement(wish);
  const fields = words64([
    wish.flags,
    wish.pidfd,
    SCRATCH + 0x308,
    wish.parentTid,
    wish.exitSignal,
    wish.stack,
    wish.stackSize,
    tlsWord(arch, wish),
    { null: 0, readable: TIDS_AT, unreadable: HOLE + 0x100 }[wish.setTid],
    wish.setTidSize,
    wish.cgroup,
  ]);
  return wishDraft(id, group, arch, wish, place.regions(fields), "clone3", [hex(place.at), wish.size]);
}

/** The same through clone: what has no place among its words is left out, and the pidfd goes where the parent's tid does. */
export function cloneDraft(id: string, group: string, arch: VectorArch, wish: Wish): Vector {
  const flags = arg(wish.flags | wish.exitSignal);
  const stack = arg(wish.stack);
  const parentTid = hex((wish.flags & FLAG.PIDFD) === 0n ? wish.parentTid : wish.pidfd);
  const childTid = hex(SCRATCH + 0x308);
  const tls = arg(tlsWord(arch, wish));
  // x86_64 has child_tid before tls, i386 behind it (rules §8).
  const args =
    arch === "x86_64" ? [flags, stack, parentTid, childTid, tls] : [flags, stack, parentTid, tls, childTid];
  return wishDraft(id, group, arch, wish, [], "clone", args);
}

function wishDraft(
  id: string,
  group: string,
  arch: VectorArch,
  wish: Wish,
  regions: readonly Region[],
  name: "clone" | "clone3",
  args: readonly Arg[],
): Vector {
  // A descriptor that is wrong, for the way that reads one: its entry, or what kind of segment it is of.
  const entry = wish.tls === "wrong-entry" ? 3 : 12;
  const desc = words32([entry, 0x12345000, 0xfffff, wish.tls === "wrong-descriptor" ? 0x50 : 0x51]);
  const scratch = page(SCRATCH, "rw-", [
    { off: 0x100, hex: words32(wish.tids.length > 0 ? wish.tids : [500, 501, 502]) },
    { off: USER_DESC_AT - SCRATCH, hex: desc },
    ...(wish.preludes.length > 0 ? preludeData() : []),
  ]);
  return {
    id,
    group,
    arch,
    caps: wish.capable || wish.preludes.length > 0 ? "all" : "none",
    nsLevel: wish.nsLevel,
    nsInit: wish.nsInit,
    regions: [scratch, ...regions],
    dump: [{ addr: hex(SCRATCH), size: 4096 }],
    program: [
      ...wish.preludes.flatMap((prelude) => preludeOperations(arch, prelude)),
      ...(!wish.capable && wish.preludes.length > 0 ? preludeOperations(arch, "drop-capabilities") : []),
      sys(arch, "c", name, args, {
        child: [sys(arch, "c_pid", "getpid"), { op: "nspid", of: "c" }],
        childDump: true,
      }),
      sys(arch, "w", "wait4", [{ ret: "c" }, 0, 0x40000000]),
    ],
  };
}

/** Where the struct lies, so that its head and its tail are what they should be. */
function placement(wish: Wish): { at: number; regions: (fields: string) => Region[] } {
  const { head, tail } = wish;
  const none = (): Region[] => [];
  if (head === "unreadable") {
    if (tail !== "nonzero") return { at: HOLE, regions: none };
    // The head ends where the page with the tail begins.
    return { at: ARGS_PAGE - 88, regions: () => [page(ARGS_PAGE, "rw-", [{ off: 0, hex: "01" }], "00")] };
  }
  const beyond = { none: 0, zero: 0, nonzero: 0, unreadable: 88, "nonzero-then-unreadable": 92 }[tail];
  const off = beyond === 0 ? 0 : 4096 - beyond;
  const mark = tail === "nonzero" || tail === "nonzero-then-unreadable" ? [{ off: off + 88, hex: "01" }] : [];
  return {
    at: ARGS_PAGE + off,
    regions: (fields) => [page(ARGS_PAGE, "rw-", [{ off, hex: fields }, ...mark], "00")],
  };
}

function tlsWord(arch: VectorArch, { tls }: Wish): bigint {
  if (arch === "x86_64") return tls === "good" ? BigInt(SCRATCH) : 0x7ffffffff000n;
  return BigInt(tls === "unreadable" || tls === "bad" ? HOLE : USER_DESC_AT);
}

function preludeData(): { off: number; hex: string }[] {
  return [
    // Two limits of nothing, then a capability header of version 3 and empty sets.
    { off: PRELUDE_AT, hex: words64([0, 0]) },
    { off: PRELUDE_AT + 0x10, hex: words64([3, 3]) },
    { off: PRELUDE_AT + 0x40, hex: words32([0x20080522, 0]) },
    { off: PRELUDE_AT + 0x50, hex: words32([0, 0, 0, 0, 0, 0]) },
  ];
}

function preludeOperations(arch: VectorArch, prelude: Prelude): Operation[] {
  const at = (offset: number): string => hex(SCRATCH + PRELUDE_AT + offset);
  switch (prelude) {
    case "unshare-newpid":
      return [sys(arch, "u", "unshare", [arg(FLAG.NEWPID)])];
    case "unshare-newuser":
      return [sys(arch, "uu", "unshare", [arg(FLAG.NEWUSER)])];
    case "dead-namespace":
      return [
        sys(arch, "u", "unshare", [arg(FLAG.NEWPID)]),
        sys(arch, "f", "fork", [], { child: [] }),
        sys(arch, "wf", "wait4", [{ ret: "f" }, 0, 0x40000000]),
      ];
    case "no-files":
      return [sys(arch, "nofile", "prlimit64", [0, 7, at(0x10), 0])];
    case "no-processes":
      return [
        sys(arch, "nproc", "prlimit64", [0, 6, at(0), 0]),
        sys(arch, "uid", "setresuid", [1000, 1000, 1000]),
      ];
    case "drop-capabilities":
      return [sys(arch, "drop", "capset", [at(0x40), at(0x50)])];
  }
}
