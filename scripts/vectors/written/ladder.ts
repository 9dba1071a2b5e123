import { CLONE } from "../../../src/abi/structs/index.ts";
import type { SysOperation, Vector } from "../../../src/conform/vector.ts";
import { hex, words32 } from "../draft.ts";
import {
  type Apart,
  type BaseWish,
  type Demand,
  type Plan,
  provenanceOf,
  type Unobservable,
} from "../pairs/join.ts";
import { written } from "./case.ts";
import { AT, isWide, type OldCall, type OldProfile, type OldWay, plainCall, say } from "./way.ts";

/** One call of the time in all that its ladder looks at. */
export interface OldWish extends BaseWish {
  /** Numbers are asked for. */
  readonly asked: boolean;
  /** struct target_pid_set, or eclone's struct. */
  readonly struct: "readable" | "unreadable";
  readonly count: "fits" | "negative" | "deep";
  readonly array: "readable" | "unreadable";
  readonly inner: number;
  readonly outer: number;
  /** In the new namespace, for the one rule that has a slot for it. */
  readonly last: number;
  readonly tls: "good" | "unreadable" | "entry" | "base";
  readonly caps: "all" | "no-setuid" | "none";
  readonly nsInit: boolean;
  readonly size: number;
  readonly reserved: number;
  readonly flagsHigh: bigint;
  readonly stackSize: bigint;
}

/** A rung, what breaks it, and what the rules say it answers. */
export interface OldDemand extends Demand<OldWish> {
  readonly errno: string;
}

const PLAIN: OldWish = {
  flags: 0n,
  preludes: [],
  asked: false,
  struct: "readable",
  count: "fits",
  array: "readable",
  inner: 99,
  outer: 77,
  last: 1,
  tls: "good",
  caps: "all",
  nsInit: true,
  size: 48,
  reserved: 0,
  flagsHigh: 0n,
  stackSize: 0n,
};

const flags = (...names: (keyof typeof CLONE)[]): bigint =>
  names.reduce((all, name) => all | BigInt(CLONE[name]), 0n);

/** The caller stands at level 2 and is init there: it and the init above have this number. */
const TAKEN = 1;
const PID_MAX = 32768;
const GIVEN = { asked: [true], struct: ["readable"], array: ["readable"] } as const;
const NATIVE: readonly OldWay[] = ["x86_64", "int80"];
const X86_64: readonly OldWay[] = ["x86_64"];
const I386_KERNEL: readonly OldWay[] = ["i386-kernel"];

/** Rules. */
const NEWUSER: readonly OldDemand[] = [
  {
    rung: "newuser-thread",
    rule: "A-03",
    what: "NEWUSER and THREAD",
    errno: "EINVAL",
    on: flags("NEWUSER", "THREAD"),
  },
  {
    rung: "newuser-not-capable",
    rule: "A-04",
    what: "NEWUSER without CAP_SETUID",
    errno: "EPERM",
    on: flags("NEWUSER"),
    allow: { caps: ["no-setuid", "none"] },
  },
];

/** Ladder B of 2.6.30 (rules §4), in check order; B-23 and B-24 came with 2.6.32. */
const BASE: readonly OldDemand[] = [
  { rung: "newns-fs", rule: "B-01", what: "NEWNS and FS", errno: "EINVAL", on: flags("NEWNS", "FS") },
  {
    rung: "thread-without-sighand",
    rule: "B-02",
    what: "THREAD without SIGHAND",
    errno: "EINVAL",
    on: flags("THREAD"),
    off: flags("SIGHAND"),
  },
  {
    rung: "sighand-without-vm",
    rule: "B-03",
    what: "SIGHAND without VM",
    errno: "EINVAL",
    on: flags("SIGHAND"),
    off: flags("VM"),
  },
  {
    rung: "parent-by-init",
    rule: "B-23",
    what: "PARENT by an init",
    errno: "EINVAL",
    on: flags("PARENT"),
    allow: { nsInit: [true] },
  },
  {
    rung: "nproc-limit",
    rule: "B-06",
    what: "a user that may have no process",
    errno: "EAGAIN",
    allow: { caps: ["none"] },
    preludes: ["no-processes"],
  },
  {
    rung: "namespace-not-capable",
    rule: "B-09",
    what: "NEWUTS without CAP_SYS_ADMIN",
    errno: "EPERM",
    on: flags("NEWUTS"),
    allow: { caps: ["none"] },
  },
  {
    rung: "newipc-sysvsem",
    rule: "B-10",
    what: "NEWIPC and SYSVSEM",
    errno: "EINVAL",
    on: flags("NEWIPC", "SYSVSEM"),
  },
  {
    rung: "newpid-parent",
    rule: "B-24",
    what: "NEWPID and PARENT",
    errno: "EINVAL",
    on: flags("NEWPID", "PARENT"),
  },
  {
    rung: "newpid-thread",
    rule: "B-11",
    what: "NEWPID and THREAD",
    errno: "EINVAL",
    on: flags("NEWPID", "THREAD"),
  },
];

