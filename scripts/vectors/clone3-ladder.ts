import type { VectorArch } from "../../src/conform/vector.ts";
import { FLAG, type Prelude, SCRATCH, type Wish } from "./clone3-wish.ts";

/** What must be so for a rung to be violated: for each part of the call, the values that do it. */
export interface Violation {
  /** The rule. A letter behind it tells two ways of breaking one rule apart. */
  readonly rule: string;
  readonly what: string;
  /** The ways in it exists on; all when left out. */
  readonly only?: readonly VectorArch[];
  readonly on?: bigint;
  readonly off?: bigint;
  /** One of these values; the first that suits both rungs of a pair is taken. */
  readonly allow?: { readonly [K in keyof Wish]?: readonly Wish[K][] };
  /** A number at one level, 0 the innermost. */
  readonly tid?: readonly [index: 0 | 1, values: readonly number[]];
  readonly preludes?: readonly Prelude[];
}

const { VM, FS, SIGHAND, PIDFD, PARENT, THREAD, NEWNS, SYSVSEM, SETTLS, PARENT_SETTID, DETACHED } = FLAG;
const { NEWIPC, NEWUSER, NEWPID, CLEAR_SIGHAND, INTO_CGROUP } = FLAG;
const KERNEL_HALF = 0xffff800000000000n;
const STACK = BigInt(SCRATCH);
/** A task that holds this number lives in the namespace: its init. */
const TAKEN = 1;
const FREE = 500;
const BEYOND = 4194304;

const ARRAY = { setTid: ["readable"], setTidSize: [1, 2, 5, 33] } as const;

/**
 * Ladders C, P and T of clone3, in check order, each rung with what breaks it. Rungs that take a fault of the kernel's
 * own (memory, limits of the machine) are not here: no program can break them alone.
 */
