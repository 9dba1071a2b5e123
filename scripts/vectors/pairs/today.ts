import { FLAG, PLAIN, type Prelude, SCRATCH, type Wish } from "../clone3-wish.ts";
import type { Apart, Demand, Unobservable } from "./join.ts";

/** A call of today, its two innermost numbers apart. */
export interface TodayWish extends Wish {
  readonly tid0: number;
  readonly tid1: number;
}

/** A call with nothing wrong. */
export const SOUND: TodayWish = { ...PLAIN, tid0: 600, tid1: 601 };

const { VM, FS, SIGHAND, PIDFD, PARENT, THREAD, NEWNS, SYSVSEM, SETTLS, PARENT_SETTID, DETACHED } = FLAG;
const { NEWIPC, NEWUSER, NEWPID, CLEAR_SIGHAND, INTO_CGROUP } = FLAG;
const KERNEL_HALF = 0xffff800000000000n;
const STACK = BigInt(SCRATCH);
/** A task that holds this number lives in the namespace: its init. */
const TAKEN = 1;
const FREE = 500;
const BEYOND = 4194304;

const ARRAY = { setTid: ["readable"], setTidSize: [1, 2, 5, 33] } as const;
const OUTER = { setTid: ["readable"], setTidSize: [2, 5, 33] } as const;

const AGAIN = "CLONE_NEWPID after an unshare of the pid namespace is newpid-again's";

/** A rung of today and what breaks it. */
export type TodayDemand = Demand<TodayWish>;

/** Ladder C: what clone3 looks at by itself. */
export const CLONE3_OWN: readonly TodayDemand[] = [
  { rung: "size-too-large", rule: "C-01", what: "size above a page", allow: { size: [4097] } },
  { rung: "size-too-small", rule: "C-02", what: "size below 64", allow: { size: [63] } },
  // Bytes are looked at in ascending order, and in a page's reach what is not zero can only lie before what is missing.
  {
    rung: "tail-not-zero",
    rule: "C-04",
    what: "tail not zero",
    allow: { size: [96], tail: ["nonzero", "nonzero-then-unreadable"] },
  },
  {
    rung: "tail-unreadable",
    rule: "C-03",
    what: "tail unreadable",
    allow: { size: [96], tail: ["unreadable", "nonzero-then-unreadable"] },
  },
  { rung: "struct-unreadable", rule: "C-05", what: "head unreadable", allow: { head: ["unreadable"] } },
  { rung: "tid-count-above-32", rule: "C-07", what: "set_tid_size above 32", allow: { setTidSize: [33] } },
  {
    rung: "tids-null",
    rule: "C-08",
    what: "no array, but a size",
    allow: { setTid: ["null"], setTidSize: [1, 2, 5, 33] },
  },
  {
    rung: "tid-count-zero",
    rule: "C-09",
    what: "an array without a size",
    allow: { setTid: ["readable", "unreadable"], setTidSize: [0] },
  },
  {
    rung: "exit-signal-wide",
    rule: "C-10",
    what: "exit_signal beyond a byte",
    allow: { exitSignal: [0x141n, 1n << 63n] },
  },
  {
    rung: "exit-signal-above-64",
    rule: "C-11",
    what: "exit_signal above 64",
    allow: { exitSignal: [65n, 0x141n] },
  },
  {
    rung: "cgroup-number",
    rule: "C-12",
    what: "cgroup no descriptor",
    on: INTO_CGROUP,
    allow: { cgroup: [1n << 31n] },
  },
  {
    rung: "tids-unreadable",
    rule: "C-13",
    what: "array unreadable",
    allow: { setTid: ["unreadable"], setTidSize: [1, 2, 5, 33] },
  },
  { rung: "unknown-flag", rule: "C-14", what: "unknown flag", on: 1n << 38n },
  { rung: "legacy-flag", rule: "C-15", what: "CLONE_DETACHED", on: DETACHED },
  { rung: "legacy-flag", rule: "C-15b", what: "a signal in the flags", on: 0x11n },
  { rung: "sighand-and-clear", rule: "C-16", what: "SIGHAND and CLEAR_SIGHAND", on: SIGHAND | CLEAR_SIGHAND },
  {
    rung: "exit-signal-of-sibling",
    rule: "C-17",
    what: "PARENT and a signal",
    on: PARENT,
    allow: { exitSignal: [17n, 65n, 0x141n, 1n << 63n] },
  },
  {
    rung: "stack-null",
    rule: "C-18",
    what: "stack size without stack",
    allow: { stack: [0n], stackSize: [4096n] },
  },
  {
    rung: "stack-size-zero",
    rule: "C-19",
    what: "stack without size",
    allow: { stack: [STACK, KERNEL_HALF], stackSize: [0n] },
  },
  {
    rung: "stack-not-user",
    rule: "C-20",
    what: "stack beyond user memory",
    allow: { stack: [KERNEL_HALF], stackSize: [4096n] },
  },
];

