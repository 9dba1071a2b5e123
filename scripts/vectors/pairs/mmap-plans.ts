import type { Arg } from "../../../src/conform/vector.ts";
import { HOLE, SCRATCH } from "../clone3-wish.ts";
import { hex } from "../draft.ts";
import { type Allowed, demand, type Key, planOf, THERE, type WordDemand, type WordPlan } from "./words.ts";

/** mmap's flags. Source: asm-generic/mman-common.h. */
const MAP = {
  FIXED: 0x10n,
  ANONYMOUS: 0x20n,
  GROWSDOWN: 0x100n,
  LOCKED: 0x2000n,
  HUGETLB: 0x40000n,
  SYNC: 0x80000n,
  FIXED_NOREPLACE: 0x100000n,
} as const;
const { FIXED, ANONYMOUS, GROWSDOWN, LOCKED, HUGETLB, SYNC, FIXED_NOREPLACE } = MAP;
/** Huge pages of 32 bytes. */
const STRANGE_SIZE = 5n << 26n;
const ANY_SIZE = 0x3fn << 26n;
const TYPE = { SHARED: 1, PRIVATE: 2, VALIDATE: 3, DROPPABLE: 8 } as const;
const PROT = { RW: 3, EXEC: 4, ALL: 7 } as const;
/** Descriptors: /dev/null, the ends of a pipe, nobody's. */
const FD = { NULL: 0, READ: 3, WRITE: 4, NONE: 99 } as const;
const FREE = "0x20000000";
const MAPPED = hex(SCRATCH);
/** Below sysctl mmap_min_addr. */
const LOW = 0;
const ODD = { FREE: "0x20000001", MAPPED: hex(SCRATCH + 1), LOW: 1 } as const;

/** What is too long or too high, where longs have 64 bits. */
const WIDE = {
  /** It passes for −EINVAL. */
  ERRNO: "0xffffffffffffffea",
  BEYOND: "0x800000000000",
  BEYOND_ODD: "0x800000000001",
  ENDLESS: "0xffffffffffffffff",
  OFFSET: "0xfffffffffffff000",
  OFFSET_ODD: "0xfffffffffffff001",
} as const;
/**
 * The same for a 32-bit program on a 64-bit kernel, to which no 32 bits are an errno. A 64-bit program that enters by
 * int 0x80 has room for all that 32 bits can say.
 */
const NARROW = { BEYOND: "0xfffff000", BEYOND_ODD: "0xfffff001" } as const;

const ONE_FILE = "a call has one descriptor";
const ONE_TYPE = "a mapping has one type";
const MEMORY = "no program can make the kernel's own memory run out";
const NARROW_WORDS = "32-bit words are never that much to a 64-bit kernel";

/** The words of a mapping, wherever a call has them. */
interface Places {
  readonly addr: Key;
  readonly length: Key;
  readonly prot: Key;
  readonly type: Key;
  readonly fd: Key;
  readonly offset: Key;
}

const REGISTERS: Places = { addr: "a0", length: "a1", prot: "a2", type: "a3", fd: "a4", offset: "a5" };
const STRUCT: Places = { addr: "m0", length: "m1", prot: "m2", type: "m3", fd: "m4", offset: "m5" };
const PLAIN: readonly Arg[] = [FREE, 4096, PROT.RW, TYPE.PRIVATE, FD.NULL, 0];