export const CLONE3_LADDER: readonly Violation[] = [
  { rule: "C-01", what: "size above a page", allow: { size: [4097] } },
  { rule: "C-02", what: "size below 64", allow: { size: [63] } },
  {
    rule: "C-03",
    what: "tail unreadable",
    allow: { size: [96], tail: ["unreadable", "nonzero-then-unreadable"] },
  },
  {
    rule: "C-04",
    what: "tail not zero",
    allow: { size: [96], tail: ["nonzero", "nonzero-then-unreadable"] },
  },
  { rule: "C-05", what: "head unreadable", allow: { head: ["unreadable"] } },
  { rule: "C-07", what: "set_tid_size above 32", allow: { setTidSize: [33] } },
  { rule: "C-08", what: "no array, but a size", allow: { setTid: ["null"], setTidSize: [1, 2, 5, 33] } },
  {
    rule: "C-09",
    what: "an array without a size",
    allow: { setTid: ["readable", "unreadable"], setTidSize: [0] },
  },
  { rule: "C-10", what: "exit_signal beyond a byte", allow: { exitSignal: [0x141n, 1n << 63n] } },
  { rule: "C-11", what: "exit_signal above 64", allow: { exitSignal: [65n, 0x141n] } },
  { rule: "C-12", what: "cgroup no descriptor", on: INTO_CGROUP, allow: { cgroup: [1n << 31n] } },
  {
    rule: "C-13",
    what: "array unreadable",
    allow: { setTid: ["unreadable"], setTidSize: [1, 2, 5, 33] },
  },
  { rule: "C-14", what: "unknown flag", on: 1n << 38n },
  { rule: "C-15", what: "CLONE_DETACHED", on: DETACHED },
  { rule: "C-15b", what: "a signal in the flags", on: 0x11n },
  { rule: "C-16", what: "SIGHAND and CLEAR_SIGHAND", on: SIGHAND | CLEAR_SIGHAND },
  {
    rule: "C-17",
    what: "PARENT and a signal",
    on: PARENT,
    allow: { exitSignal: [17n, 65n, 0x141n, 1n << 63n] },
  },
  { rule: "C-18", what: "stack size without stack", allow: { stack: [0n], stackSize: [4096n] } },
  { rule: "C-19", what: "stack without size", allow: { stack: [STACK, KERNEL_HALF], stackSize: [0n] } },
  { rule: "C-20", what: "stack beyond user memory", allow: { stack: [KERNEL_HALF], stackSize: [4096n] } },
  {
    rule: "C-23",
    what: "PIDFD and PARENT_SETTID to one place",
    on: PIDFD | PARENT_SETTID,
    allow: { pidfd: [SCRATCH + 0x300, 0x13370000], parentTid: [SCRATCH + 0x300, 0x13370000] },
  },
  { rule: "P-01", what: "NEWNS and FS", on: NEWNS | FS },
  { rule: "P-02", what: "NEWUSER and FS", on: NEWUSER | FS },
  { rule: "P-03", what: "THREAD without SIGHAND", on: THREAD, off: SIGHAND },
  { rule: "P-04", what: "SIGHAND without VM", on: SIGHAND, off: VM },
  { rule: "P-05", what: "PARENT by an init", on: PARENT, allow: { nsInit: [true] } },
  { rule: "P-06", what: "THREAD and NEWPID", on: THREAD | NEWPID },
  { rule: "P-06b", what: "THREAD and NEWUSER", on: THREAD | NEWUSER },
  {
    rule: "P-06c",
    what: "THREAD after unshare",
    on: THREAD,
    preludes: ["unshare-newpid"],
  },
  { rule: "P-15", what: "NEWUSER by a user without a mapping", on: NEWUSER, preludes: ["unshare-newuser"] },
  { rule: "P-16", what: "RLIMIT_NPROC", allow: { capable: [false] }, preludes: ["no-processes"] },
  {
    rule: "P-18",
    what: "NEWIPC without CAP_SYS_ADMIN",
    on: NEWIPC,
    off: NEWUSER,
    allow: { capable: [false] },
  },
  { rule: "P-19", what: "NEWIPC and SYSVSEM", on: NEWIPC | SYSVSEM },
  { rule: "P-20", what: "NEWPID after unshare", on: NEWPID, preludes: ["unshare-newpid"] },
  { rule: "P-21", what: "a namespace too deep", on: NEWPID, allow: { nsLevel: [32] } },
  {
    rule: "P-22",
    what: "TLS descriptor unreadable",
    only: ["i386", "int80"],
    on: SETTLS,
    allow: { tls: ["unreadable"] },
  },
  { rule: "P-22b", what: "TLS entry", only: ["i386", "int80"], on: SETTLS, allow: { tls: ["wrong-entry"] } },
  {
    rule: "P-23",
    what: "TLS base beyond user memory",
    only: ["x86_64"],
    on: SETTLS,
    allow: { tls: ["bad"] },
  },
  {
    rule: "T-01",
    what: "more numbers than levels",
    allow: { setTid: ["readable", "unreadable"], setTidSize: [5, 33], nsLevel: [2] },
  },
  { rule: "T-03", what: "number below 1", allow: ARRAY, tid: [0, [0, -1]] },
  { rule: "T-04", what: "number at pid_max", allow: ARRAY, tid: [0, [BEYOND]] },
  {
    rule: "T-05",
    what: "not 1 in a namespace without init",
    allow: ARRAY,
    tid: [0, [42, 0, -1, BEYOND]],
    preludes: ["unshare-newpid"],
  },
  {
    rule: "T-05b",
    what: "not 1 in the new namespace",
    on: NEWPID,
    allow: ARRAY,
    tid: [0, [42, 0, -1, BEYOND]],
  },
  {
    rule: "T-06",
    what: "no capability",
    allow: { ...ARRAY, capable: [false] },
    tid: [0, [FREE, TAKEN, 0, BEYOND, 42]],
  },
  { rule: "T-07", what: "number taken", off: NEWPID, allow: ARRAY, tid: [0, [TAKEN]] },
  {
    rule: "T-03o",
    what: "outer number below 1",
    allow: { setTid: ["readable"], setTidSize: [2, 5, 33] },
    tid: [1, [0, -1]],
  },
  {
    rule: "T-04o",
    what: "outer number at pid_max",
    allow: { setTid: ["readable"], setTidSize: [2, 5, 33] },
    tid: [1, [BEYOND]],
  },
  {
    rule: "T-07o",
    what: "outer number taken",
    allow: { setTid: ["readable"], setTidSize: [2, 5, 33] },
    tid: [1, [TAKEN]],
  },
  { rule: "P-25", what: "no descriptor left", on: PIDFD, preludes: ["no-files"] },
  { rule: "P-26", what: "cgroup not open", on: INTO_CGROUP, allow: { cgroup: [0x7ffffffen] } },
  { rule: "P-25b", what: "pidfd unwritable", on: PIDFD, allow: { pidfd: [0x13370000] } },
  { rule: "T-10", what: "the namespace's init is gone", preludes: ["dead-namespace"] },
];

/** Flags a flag needs, so that a call is broken in the wanted way alone. */
export const NEEDS: readonly (readonly [flag: bigint, needs: bigint])[] = [
  [THREAD, SIGHAND | VM],
  [SIGHAND, VM],
];
