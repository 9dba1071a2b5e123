import { CLONE } from "../../../src/abi/structs/index.ts";
import type { Era } from "./eras.ts";
import type { Demand, NumberFault } from "./scenario.ts";

/** One rung of clone_with_pids: what it answers, and the ways to break its rule, the plainest first. */
export interface Violation {
  readonly errno: string;
  readonly ways: readonly Demand[];
  /** Where the rung exists; everywhere when left out. */
  readonly only?: (era: Era) => boolean;
}

const i386 = (era: Era): boolean => era.arch === "i386";
const eclone = (era: Era): boolean => era.profile === "eclone";
const x86_64 = (era: Era): boolean => era.arch === "x86_64";

/** A number that is wrong in the caller's own namespace, or in the one above. */
function number(kind: NumberFault): Demand[] {
  return [
    { set: "readable", array: "readable", inner: [kind] },
    { set: "readable", array: "readable", outer: [kind] },
  ];
}

const NUMBERS = ["pid-negative", "pid-beyond-max", "pid-no-memory", "pid-taken", "pid-exhausted"] as const;

const LOST = ["SYS_ADMIN", "SYS_RESOURCE"];

/**
 * The ladder of clone_with_pids on 2.6.30 as rules.md has it, in check order: §3.2 (A-03 … A-14), §4 (B-01 … B-13),
 * §3.4 in the place A-16 gives it, B-15. Ids are the declaration's. parent-by-init and newpid-parent came with 2.6.32
 * and stand where that kernel has them.
 */
export const VIOLATIONS: Readonly<Record<string, Violation>> = {
  "newuser-thread": { errno: "EINVAL", ways: [{ on: CLONE.NEWUSER | CLONE.THREAD }] },
  "newuser-not-capable": { errno: "EPERM", ways: [{ on: CLONE.NEWUSER, lacks: ["SETUID"] }] },
  "set-unreadable": { errno: "EFAULT", ways: [{ set: "unreadable" }] },
  "count-negative": { errno: "EINVAL", ways: [{ set: "readable", count: "negative" }] },
  "count-too-deep": { errno: "EINVAL", ways: [{ set: "readable", count: "deep" }] },
  "array-no-memory": { errno: "ENOMEM", ways: [{ set: "readable", fails: ["kalloc"] }] },
  "array-unreadable": { errno: "EFAULT", ways: [{ set: "readable", array: "unreadable" }] },
  "newpid-with-pids": {
    errno: "EINVAL",
    ways: [{ set: "readable", on: CLONE.NEWPID }],
    only: (era) => era.profile === "cwp-v2",
  },
  "newpid-not-init": {
    errno: "EINVAL",
    ways: [{ set: "readable", array: "readable", on: CLONE.NEWPID, last: 7 }],
    only: (era) => era.profile === "cwp-v2-newpid",
  },
  "not-capable": {
    errno: "EPERM",
    ways: [
      { set: "readable", lacks: ["SYS_ADMIN"] },
      { set: "unreadable", lacks: ["SYS_ADMIN"] },
    ],
  },
  "flag-unknown": { errno: "EINVAL", ways: [{ high: true }], only: eclone },
  "newns-fs": { errno: "EINVAL", ways: [{ on: CLONE.NEWNS | CLONE.FS }] },
  "thread-without-sighand": { errno: "EINVAL", ways: [{ on: CLONE.THREAD, off: CLONE.SIGHAND }] },
  "sighand-without-vm": { errno: "EINVAL", ways: [{ on: CLONE.SIGHAND, off: CLONE.VM }] },
  "parent-by-init": { errno: "EINVAL", ways: [{ on: CLONE.PARENT, init: true }] },
  "security-hook": { errno: "EACCES", ways: [{ hook: "refuses" }] },
  "task-no-memory": { errno: "ENOMEM", ways: [{ fails: ["task_struct"] }] },
  "nproc-limit": {
    errno: "EAGAIN",
    ways: [
      { nproc: true, loses: LOST },
      { nproc: true, lacks: LOST },
    ],
  },
  "max-threads": { errno: "EAGAIN", ways: [{ maxThreads: true }] },
  "copy-no-memory": { errno: "ENOMEM", ways: [{ fails: ["files_struct"] }] },
  "namespace-not-capable": {
    errno: "EPERM",
    ways: [
      { on: CLONE.NEWUTS, loses: LOST },
      { on: CLONE.NEWUTS, lacks: LOST },
    ],
  },
  "newipc-sysvsem": { errno: "EINVAL", ways: [{ on: CLONE.NEWIPC | CLONE.SYSVSEM }] },
  // create_new_namespaces has made the set, mounts, uts and ipc by the time copy_pid_ns looks at the flags.
  "namespace-no-memory": { errno: "ENOMEM", ways: [{ on: CLONE.NEWUTS, fails: ["nsproxy"] }] },
  "newpid-parent": newpid({ on: CLONE.NEWPID | CLONE.PARENT }),
  "newpid-thread": newpid({ on: CLONE.NEWPID | CLONE.THREAD }),
  "pid-namespace-no-memory": { errno: "ENOMEM", ways: [{ on: CLONE.NEWNET, fails: ["net_namespace"] }] },
  "tls-unreadable": { errno: "EFAULT", ways: [{ on: CLONE.SETTLS, tls: "unreadable" }], only: i386 },
  "tls-entry": { errno: "EINVAL", ways: [{ on: CLONE.SETTLS, tls: "entry" }], only: i386 },
  "tls-base": { errno: "EPERM", ways: [{ on: CLONE.SETTLS, tls: "base" }], only: x86_64 },
  "pid-object-no-memory": { errno: "ENOMEM", ways: [{ fails: ["pid"] }] },
  "pid-negative": { errno: "EINVAL", ways: number("negative") },
  "pid-beyond-max": { errno: "EINVAL", ways: number("beyond") },
  // One page holds every number a 32-bit kernel has, and it comes with the namespace.
  "pid-no-memory": { errno: "ENOMEM", ways: number("no-page"), only: x86_64 },
  "pid-taken": { errno: "EBUSY", ways: number("taken") },
  "pid-exhausted": { errno: "EAGAIN", ways: number("exhausted") },
  "proc-mount": { ...newpid({ on: CLONE.NEWPID, fails: ["proc_mnt"] }), errno: "ENOMEM" },
};