const SINCE_2_6_32: readonly string[] = ["parent-by-init", "newpid-parent"];

/** What copy_thread does with CLONE_SETTLS: a descriptor of a 32-bit program, a base of a 64-bit one. */
const TLS: readonly OldDemand[] = [
  {
    rung: "tls-unreadable",
    rule: "B-12",
    what: "descriptor unreadable",
    errno: "EFAULT",
    only: I386_KERNEL,
    on: flags("SETTLS"),
    allow: { tls: ["unreadable"] },
  },
  {
    rung: "tls-entry",
    rule: "B-13",
    what: "entry that is no TLS slot",
    errno: "EINVAL",
    only: I386_KERNEL,
    on: flags("SETTLS"),
    allow: { tls: ["entry"] },
  },
  {
    rung: "tls-base",
    rule: "P-23",
    what: "base beyond user memory",
    errno: "EPERM",
    only: NATIVE,
    on: flags("SETTLS"),
    allow: { tls: ["base"] },
  },
];

/** In eclone a 32-bit program's descriptor is read where the pids are. */
const TLS_ECLONE: readonly OldDemand[] = [
  {
    rung: "tls-unreadable",
    rule: "B-12",
    what: "no pids, and nothing to read where they would be",
    errno: "EFAULT",
    only: ["i386", "i386-kernel"],
    on: flags("SETTLS"),
    allow: { asked: [false], array: ["unreadable"] },
  },
  {
    rung: "tls-entry",
    rule: "Q-04",
    what: "a first pid that is no TLS slot",
    errno: "EINVAL",
    only: ["i386", "i386-kernel"],
    on: flags("SETTLS"),
    allow: { asked: [true], array: ["readable"] },
  },
  ...TLS.filter(({ rung }) => rung === "tls-base"),
];

function number(side: "inner" | "outer", rung: string, rule: string, errno: string, nr: number): OldDemand {
  const suffix = side === "outer" ? "o" : "";
  return {
    rung,
    rule: `${rule}${suffix}`,
    what: `${side} number ${nr}`,
    errno,
    allow: { ...GIVEN, [side]: [nr] },
  };
}

/** §3.4: one number, the innermost level first. */
const NUMBERS_2009: readonly OldDemand[] = (["inner", "outer"] as const).flatMap((side) => [
  number(side, "pid-negative", "A-41", "EINVAL", -1),
  number(side, "pid-beyond-max", "A-42", "EINVAL", PID_MAX),
  number(side, "pid-taken", "A-44", "EBUSY", TAKEN),
]);

/** §5.3: the upper end first (E-48). */
const NUMBERS_ECLONE: readonly OldDemand[] = (["inner", "outer"] as const).flatMap((side) => [
  number(side, "pid-beyond-max", "E-41", "EINVAL", PID_MAX),
  number(side, "pid-negative", "E-42", "EINVAL", -1),
  number(side, "pid-taken", "E-45", "EBUSY", TAKEN),
]);

/** §3.2 between do_fork's own checks and copy_process. */
const SET: readonly OldDemand[] = [
  {
    rung: "set-unreadable",
    rule: "A-07",
    what: "set unreadable",
    errno: "EFAULT",
    allow: { asked: [true], struct: ["unreadable"] },
  },
  {
    rung: "count-negative",
    rule: "A-09",
    what: "num_pids −1",
    errno: "EINVAL",
    allow: { asked: [true], struct: ["readable"], count: ["negative"] },
  },
  {
    rung: "count-too-deep",
    rule: "A-10",
    what: "more numbers than levels",
    errno: "EINVAL",
    allow: { asked: [true], struct: ["readable"], count: ["deep"] },
  },
  {
    rung: "array-unreadable",
    rule: "A-12",
    what: "array unreadable",
    errno: "EFAULT",
    allow: { asked: [true], struct: ["readable"], array: ["unreadable"] },
  },
];

const NEWPID: Readonly<Record<string, readonly OldDemand[]>> = {
  "cwp-v2": [
    {
      rung: "newpid-with-pids",
      rule: "A-14",
      what: "NEWPID together with numbers",
      errno: "EINVAL",
      on: flags("NEWPID"),
      allow: { asked: [true], struct: ["readable"] },
    },
  ],
  "cwp-v2-newpid": [
    {
      rung: "newpid-not-init",
      rule: "A-27",
      what: "7 in the new namespace",
      errno: "EINVAL",
      on: flags("NEWPID"),
      allow: { ...GIVEN, last: [7] },
    },
  ],
};

