import type { PortArch } from "../../../../src/conform/vector.ts";

/** What a case needs to know of a processor (rules §8), and the numbers of its table. */
export interface Processor {
  readonly arch: PortArch;
  readonly bigEndian: boolean;
  /** Registers of the arguments, in order. */
  readonly args: readonly string[];
  readonly number: string;
  readonly result: string;
  readonly sp: string;
  /** The register CLONE_SETTLS loads; null where the thread pointer is none that a case can see. */
  readonly tls: string | null;
  /** Registers a call may change beside its result. */
  readonly lost: readonly string[];
  /** Two that no call changes. */
  readonly kept: readonly [string, string];
  /** The upper half of the number register counts. */
  readonly wideNumber: boolean;
  /** An errno is positive, beside this bit of this register. */
  readonly flag: { readonly register: string; readonly bit: number } | null;
  /** clone's arguments begin with the stack (BACKWARDS2), else with the flags (BACKWARDS). */
  readonly stackFirst: boolean;
  readonly numbers: Readonly<Record<PortCall, number>>;
}

/** A call the cases make. */
export type PortCall =
  | "clone"
  | "clone3"
  | "getpid"
  | "getppid"
  | "gettid"
  | "kill"
  | "wait4"
  | "waitid"
  | "exit_group"
  | "rt_sigprocmask"
  | "prlimit64"
  | "pipe2"
  | "read"
  | "writev"
  | "capget"
  | "set_tid_address"
  | "prctl";

/** asm-generic/unistd.h. */
const GENERIC: Processor["numbers"] = {
  clone: 220,
  clone3: 435,
  getpid: 172,
  getppid: 173,
  gettid: 178,
  kill: 129,
  wait4: 260,
  waitid: 95,
  exit_group: 94,
  rt_sigprocmask: 135,
  prlimit64: 261,
  pipe2: 59,
  read: 63,
  writev: 66,
  capget: 90,
  set_tid_address: 96,
  prctl: 167,
};

/** The processors machines boot as beside x86. */
export const PROCESSORS: readonly Processor[] = [
  {
    arch: "arm64",
    bigEndian: false,
    args: ["x0", "x1", "x2", "x3", "x4", "x5"],
    number: "x8",
    result: "x0",
    sp: "sp",
    tls: null,
    lost: [],
    kept: ["x9", "x28"],
    wideNumber: false,
    flag: null,
    stackFirst: false,
    numbers: GENERIC,
  },
  {
    arch: "riscv64",
    bigEndian: false,
    args: ["a0", "a1", "a2", "a3", "a4", "a5"],
    number: "a7",
    result: "a0",
    sp: "sp",
    tls: "tp",
    lost: [],
    kept: ["t0", "s11"],
    wideNumber: true,
    flag: null,
    stackFirst: false,
    numbers: GENERIC,
  },
  {
    arch: "s390x",
    bigEndian: true,
    args: ["r2", "r3", "r4", "r5", "r6", "r7"],
    number: "r1",
    result: "r2",
    sp: "r15",
    tls: null,
    lost: [],
    kept: ["r0", "r13"],
    wideNumber: false,
    flag: null,
    stackFirst: true,
    numbers: {
      clone: 120,
      clone3: 435,
      getpid: 20,
      getppid: 64,
      gettid: 236,
      kill: 37,
      wait4: 114,
      waitid: 281,
      exit_group: 248,
      rt_sigprocmask: 175,
      prlimit64: 334,
      pipe2: 325,
      read: 3,
      writev: 146,
      capget: 184,
      set_tid_address: 252,
      prctl: 172,
    },
  },
  {
    arch: "powerpc64",
    bigEndian: true,
    args: ["r3", "r4", "r5", "r6", "r7", "r8"],
    number: "r0",
    result: "r3",
    sp: "r1",
    tls: "r13",
    lost: ["r0", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "ctr", "xer"],
    kept: ["r14", "r31"],
    wideNumber: true,
    flag: { register: "ccr", bit: 0x1000_0000 },
    stackFirst: false,
    numbers: {
      clone: 120,
      clone3: 435,
      getpid: 20,
      getppid: 64,
      gettid: 207,
      kill: 37,
      wait4: 114,
      waitid: 272,
      exit_group: 234,
      rt_sigprocmask: 174,
      prlimit64: 325,
      pipe2: 317,
      read: 3,
      writev: 146,
      capget: 183,
      set_tid_address: 232,
      prctl: 171,
    },
  },
];

/** clone_with_pids by posting, and eclone: numbers of the posted trees, or those trapgate gave (rules §3.1, §5.2). */
const OLD: Readonly<Record<PortArch, Readonly<Record<"cwp-v2" | "cwp-v3" | "eclone", number>>>> = {
  arm64: { "cwp-v2": 244, "cwp-v3": 244, eclone: 245 },
  riscv64: { "cwp-v2": 244, "cwp-v3": 244, eclone: 245 },
  s390x: { "cwp-v2": 330, "cwp-v3": 334, eclone: 332 },
  powerpc64: { "cwp-v2": 322, "cwp-v3": 325, eclone: 323 },
};

/** The number of the call that chooses pids in an era. */
export function chooserOf(arch: PortArch, era: "cwp-v2" | "cwp-v3" | "eclone"): number {
  return OLD[arch][era];
}

/** Bytes of 32-bit words in a processor's order. */
export function words32({ bigEndian }: Processor, values: readonly number[]): string {
  return values.map((value) => bytes(BigInt.asUintN(32, BigInt(value)), 4, bigEndian)).join("");
}

/** Bytes of 64-bit words in a processor's order. */
export function words64({ bigEndian }: Processor, values: readonly (number | bigint)[]): string {
  return values.map((value) => bytes(BigInt.asUintN(64, BigInt(value)), 8, bigEndian)).join("");
}

function bytes(value: bigint, n: number, bigEndian: boolean): string {
  const digits = value.toString(16).padStart(n * 2, "0");
  return bigEndian ? digits : (digits.match(/../g) ?? []).reverse().join("");
}
