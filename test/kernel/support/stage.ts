import { expect } from "vitest";
import { CLONE, RLIMIT } from "../../../src/abi/structs/index.ts";
import {
  allCapabilities,
  capabilities,
  type Guest,
  type Profile,
  withoutCapabilities,
} from "../../../src/kernel/index.ts";
import type { PidNamespace } from "../../../src/kernel/pid/namespace.ts";
import { limitOf } from "../../../src/kernel/task/rlimits.ts";
import { FaultPlan } from "../../../src/mm/index.ts";
import { census, withoutCursors } from "./census.ts";
import type { Era } from "./eras.ts";
import { become, HOLE, KERNEL_ADDRESS, Lab, SCRATCH, type Wish } from "./lab.ts";
import type { NumberFault, Scenario } from "./scenario.ts";

/** A number both namespaces have in use, and two that are free in theirs. */
const RESIDENT = 500;
const FREE = { outer: 60, inner: 50 } as const;
const ALL = allCapabilities();

/** What a call answered. */
export interface Answer {
  readonly errno: string | null;
  readonly rung: string | null;
}

/** Plays scenarios on one machine, and puts everything back after each. */
export class Stage {
  private readonly era: Era;
  private readonly profile: Profile | undefined;
  private readonly lab: Lab;
  private readonly ordinary: Guest;

  constructor(era: Era, profile?: Profile) {
    this.era = era;
    this.profile = profile;
    const quirks = era.profile === "eclone" && profile === undefined ? (["!Q-04"] as const) : [];
    this.lab = new Lab(era, { level: 1, quirks, ...(profile === undefined ? {} : { profile }) });
    this.lab.child({ pids: [RESIDENT, RESIDENT] });
    this.ordinary = this.lab.fork();
  }

  /** Makes the call a scenario describes; a failure must have changed nothing but cursors. */
  play(s: Scenario): Answer {
    const faults = [...s.inner, ...s.outer];
    // A page of the map, once there, stays: such a scenario has a machine of its own.
    const burns = faults.includes("exhausted") && faults.includes("no-page");
    return burns ? new Stage(this.era, this.profile).act(s) : this.act(s);
  }

  private act(s: Scenario): Answer {
    const { lab } = this;
    const { machine } = lab;
    const guest = s.init === true ? lab.caller : this.ordinary;
    const { cred, signal } = guest.task;
    const { maxThreads } = machine;
    const pidMax = machine.rootPidNs.pidMax;
    const undo = this.numbers(s, guest);
    guest.writeInts(SCRATCH, [s.tls === "entry" ? 99 : 6, 0x1000, 1, 1]);
    const args = lab.prepare(this.wish(s, guest), guest);
    become(guest, 1000, withoutCapabilities(ALL, capabilities(s.lacks)));
    if (s.nproc) signal.setRlimit(RLIMIT.NPROC, limitOf(0));
    if (s.maxThreads) machine.maxThreads = machine.nrThreads;
    if (s.hook === "refuses" || s.loses.length > 0) this.hook(s, guest);
    const before = withoutCursors(census(machine));
    const plan = new FaultPlan();
    for (const site of s.fails) plan.failAllocation("1+", site);
    if (faultsOf(s).includes("no-page")) plan.failAllocation("1+", "pidmap");
    lab.usePlan(plan);
    lab.fresh();
    const result = guest.call(lab.call, args);
    const answer = { errno: guest.errno(result), rung: lab.rung };
    lab.usePlan(null);
    if (answer.errno !== null) expect(withoutCursors(census(machine))).toEqual(before);
    expect(machine.oopses).toEqual([]);
    become(guest, 0, ALL);
    guest.task.cred = cred;
    signal.setRlimit(RLIMIT.NPROC, limitOf(Number.POSITIVE_INFINITY));
    machine.maxThreads = maxThreads;
    machine.securityTaskCreate = null;
    machine.rootPidNs.pidMax = pidMax;
    undo();
    return answer;
  }

  private hook(s: Scenario, guest: Guest): void {
    this.lab.machine.securityTaskCreate = (task) => {
      task.cred = {
        ...task.cred,
        effective: withoutCapabilities(task.cred.effective, capabilities(s.loses)),
      };
      return s.hook === "refuses" && task === guest.task ? "EACCES" : null;
    };
  }

  private wish(s: Scenario, guest: Guest): Wish {
    const { pidMax } = this.lab.machine.rootPidNs;
    const pids = [pick(s.outer, FREE.outer, pidMax), pick(s.inner, FREE.inner, pidMax)];
    const extra = (s.on & CLONE.NEWPID) !== 0 && this.era.profile === "cwp-v2-newpid";
    if (extra) pids.push(s.last);
    if (s.count === "deep") pids.unshift(0);
    const tls = { good: SCRATCH, entry: SCRATCH, unreadable: HOLE, base: KERNEL_ADDRESS[this.era.arch] }[
      s.tls
    ];
    const wish: Wish = {
      flags: s.on,
      tls,
      ...(s.size ? { size: 47 } : {}),
      ...(s.high ? { flagsHigh: 1n << 1n } : {}),
      ...(s.reserved ? { reserved: 1 } : {}),
      ...(s.stackSize ? { stackSize: 4096 } : {}),
      ...(s.struct === "unreadable" ? { set: HOLE } : {}),
    };
    expect(guest.task.pidNs.level).toBe(1);
    if (s.set === "absent") return wish;
    if (s.set === "unreadable") return { ...wish, set: HOLE };
    return {
      ...wish,
      pids,
      ...(s.count === "negative" ? { count: -1 } : {}),
      ...(s.array === "unreadable" ? { array: HOLE } : {}),
    };
  }

  /** Makes numbers wrong; returns how to make them right again. */
  private numbers(s: Scenario, guest: Guest): () => void {
    const root = this.lab.machine.rootPidNs;
    const faults = faultsOf(s);
    const sameSlot = [s.inner, s.outer].find((slot) => slot.length === 2);
    if (faults.includes("no-page")) root.pidMax = faults.includes("exhausted") ? 32_770 : 200_000;
    else if (faults.includes("exhausted")) root.pidMax = RESIDENT + 1;
    if (sameSlot?.includes("taken")) root.pidMax = RESIDENT - 50;
    if (sameSlot?.includes("no-page")) root.pidMax = NO_PAGE - 1;
    const filled = [
      s.inner.includes("exhausted") ? guest.task.pidNs : null,
      s.outer.includes("exhausted") ? root : null,
    ]
      .filter((ns) => ns !== null)
      .map((ns) => fill(ns, root.pidMax));
    return () => {
      for (const empty of filled) empty();
    };
  }
}

const NO_PAGE = 32_769;

function faultsOf(s: Scenario): readonly NumberFault[] {
  return [...s.inner, ...s.outer];
}

/** The number that has the faults asked for. */
function pick(faults: readonly NumberFault[], free: number, pidMax: number): number {
  if (faults.includes("taken")) return RESIDENT;
  if (faults.includes("no-page")) return NO_PAGE;
  if (faults.includes("negative")) return -5;
  if (faults.includes("beyond")) return pidMax;
  return faults.includes("exhausted") ? 0 : free;
}

/** Takes every number the kernel could choose, as so many tasks would. */
function fill(ns: PidNamespace, pidMax: number): () => void {
  const { lastPid } = ns;
  const taken: number[] = [];
  for (let nr = 300; nr < pidMax; nr++) if (ns.map.set(nr)) taken.push(nr);
  ns.lastPid = pidMax - 1;
  return () => {
    for (const nr of taken) ns.map.clear(nr);
    ns.lastPid = lastPid;
  };
}