const NOT_CAPABLE: Omit<OldDemand, "rule"> = {
  rung: "not-capable",
  what: "numbers without CAP_SYS_ADMIN",
  errno: "EPERM",
  allow: { asked: [true], caps: ["none"] },
};

/** §5.3 up to the numbers. */
const ARGS: readonly OldDemand[] = [
  { rung: "args-size", rule: "E-01", what: "47 bytes", errno: "EINVAL", allow: { size: [47] } },
  {
    rung: "args-unreadable",
    rule: "E-02",
    what: "struct unreadable",
    errno: "EFAULT",
    allow: { struct: ["unreadable"] },
  },
  {
    rung: "reserved-set",
    rule: "E-03",
    what: "reserved0 set",
    errno: "EINVAL",
    allow: { struct: ["readable"], reserved: [0xdeadbeef] },
  },
  {
    rung: "flags-high-set",
    rule: "E-03b",
    what: "clone_flags_high set",
    errno: "EINVAL",
    allow: { struct: ["readable"], flagsHigh: [1n << 33n] },
  },
  {
    rung: "stack-size-set",
    rule: "E-04",
    what: "child_stack_size set",
    errno: "EINVAL",
    allow: { struct: ["readable"], stackSize: [8192n] },
  },
];

const PIDS: readonly OldDemand[] = [
  {
    rung: "count-too-deep",
    rule: "E-08",
    what: "more numbers than levels",
    errno: "EINVAL",
    allow: { asked: [true], struct: ["readable"], count: ["deep"] },
  },
  {
    rung: "array-unreadable",
    rule: "E-10",
    what: "array unreadable",
    errno: "EFAULT",
    allow: { asked: [true], struct: ["readable"], array: ["unreadable"] },
  },
];

const MEMORY = "no program can make the kernel's own memory run out";

/** Rungs of the time that no program can break, or that no case can show. */
const UNOBSERVABLE: Unobservable = {
  "array-no-memory": MEMORY,
  "task-no-memory": MEMORY,
  "copy-no-memory": MEMORY,
  "namespace-no-memory": MEMORY,
  "pid-namespace-no-memory": MEMORY,
  "pid-object-no-memory": MEMORY,
  "pid-no-memory": MEMORY,
  "proc-mount": MEMORY,
  "max-threads": "it takes as many tasks as the machine allows",
  "security-hook": "it takes a security module that refuses",
  "pid-exhausted": "it takes 300 tasks, and a pid_max that only /proc can lower",
};

const NUMBER_RUNGS = ["pid-negative", "pid-beyond-max", "pid-taken"];

const APART: readonly Apart[] = [
  {
    rungs: ["newuser-not-capable"],
    with: ["thread-without-sighand", "newpid-thread"],
    because: "CLONE_NEWUSER with CLONE_THREAD is newuser-thread's (A-03)",
  },
  {
    rungs: ["namespace-not-capable"],
    with: NUMBER_RUNGS,
    because: "numbers take CAP_SYS_ADMIN, and with it every namespace can be made",
  },
  {
    rungs: ["nproc-limit"],
    with: NUMBER_RUNGS,
    because: "numbers take CAP_SYS_ADMIN, which lifts the limit (X-10)",
  },
];

const APART_V2: readonly Apart[] = [
  {
    rungs: ["newpid-thread", "newpid-parent"],
    with: ["not-capable", ...NUMBER_RUNGS],
    because: "v2 refuses CLONE_NEWPID with numbers before it comes to either",
  },
];

const APART_ECLONE: readonly Apart[] = [
  {
    rungs: ["tls-entry"],
    with: ["namespace-not-capable", "nproc-limit"],
    because: "the entry is read from the pids (Q-04), which take the capability the other is about",
  },
];

const CLASH: { readonly [K in keyof OldWish]?: string } = {
  asked: "the descriptor is where the pids are (Q-04): it cannot be read, or they can",
  struct: "what is in a struct that cannot be read is nobody's fault",
  count: "a call has one count",
  array: "what is in an array that cannot be read is nobody's fault",
  tls: "a call has one descriptor of TLS",
};

const CAPS: Readonly<Record<OldWish["caps"], Vector["caps"]>> = {
  all: "all",
  none: "none",
  "no-setuid": ["CAP_SYS_ADMIN", "CAP_SETGID"],
};

