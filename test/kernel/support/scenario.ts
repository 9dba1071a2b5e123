import { CLONE } from "../../../src/abi/structs/index.ts";
import type { Era } from "./eras.ts";

/** What can be wrong with one number. */
export type NumberFault = "negative" | "beyond" | "no-page" | "taken" | "exhausted";

/**
 * Everything about one call of clone_with_pids that a rung looks at, as a test can set it up. The caller stands at level
 * 1, is uid 1000 and holds every capability but those named.
 */
export interface Scenario {
  /** Clone flags that must be on, and those that must stay off. */
  readonly on: number;
  readonly off: number;
  /** Of eclone: flags above bit 31, and what else its struct can have wrong. */
  readonly high: boolean;
  readonly struct: "readable" | "unreadable";
  readonly size: boolean;
  readonly reserved: boolean;
  readonly stackSize: boolean;
  readonly set: "absent" | "unreadable" | "readable";
  readonly count: "fits" | "negative" | "deep";
  readonly array: "readable" | "unreadable";
  /** What is wrong with a number; the other slot is in order. */
  readonly inner: readonly NumberFault[];
  readonly outer: readonly NumberFault[];
  /** With CLONE_NEWPID in cwp-v2-newpid: the number in the new namespace. */
  readonly last: 1 | 7;
  /** Capabilities missing when the call begins, and lost in its middle, at the security hook. */
  readonly lacks: readonly string[];
  readonly loses: readonly string[];
  /** Allocation sites that fail. */
  readonly fails: readonly string[];
  readonly hook: "agrees" | "refuses";
  /** The user has as many processes, the machine as many threads, as there may be. */
  readonly nproc: boolean;
  readonly maxThreads: boolean;
  readonly tls: "good" | "unreadable" | "entry" | "base";
  /** Whether the caller is its namespace's init. */
  readonly init: boolean | null;
}

/** A call with nothing wrong. */
export const SOUND: Scenario = {
  on: 0,
  off: 0,
  high: false,
  struct: "readable",
  size: false,
  reserved: false,
  stackSize: false,
  set: "readable",
  count: "fits",
  array: "readable",
  inner: [],
  outer: [],
  last: 1,
  lacks: [],
  loses: [],
  fails: [],
  hook: "agrees",
  nproc: false,
  maxThreads: false,
  tls: "good",
  init: null,
};

/** What a fault asks of a scenario; what it leaves out is left to others. */
export type Demand = Partial<Scenario>;

/** Both demands at once; null when they contradict each other. */
export function merge(a: Demand, b: Demand): Scenario | null {
  const merged: Record<string, unknown> = { ...SOUND };
  for (const key of Object.keys(SOUND) as (keyof Scenario)[]) {
    const [x, y] = [a[key], b[key]];
    if (x === undefined && y === undefined) continue;
    if (x === undefined || y === undefined) merged[key] = x ?? y;
    else if (typeof x === "number" && typeof y === "number" && key !== "last") merged[key] = (x | y) >>> 0;
    else if (Array.isArray(x) && Array.isArray(y)) merged[key] = [...new Set([...x, ...y])];
    else if (x === y) merged[key] = x;
    else return null;
  }
  const scenario = completed(merged as unknown as Scenario);
  return (scenario.on & scenario.off) === 0 && oneFaultASlot(scenario) ? scenario : null;
}

/** Flags other flags need are added, unless a demand keeps them off. */
function completed(scenario: Scenario): Scenario {
  let { on } = scenario;
  const wants = (flag: number, needs: number): void => {
    if ((on & flag) !== 0 && (scenario.off & needs) === 0) on |= needs;
  };
  wants(CLONE.THREAD, CLONE.SIGHAND);
  wants(CLONE.SIGHAND, CLONE.VM);
  return { ...scenario, on: on >>> 0 };
}

/** One number is one number: only a smaller pid_max makes two faults of it. */
function oneFaultASlot({ inner, outer }: Scenario): boolean {
  return [inner, outer].every(
    (faults) =>
      faults.length < 2 ||
      (faults.length === 2 &&
        faults.includes("beyond") &&
        !faults.includes("negative") &&
        !faults.includes("exhausted")),
  );
}