/** Where cwp-v2 refuses numbers together with a new namespace, the plain call has the same rungs. */
function newpid(demand: Demand): Violation {
  return { errno: "EINVAL", ways: [demand, { ...demand, set: "absent" }] };
}

/** The rungs of {@link VIOLATIONS} from one to another, both included. */
function between(first: string, last: string): Readonly<Record<string, Violation>> {
  const entries = Object.entries(VIOLATIONS);
  const at = (rung: string): number => entries.findIndex(([id]) => id === rung);
  return Object.fromEntries(entries.slice(at(first), at(last) + 1));
}

/** One of {@link VIOLATIONS}, its errno as eclone has it. */
function same(rung: string, errno?: string): Readonly<Record<string, Violation>> {
  const violation = VIOLATIONS[rung];
  if (violation === undefined) throw new RangeError(`no violation of ${rung}`);
  return { [rung]: errno === undefined ? violation : { ...violation, errno } };
}

/**
 * The ladder of eclone v14 as rules.md has it: §5.3, and §4 in its middle. Numbers below 300 are apart (E-44), for it
 * takes a wrapped namespace; the mask of flags never speaks (E-12).
 */
export const ECLONE_VIOLATIONS: Readonly<Record<string, Violation>> = {
  "args-size": { errno: "EINVAL", ways: [{ size: true }] },
  "args-unreadable": { errno: "EFAULT", ways: [{ struct: "unreadable" }] },
  "reserved-set": { errno: "EINVAL", ways: [{ struct: "readable", reserved: true }] },
  "flags-high-set": { errno: "EINVAL", ways: [{ struct: "readable", high: true }] },
  "stack-size-set": { errno: "EINVAL", ways: [{ struct: "readable", stackSize: true }] },
  ...between("newuser-thread", "newuser-not-capable"),
  ...between("count-too-deep", "array-unreadable"),
  "not-capable": { errno: "EPERM", ways: [{ set: "readable", lacks: ["SYS_ADMIN"] }] },
  ...between("newns-fs", "pid-object-no-memory"),
  ...same("pid-beyond-max"),
  ...same("pid-negative"),
  ...same("pid-no-memory"),
  ...same("pid-taken"),
  ...same("pid-exhausted", "EBUSY"),
  ...same("proc-mount"),
};

/** Rungs that no call can break together, with the reason. */
export const EXCLUSIONS: readonly {
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly why: string;
  readonly only?: (era: Era) => boolean;
}[] = [
  {
    a: ["set-unreadable"],
    b: [
      "count-negative",
      "count-too-deep",
      "array-no-memory",
      "array-unreadable",
      "newpid-with-pids",
      "newpid-not-init",
      ...NUMBERS,
    ],
    why: "what is in a set that cannot be read is nobody's fault",
  },
  {
    a: ["args-unreadable"],
    b: [
      "reserved-set",
      "flags-high-set",
      "stack-size-set",
      "count-too-deep",
      "array-no-memory",
      "array-unreadable",
      ...NUMBERS,
    ],
    why: "what is in a struct that cannot be read is nobody's fault",
  },
  {
    a: ["newuser-not-capable"],
    b: ["thread-without-sighand", "newpid-thread"],
    why: "CLONE_NEWUSER with CLONE_THREAD is the rung before both",
  },
  { a: ["count-negative"], b: ["count-too-deep"], why: "one count" },
  {
    a: ["array-unreadable"],
    b: ["newpid-not-init", ...NUMBERS],
    why: "what is in an array that cannot be read is nobody's fault",
  },
  {
    a: ["thread-without-sighand"],
    b: ["sighand-without-vm"],
    why: "one asks for SIGHAND, the other for its absence",
  },
  { a: ["tls-unreadable"], b: ["tls-entry"], why: "one descriptor" },
  {
    a: ["newpid-parent", "newpid-thread", "proc-mount"],
    b: ["not-capable", ...NUMBERS],
    why: "cwp-v2 refuses CLONE_NEWPID with numbers before it comes to either",
    only: (era) => era.profile === "cwp-v2",
  },
];