/** C-23: what every caller of kernel_clone is asked. */
export const KERNEL_CLONE: readonly TodayDemand[] = [
  {
    rung: "pidfd-is-parent-tid",
    rule: "C-23",
    what: "PIDFD and PARENT_SETTID to one place",
    on: PIDFD | PARENT_SETTID,
    allow: { pidfd: [SCRATCH + 0x300, 0x13370000], parentTid: [SCRATCH + 0x300, 0x13370000] },
  },
];

/** Ladder P up to the numbers. */
export const COPY_PROCESS: readonly TodayDemand[] = [
  { rung: "newns-fs", rule: "P-01", what: "NEWNS and FS", on: NEWNS | FS },
  { rung: "newuser-fs", rule: "P-02", what: "NEWUSER and FS", on: NEWUSER | FS },
  { rung: "thread-without-sighand", rule: "P-03", what: "THREAD without SIGHAND", on: THREAD, off: SIGHAND },
  { rung: "sighand-without-vm", rule: "P-04", what: "SIGHAND without VM", on: SIGHAND, off: VM },
  { rung: "parent-by-init", rule: "P-05", what: "PARENT by an init", on: PARENT, allow: { nsInit: [true] } },
  { rung: "thread-in-other-namespace", rule: "P-06", what: "THREAD and NEWPID", on: THREAD | NEWPID },
  { rung: "thread-in-other-namespace", rule: "P-06b", what: "THREAD and NEWUSER", on: THREAD | NEWUSER },
  {
    rung: "thread-in-other-namespace",
    rule: "P-06c",
    what: "THREAD after unshare",
    on: THREAD,
    preludes: ["unshare-newpid"],
  },
  {
    rung: "user-namespace-unmapped",
    rule: "P-15",
    what: "NEWUSER by a user without a mapping",
    on: NEWUSER,
    preludes: ["unshare-newuser"],
  },
  {
    rung: "nproc-limit",
    rule: "P-16",
    what: "RLIMIT_NPROC",
    allow: { capable: [false] },
    preludes: ["no-processes"],
  },
  {
    rung: "namespace-not-capable",
    rule: "P-18",
    what: "NEWIPC without CAP_SYS_ADMIN",
    on: NEWIPC,
    off: NEWUSER,
    allow: { capable: [false] },
  },
  { rung: "newipc-sysvsem", rule: "P-19", what: "NEWIPC and SYSVSEM", on: NEWIPC | SYSVSEM },
  {
    rung: "newpid-again",
    rule: "P-20",
    what: "NEWPID after unshare",
    on: NEWPID,
    preludes: ["unshare-newpid"],
  },
  {
    rung: "pid-namespace-too-deep",
    rule: "P-21",
    what: "a namespace too deep",
    on: NEWPID,
    allow: { nsLevel: [32] },
  },
  {
    rung: "tls-unreadable",
    rule: "P-22",
    what: "TLS descriptor unreadable",
    only: ["i386", "int80"],
    on: SETTLS,
    allow: { tls: ["unreadable"] },
  },
  {
    rung: "tls-descriptor",
    rule: "P-22c",
    what: "TLS descriptor of no 32-bit segment",
    only: ["i386", "int80"],
    on: SETTLS,
    allow: { tls: ["wrong-descriptor"] },
  },
  {
    rung: "tls-entry",
    rule: "P-22b",
    what: "TLS entry",
    only: ["i386", "int80"],
    on: SETTLS,
    allow: { tls: ["wrong-entry"] },
  },
  {
    rung: "tls-base",
    rule: "P-23",
    what: "TLS base beyond user memory",
    only: ["x86_64"],
    on: SETTLS,
    allow: { tls: ["bad"] },
  },
];