/** The ladder of the call that chooses pids in one era. */
export function oldPlan(profile: OldProfile): Plan<OldWish, OldWay> {
  const isEclone = profile === "eclone";
  const ladder: readonly OldDemand[] = isEclone
    ? [
        ...ARGS,
        ...NEWUSER,
        ...PIDS,
        { ...NOT_CAPABLE, rule: "E-11" },
        ...BASE,
        ...TLS_ECLONE,
        ...NUMBERS_ECLONE,
      ]
    : [
        ...NEWUSER,
        ...SET,
        ...(NEWPID[profile] ?? []),
        { ...NOT_CAPABLE, rule: "A-13" },
        ...BASE.filter(({ rung }) => !SINCE_2_6_32.includes(rung)),
        ...TLS.map((demand) => (demand.rung === "tls-base" ? { ...demand, only: X86_64 } : demand)),
        ...NUMBERS_2009,
      ];
  return {
    call: isEclone ? "eclone" : "clone_with_pids",
    profile,
    // The series left the compat table alone: a 32-bit program has clone_with_pids on a 32-bit kernel only.
    ways: isEclone ? ["x86_64", "i386", "int80", "i386-kernel"] : ["x86_64", "i386-kernel"],
    plain: PLAIN,
    demands: ladder,
    unobservable: {
      ...UNOBSERVABLE,
      ...(isEclone
        ? {
            "flag-unknown": "the mask refuses nothing (E-12, Q-14)",
            "pid-reserved": "it takes 299 tasks before it: E-44 shows it alone, and beside pid-taken (E-48)",
          }
        : {
            "parent-by-init": "it came with 2.6.32",
            "newpid-parent": "it came with 2.6.32",
            "flag-unknown": "the mask came with eclone",
            ...(profile === "cwp-v2" ? {} : { "newpid-with-pids": "v2 alone refuses it" }),
            ...(profile === "cwp-v2-newpid" ? {} : { "newpid-not-init": "there is no slot for it" }),
          }),
    },
    needs: [
      [flags("THREAD"), flags("SIGHAND", "VM")],
      [flags("SIGHAND"), flags("VM")],
    ],
    preludes: ["no-processes"],
    apart: [...APART, ...(profile === "cwp-v2" ? APART_V2 : []), ...(isEclone ? APART_ECLONE : [])],
    clash: CLASH,
    settle(wish, demands) {
      const parent = (wish.flags & flags("PARENT")) !== 0n;
      const asked = (key: keyof OldWish): boolean => demands.some((d) => d.allow?.[key] !== undefined);
      return { ...wish, nsInit: asked("nsInit") || !parent };
    },
    draft(id, group, way, wish, broken) {
      const newpid = (wish.flags & flags("NEWPID")) !== 0n && profile === "cwp-v2-newpid";
      const call = callOf(wish, newpid);
      const { operation, data } = say(profile, way, "c", call, { child: [] });
      const [first] = broken as readonly OldDemand[];
      const entry = wish.tls === "entry" ? 3 : isWide(way) ? 0 : 6;
      return written({
        id: id.slice(0, id.lastIndexOf("/")),
        group,
        profile,
        way,
        provenance: provenanceOf("rules", broken),
        // Another user's capabilities are gone with the uid, and taking that one on takes one.
        caps: wish.preludes.length > 0 ? "all" : CAPS[wish.caps],
        nsInit: wish.nsInit,
        data: [
          ...data,
          { off: AT.status - AT.scratch, len: 16, fill: "00" },
          { off: AT.descriptor - AT.scratch, hex: words32([entry, 0x12345000, 0xfffff, 0x51]) },
        ],
        program: [...(wish.preludes.length > 0 ? noProcesses(way) : []), operation],
        answers: {
          c: first?.errno ?? "",
          ...(wish.preludes.length > 0 ? { limit: 0, uid: 0 } : {}),
        },
      });
    },
  };
}

/** A uid that RLIMIT_NPROC counts for, and then no process for it: the other way round setresuid would be refused. */
function noProcesses(way: OldWay): readonly SysOperation[] {
  return [
    plainCall(way, "uid", "setresuid", [1000, 1000, 1000]),
    plainCall(way, "limit", "setrlimit", [6, hex(AT.status)]),
  ];
}

function callOf(wish: OldWish, newpid: boolean): OldCall {
  const numbers = [wish.outer, wish.inner, ...(newpid ? [wish.last] : [])];
  const pids = wish.count === "deep" ? [0, 0, ...numbers] : numbers;
  const tls = { good: AT.descriptor, entry: AT.descriptor, unreadable: AT.hole, base: 0xffff800000000000n }[
    wish.tls
  ];
  return {
    flags: Number(wish.flags),
    tls,
    ...(wish.asked ? { pids } : {}),
    ...(wish.asked && wish.count === "negative" ? { count: -1 } : {}),
    ...(wish.array === "unreadable" ? { array: AT.hole } : {}),
    ...(wish.struct === "unreadable" ? { struct: AT.hole + 0x100 } : {}),
    size: wish.size,
    reserved: wish.reserved,
    flagsHigh: wish.flagsHigh,
    stackSize: wish.stackSize,
  };
}