/** Whether a scenario breaks the rule of a rung, told from rules.md alone. */
export function breaks(s: Scenario, rung: string, era: Era): boolean {
  const has = (flag: number): boolean => (s.on & flag) !== 0;
  const lacks = (cap: string): boolean => s.lacks.includes(cap);
  const late = (cap: string): boolean => lacks(cap) || s.loses.includes(cap);
  const spaces = CLONE.NEWNS | CLONE.NEWUTS | CLONE.NEWIPC | CLONE.NEWPID | CLONE.NEWNET;
  const whole = s.struct === "readable";
  const asked = s.set === "readable" && whole;
  const fault = (kind: NumberFault): boolean =>
    asked && s.array === "readable" && (s.inner.includes(kind) || s.outer.includes(kind));
  switch (rung) {
    case "newuser-thread":
      return has(CLONE.NEWUSER) && has(CLONE.THREAD);
    case "newuser-not-capable":
      return has(CLONE.NEWUSER) && ["SYS_ADMIN", "SETUID", "SETGID"].some(lacks);
    case "set-unreadable":
      return s.set === "unreadable";
    case "count-negative":
      return asked && s.count === "negative";
    case "count-too-deep":
      return asked && s.count === "deep";
    case "array-no-memory":
      return asked && s.fails.includes("kalloc");
    case "array-unreadable":
      return asked && s.array === "unreadable";
    case "newpid-with-pids":
      return asked && has(CLONE.NEWPID) && era.profile === "cwp-v2";
    case "newpid-not-init":
      return asked && s.array === "readable" && has(CLONE.NEWPID) && s.last !== 1;
    case "not-capable":
      return s.set !== "absent" && lacks("SYS_ADMIN");
    case "args-size":
      return s.size;
    case "args-unreadable":
      return !whole;
    case "reserved-set":
      return whole && s.reserved;
    case "stack-size-set":
      return whole && s.stackSize;
    case "flags-high-set":
    case "flag-unknown":
      return whole && s.high;
    case "newns-fs":
      return has(CLONE.NEWNS) && has(CLONE.FS);
    case "thread-without-sighand":
      return has(CLONE.THREAD) && !has(CLONE.SIGHAND);
    case "sighand-without-vm":
      return has(CLONE.SIGHAND) && !has(CLONE.VM);
    case "parent-by-init":
      return has(CLONE.PARENT) && s.init === true;
    case "security-hook":
      return s.hook === "refuses";
    case "task-no-memory":
      return s.fails.includes("task_struct");
    case "nproc-limit":
      return s.nproc && late("SYS_ADMIN") && late("SYS_RESOURCE");
    case "max-threads":
      return s.maxThreads;
    case "copy-no-memory":
      return s.fails.includes("files_struct");
    case "namespace-not-capable":
      return has(spaces) && late("SYS_ADMIN");
    case "newipc-sysvsem":
      return has(CLONE.NEWIPC) && has(CLONE.SYSVSEM);
    case "newpid-parent":
      return has(CLONE.NEWPID) && has(CLONE.PARENT);
    case "newpid-thread":
      return has(CLONE.NEWPID) && has(CLONE.THREAD);
    case "namespace-no-memory":
      return has(spaces) && s.fails.includes("nsproxy");
    case "pid-namespace-no-memory":
      return has(CLONE.NEWNET) && s.fails.includes("net_namespace");
    case "tls-unreadable":
      return has(CLONE.SETTLS) && s.tls === "unreadable";
    case "tls-entry":
      return has(CLONE.SETTLS) && s.tls === "entry";
    case "tls-base":
      return has(CLONE.SETTLS) && s.tls === "base";
    case "pid-object-no-memory":
      return s.fails.includes("pid");
    case "pid-negative":
      return fault("negative");
    case "pid-beyond-max":
      return fault("beyond");
    case "pid-no-memory":
      return fault("no-page");
    case "pid-taken":
      return fault("taken");
    case "pid-exhausted":
      return fault("exhausted");
    case "proc-mount":
      return has(CLONE.NEWPID) && s.fails.includes("proc_mnt");
    default:
      throw new Error(`no rule is known for ${rung}`);
  }
}

/** The rung of each fault of a number. */
export const RUNG_OF: Readonly<Record<NumberFault, string>> = {
  negative: "pid-negative",
  beyond: "pid-beyond-max",
  "no-page": "pid-no-memory",
  taken: "pid-taken",
  exhausted: "pid-exhausted",
};

/**
 * The rung that speaks: the first broken one of a ladder; among numbers the innermost level, and for one number
 * the ladder's order again.
 */
export function speaks(s: Scenario, ladder: readonly string[], era: Era): string | null {
  const first = ladder.find((rung) => breaks(s, rung, era)) ?? null;
  if (first === null || !Object.values(RUNG_OF).includes(first)) return first;
  const level = s.inner.length > 0 ? s.inner : s.outer;
  return ladder.find((rung) => level.some((fault) => RUNG_OF[fault] === rung)) ?? null;
}