/** do_mmap's ladder, with the words of a call in their places. */
function doMmap(at: Places, wide: boolean): readonly WordDemand[] {
  const { BEYOND, BEYOND_ODD } = wide ? WIDE : NARROW;
  const word = (values: Partial<Record<keyof Places, readonly Arg[]>>): Allowed =>
    Object.fromEntries(Object.entries(values).map(([name, list]) => [at[name as keyof Places], list]));
  const long = wide ? [BEYOND, WIDE.ENDLESS] : [BEYOND];
  const own = wide ? ["x86_64"] : ["i386"];
  const any = [FD.NULL, FD.READ, FD.WRITE];
  const file = { off: ANONYMOUS };
  return [
    demand("bad-fd", "descriptor 99", { ...file, allow: word({ fd: [FD.NONE] }) }),
    demand("huge-page-size", "huge pages of 32 bytes", { on: HUGETLB | STRANGE_SIZE }),
    demand("huge-page-size", "huge pages of /dev/null", {
      rule: "huge-page-size-file",
      ...file,
      on: HUGETLB,
      allow: word({ fd: [...any, FD.NONE] }),
    }),
    demand("length-zero", "length 0", { allow: word({ length: [0] }) }),
    ...(wide ? [demand("length-too-long", "2^64 bytes", { allow: word({ length: [WIDE.ENDLESS] }) })] : []),
    demand("no-room", "more than user space", { only: own, allow: word({ length: long }) }),
    ...(wide
      ? [demand("address-is-errno", "at −22", { on: FIXED, allow: word({ addr: [WIDE.ERRNO] }) })]
      : []),
    demand("no-room", "beyond user space", {
      rule: "no-room-there",
      only: own,
      on: FIXED,
      // Where huge pages cannot begin, that is said first.
      ...(wide ? {} : { off: HUGETLB }),
      allow: word({ addr: [BEYOND, BEYOND_ODD, WIDE.ERRNO] }),
    }),
    demand("address-unaligned", "at an odd address", {
      on: FIXED,
      allow: word({ addr: [ODD.FREE, BEYOND_ODD, ODD.MAPPED, ODD.LOW, WIDE.ERRNO] }),
    }),
    demand("below-min-addr", "at 0 without CAP_SYS_RAWIO", {
      on: FIXED,
      allow: { ...word({ addr: [LOW, ODD.LOW] }), caps: ["none"] },
    }),
    demand("already-mapped", "MAP_FIXED_NOREPLACE of what is mapped", {
      on: FIXED_NOREPLACE,
      allow: word({ addr: [MAPPED, ODD.MAPPED, LOW] }),
    }),
    demand("lock-not-permitted", "MAP_LOCKED with RLIMIT_MEMLOCK 0", {
      on: LOCKED,
      allow: { caps: ["none"] },
      preludes: ["no-locking"],
    }),
    demand("lock-limit", "MAP_LOCKED of more than RLIMIT_MEMLOCK", {
      on: LOCKED,
      allow: { ...word({ length: [0x2000, ...long] }), caps: ["none"] },
      preludes: ["little-locking"],
      without: { "no-locking": "RLIMIT_MEMLOCK is 0, or it is not" },
    }),
    ...(wide
      ? [
          demand("file-offset-overflow", "at the end of 2^64 bytes", {
            ...file,
            allow: word({ fd: any, offset: [WIDE.OFFSET, WIDE.OFFSET_ODD] }),
          }),
        ]
      : []),
    demand("unknown-flag", "MAP_SYNC of a file that is none", {
      ...file,
      on: SYNC,
      allow: word({ fd: any, type: [TYPE.VALIDATE] }),
    }),
    demand("file-not-writable", "a pipe's end that is read from, shared and writable", {
      ...file,
      allow: word({ fd: [FD.READ], prot: [PROT.RW, PROT.ALL], type: [TYPE.SHARED, TYPE.VALIDATE] }),
    }),
    demand("map-type", "of no type", { allow: word({ type: [0] }) }),
    demand("file-not-readable", "a pipe's end that is written to", {
      ...file,
      allow: word({ fd: [FD.WRITE] }),
    }),
    demand("file-noexec", "a pipe, executable", {
      ...file,
      allow: word({ fd: [FD.READ, FD.WRITE], prot: [PROT.EXEC, PROT.ALL] }),
    }),
    demand("no-such-operation", "/dev/null, or a pipe", { ...file, allow: word({ fd: any }) }),
    demand("droppable", "MAP_DROPPABLE that grows", {
      on: ANONYMOUS | GROWSDOWN,
      allow: word({ type: [TYPE.DROPPABLE] }),
    }),
    demand("shared-grows", "MAP_SHARED that grows", {
      on: ANONYMOUS | GROWSDOWN,
      allow: word({ type: [TYPE.SHARED] }),
    }),
    demand("address-space-limit", "with RLIMIT_AS of a page", { preludes: ["little-memory"] }),
    demand("no-huge-pages", "huge pages, of which there are none", {
      on: HUGETLB | ANONYMOUS,
      off: ANY_SIZE,
    }),
  ];
}

function mmap(call: "mmap" | "mmap2" | "old_mmap"): WordPlan {
  const wide = call === "mmap";
  const at = call === "old_mmap" ? STRUCT : REGISTERS;
  const odd: Arg[] = wide ? [1, WIDE.OFFSET_ODD] : [1];
  return planOf({
    call,
    ...(call === "old_mmap" ? { args: [THERE], words: ["int", ...PLAIN] } : { args: PLAIN }),
    flags: at.type,
    bits: ANONYMOUS,
    always: ["pipe"],
    preludes: ["low", "no-locking", "little-locking", "little-memory"],
    demands: [
      ...(call === "old_mmap"
        ? [demand("arguments-unreadable", "arguments in a hole", { allow: { at: [HOLE] } })]
        : []),
      ...(call === "mmap2" ? [] : [demand("offset-unaligned", "offset 1", { allow: { [at.offset]: odd } })]),
      ...doMmap(at, wide),
    ],
    clash: {
      [at.addr]: "a call has one address",
      [at.length]: "a call has one length",
      [at.fd]: ONE_FILE,
      [at.type]: ONE_TYPE,
      [at.prot]: "a call has one protection",
    },
    // Where it takes a capability something is mapped only if a case maps it.
    settle: (wish, demands) =>
      wish[at.addr] === LOW && demands.some(({ rung }) => rung === "already-mapped")
        ? { ...wish, preludes: ["low", ...wish.preludes] }
        : wish,
    apart: [
      {
        rungs: ["length-too-long"],
        with: ["no-huge-pages"],
        because: "rounded up to whole huge pages that length is 0",
      },
      {
        rungs: ["address-is-errno"],
        with: ["no-huge-pages"],
        because: "no huge page begins there, which is said first",
      },
      ...(call === "old_mmap"
        ? [
            {
              rungs: ["arguments-unreadable"],
              with: ["offset-unaligned", ...doMmap(at, wide).map(({ rung }) => rung)],
              because: "what is in a struct that cannot be read is nobody's fault",
            },
          ]
        : []),
    ],
    unobservable: {
      "offset-overflow": "it takes a 32-bit kernel",
      "too-many-mappings": "it takes 65530 mappings",
      "below-min-addr-late": "it is of 2009",
      "no-memory": MEMORY,
      ...(wide
        ? {}
        : {
            "length-too-long": NARROW_WORDS,
            "address-is-errno": NARROW_WORDS,
            "file-offset-overflow": NARROW_WORDS,
          }),
    },
  });
}

/** The plans of calls that map. */
export const MMAP_PLANS: readonly WordPlan[] = [mmap("mmap"), mmap("mmap2"), mmap("old_mmap")];