/** Ladder T: the numbers, the innermost level first. */
export const ALLOC_PID: readonly TodayDemand[] = [
  {
    rung: "pid-count-too-deep",
    rule: "T-01",
    what: "more numbers than levels",
    allow: { setTid: ["readable", "unreadable"], setTidSize: [5, 33], nsLevel: [2] },
  },
  { rung: "pid-below-one", rule: "T-03", what: "number below 1", allow: { ...ARRAY, tid0: [0, -1] } },
  { rung: "pid-beyond-max", rule: "T-04", what: "number at pid_max", allow: { ...ARRAY, tid0: [BEYOND] } },
  {
    rung: "pid-without-init",
    rule: "T-05",
    what: "not 1 in a namespace without init",
    allow: { ...ARRAY, tid0: [42, 0, -1, BEYOND] },
    preludes: ["unshare-newpid"],
  },
  {
    rung: "pid-without-init",
    rule: "T-05b",
    what: "not 1 in the new namespace",
    on: NEWPID,
    allow: { ...ARRAY, tid0: [42, 0, -1, BEYOND] },
    without: { "unshare-newpid": AGAIN, "dead-namespace": AGAIN },
  },
  {
    rung: "pid-not-capable",
    rule: "T-06",
    what: "no capability",
    allow: {
      setTid: ["readable", "unreadable"],
      setTidSize: ARRAY.setTidSize,
      capable: [false],
      tid0: [FREE, TAKEN, 0, BEYOND, 42],
    },
  },
  {
    rung: "pid-taken",
    rule: "T-07",
    what: "number taken",
    off: NEWPID,
    allow: { ...ARRAY, tid0: [TAKEN] },
    without: { "dead-namespace": "nobody is left in a dead namespace to hold a number" },
  },
  {
    rung: "pid-below-one",
    rule: "T-03o",
    what: "outer number below 1",
    allow: { ...OUTER, tid1: [0, -1] },
  },
  {
    rung: "pid-beyond-max",
    rule: "T-04o",
    what: "outer number at pid_max",
    allow: { ...OUTER, tid1: [BEYOND] },
  },
  {
    rung: "pid-taken",
    rule: "T-07o",
    what: "outer number taken",
    allow: { ...OUTER, tid1: [TAKEN] },
  },
];

/** T-10: what the allocator asks at its end, whoever chose the numbers. */
export const NAMESPACE_DYING: TodayDemand = {
  rung: "namespace-dying",
  rule: "T-10",
  what: "the namespace's init is gone",
  preludes: ["dead-namespace"],
};

/** Ladder P after the numbers. */
export const COPY_PROCESS_END: readonly TodayDemand[] = [
  { rung: "pidfd-too-many-fds", rule: "P-25", what: "no descriptor left", on: PIDFD, preludes: ["no-files"] },
  {
    rung: "pidfd-unwritable",
    rule: "P-25b",
    what: "pidfd unwritable",
    on: PIDFD,
    allow: { pidfd: [0x13370000] },
  },
  {
    rung: "cgroup-not-open",
    rule: "P-26",
    what: "cgroup not open",
    on: INTO_CGROUP,
    allow: { cgroup: [0x7ffffffen] },
  },
];

const MEMORY = "no program can make the kernel's own memory run out";

/** Rungs of today's ladders that no program can break, or that no case can show. */
export const UNOBSERVABLE_TODAY: Unobservable = {
  "task-no-memory": MEMORY,
  "copy-no-memory": MEMORY,
  "user-namespace-no-memory": MEMORY,
  "namespace-no-memory": MEMORY,
  "pid-namespace-no-memory": MEMORY,
  "pid-object-no-memory": MEMORY,
  "pid-no-memory": MEMORY,
  "pidfd-no-memory": MEMORY,
  "user-namespace-too-deep": "each level takes an id map, which is written to /proc",
  "user-namespace-chrooted": "it takes chroot, and so a file system",
  "max-threads": "it takes as many tasks as the machine allows",
  "security-hook": "it takes a security module that refuses",
  "newpid-foreign": "it takes a task born in a pid namespace of another user namespace, by setns",
  "pid-exhausted": "it takes 300 tasks, and a pid_max that only /proc can lower",
  "fatal-signal": "it takes a SIGKILL in the middle of the call",
};

/** Flags a flag needs, so that a call is broken in the wanted way alone. */
export const NEEDS: readonly (readonly [flag: bigint, needs: bigint])[] = [
  [THREAD, SIGHAND | VM],
  [SIGHAND, VM],
];

/** Preludes in the order they are played. */
export const PRELUDES: readonly Prelude[] = [
  "no-files",
  "unshare-newpid",
  "dead-namespace",
  "unshare-newuser",
  "no-processes",
];

/** Pairs that cannot be shown although nothing in them contradicts. */
export const APART_TODAY: readonly Apart[] = [
  {
    rungs: ["newpid-again"],
    with: ["pid-namespace-too-deep"],
    because: "where a namespace would be too deep, none can be unshared first",
  },
];

/** Why two rungs contradict each other. */
export const CLASH_TODAY: { readonly [K in keyof TodayWish]?: string } = {
  size: "a call has one size",
  setTid: "an array is there or not, and can be read or not",
  setTidSize: "a call has one set_tid_size",
  cgroup: "a call has one descriptor",
  stack: "a call has one stack",
  stackSize: "a call has one stack",
  nsLevel: "set_tid_size is 32 at most, which is not too many where a namespace is too deep",
  tls: "a call has one descriptor of TLS",
};
