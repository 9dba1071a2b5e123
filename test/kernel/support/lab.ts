import { expect } from "vitest";
import { CLONE, eclone_args, target_pid_set } from "../../../src/abi/structs/index.ts";
import {
  boot,
  type CapabilitySet,
  capabilities,
  Guest,
  type Machine,
  type Profile,
  type QuirkSwitch,
  SIG,
  type Task,
  type Word,
} from "../../../src/kernel/index.ts";
import type { ExitRecord, TraceRecord } from "../../../src/kernel/trace/record.ts";
import { AccessLog, FaultPlan, PAGE_SIZE, PROT_READ, PROT_WRITE } from "../../../src/mm/index.ts";
import type { Arch, Era } from "./eras.ts";

/** Where a lab's memory lies: below 2 GiB, so that every ABI can point at it. */
export const ARENA = 0x1000_0000;
const ARENA_PAGES = 4;
/** The first address behind the arena: nothing is mapped there. */
export const HOLE: number = ARENA + ARENA_PAGES * PAGE_SIZE;
/** Where {@link Lab.clone} puts the set and the numbers, unless told otherwise. */
export const SET: number = ARENA + 0x100;
export const NUMBERS: number = ARENA + 0x200;
/** Free for a test's own words. */
export const SCRATCH: number = ARENA + PAGE_SIZE;
/** An address no user ever has, on either architecture. */
export const KERNEL_ADDRESS: Readonly<Record<Arch, bigint>> = {
  x86_64: 0xffff_8000_0000_0000n,
  i386: 0xf000_0000n,
};

export interface LabOptions {
  /** Depth of the calling namespace. Default 0, with init itself as the caller. */
  readonly level?: number;
  readonly profile?: Profile;
  readonly quirks?: readonly QuirkSwitch[];
  readonly pidMax?: number;
  readonly maxThreads?: number;
  readonly frames?: number;
  readonly bits?: 32 | 64;
}

/** One wish for {@link Lab.clone}, for either call that chooses numbers. Registers and fields left out are 0. */
export interface Wish {
  /** Clone flags without the exit signal. Default none. */
  readonly flags?: number;
  /** Exit signal. Default SIGCHLD. */
  readonly signal?: number;
  /** Written as the array; without it, and without `set`, no set is passed. */
  readonly pids?: readonly number[];
  /** num_pids or nr_pids, where it is not the length of `pids`. */
  readonly count?: number;
  /** Address of the set, or of eclone's struct, where it is not {@link SET}. */
  readonly set?: Word;
  /** Address of the array, where it is not {@link NUMBERS}. */
  readonly array?: Word;
  readonly newsp?: Word;
  readonly parentTid?: Word;
  readonly childTid?: Word;
  /** eclone has no such argument: what is in the register of a fifth one. */
  readonly tls?: Word;
  /** Of eclone alone. */
  readonly size?: Word;
  readonly flagsHigh?: Word;
  readonly reserved?: number;
  readonly stackSize?: Word;
}

/** A machine under test, traced and logged, with a caller at some depth of namespaces. */
export class Lab {
  readonly machine: Machine;
  readonly records: TraceRecord[] = [];
  readonly log: AccessLog = new AccessLog();
  /** The init of every level down to the caller's; the caller is the last. */
  readonly inits: readonly Guest[];
  readonly caller: Guest;
  /** The call of the era that chooses numbers. */
  readonly call: "clone_with_pids" | "eclone";

  constructor(era: Era, options: LabOptions = {}) {
    this.machine = boot({
      arch: era.arch,
      profile: options.profile ?? era.profile,
      quirks: options.quirks ?? [],
      frames: options.frames ?? 512,
      trace: (record) => this.records.push(record),
      ...(options.pidMax === undefined ? {} : { pidMax: options.pidMax }),
      ...(options.maxThreads === undefined ? {} : { maxThreads: options.maxThreads }),
      ...(options.bits === undefined ? {} : { bits: options.bits }),
    });
    this.call = era.profile === "eclone" ? "eclone" : "clone_with_pids";
    const init = new Guest(this.machine, this.machine.init);
    init.map(ARENA_PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE, ARENA);
    const inits = [init];
    for (let level = 0; level < (options.level ?? 0); level++) inits.push(nest(inits[level] as Guest));
    this.inits = inits;
    this.caller = inits[inits.length - 1] as Guest;
    this.machine.uaccess.log = this.log;
    this.fresh();
  }

  /** Forgets what has been traced and logged so far. */
  fresh(): void {
    this.records.length = 0;
    this.log.clear();
  }

  /** Makes `guest` call what its era has, its structures written to memory first. Returns the register. */
  clone(wish: Wish = {}, guest: Guest = this.caller): number | null {
    this.fresh();
    return guest.call(this.call, this.prepare(wish, guest));
  }

  /** The same wish through plain clone. */
  plain(
    wish: Omit<Wish, "pids" | "count" | "set" | "array"> = {},
    guest: Guest = this.caller,
  ): number | null {
    this.fresh();
    return guest.call("clone", plainArgs(wish));
  }

  /** Writes what a wish points at and returns its arguments by name. */
  prepare(wish: Wish, guest: Guest = this.caller): Record<string, Word> {
    const { pids } = wish;
    if (pids !== undefined && wish.array === undefined) guest.writeInts(NUMBERS, pids);
    const count = wish.count ?? pids?.length ?? 0;
    const array = wish.array ?? NUMBERS;
    if (this.call === "eclone") return ecloneArgs(wish, guest, count, pids === undefined ? 0 : array);
    const set = wish.set ?? (pids === undefined ? 0 : SET);
    if (pids !== undefined && set === SET) writeSet(guest, SET, count, array);
    return { ...plainArgs(wish), pid_set: set };
  }

  /** The child `guest` made, by the number it was told. @throws when the call failed */
  made(result: number | null, guest: Guest = this.caller): Guest {
    expect(guest.errno(result), `the clone failed at ${this.rung}`).toBeNull();
    return guest.child(result);
  }

  /** Clones and returns the child. */
  child(wish: Wish = {}, guest: Guest = this.caller): Guest {
    return this.made(this.clone(wish, guest), guest);
  }

  /** Has a child made with plain clone. */
  fork(guest: Guest = this.caller, flags = 0): Guest {
    return this.made(this.plain({ flags }, guest), guest);
  }

  /** Makes `child` exit and `parent` reap it. */
  bury(child: Guest, parent: Guest = this.caller): void {
    const nr = child.task.nrIn(parent.task.pidNs);
    child.call("exit_group", { error_code: 0 });
    expect(parent.call("wait4", { upid: nr, options: 0x4000_0000 })).toBe(nr);
  }

  /** How the last call that ended, ended. */
  get last(): ExitRecord["outcome"] {
    const exit = this.records.findLast((record) => record.kind === "exit");
    if (exit?.kind !== "exit") throw new Error("no call has ended");
    return exit.outcome;
  }

  /** The rung the last call failed at; null when it did not fail at one. */
  get rung(): string | null {
    return this.last.kind === "error" ? (this.last.rung?.id ?? null) : null;
  }

  /** Puts a fault plan in front of user memory, frames and kernel objects. */
  plan(): FaultPlan {
    const plan = new FaultPlan();
    this.usePlan(plan);
    return plan;
  }

  usePlan(plan: FaultPlan | null): void {
    this.machine.plan = plan;
    this.machine.uaccess.plan = plan;
    this.machine.pool.plan = plan;
  }
}

/** The arguments of plain clone. */
function plainArgs(wish: Wish): Record<string, Word> {
  return {
    flags: ((wish.flags ?? 0) | (wish.signal ?? SIG.CHLD)) >>> 0,
    newsp: wish.newsp ?? 0,
    parent_tid: wish.parentTid ?? 0,
    child_tid: wish.childTid ?? 0,
    tls: wish.tls ?? 0,
  };
}

/** Writes eclone's struct, and the register of a fifth argument. */
function ecloneArgs(wish: Wish, guest: Guest, count: number, pids: Word): Record<string, Word> {
  const args = wish.set ?? SET;
  if (args === SET)
    guest.writeStruct(SET, eclone_args, {
      clone_flags_high: wish.flagsHigh ?? 0,
      child_stack: wish.newsp ?? 0,
      child_stack_size: wish.stackSize ?? 0,
      parent_tid_ptr: wish.parentTid ?? 0,
      child_tid_ptr: wish.childTid ?? 0,
      nr_pids: count >>> 0,
      reserved0: wish.reserved ?? 0,
    });
  guest.task.regs.set(guest.task.bits === 32 ? "di" : "r8", wish.tls ?? 0);
  const flags = ((wish.flags ?? 0) | (wish.signal ?? SIG.CHLD)) >>> 0;
  return { flags_low: flags, args, args_size: wish.size ?? 48, pids };
}

/** Asserts that a call failed with an errno, at a rung of its ladder; both must be right. */
export function expectFailure(lab: Lab, result: number | null, errno: string, rung: string): void {
  expect({ errno: lab.caller.errno(result), rung: lab.rung }).toEqual({ errno, rung });
  expect(lab.machine.oopses).toEqual([]);
}

/** Writes a struct target_pid_set as the guest's ABI lays it out. */
export function writeSet(guest: Guest, at: number, count: number, array: Word): void {
  guest.writeStruct(at, target_pid_set, { num_pids: count, target_pids: array });
}

/** A child in a new pid namespace: its init. */
export function nest(guest: Guest): Guest {
  const nr = guest.call("clone", { flags: CLONE.NEWPID | SIG.CHLD });
  expect(guest.errno(nr)).toBeNull();
  return guest.child(nr);
}

/** Makes a task somebody else: a user of the initial namespace with these capabilities. */
export function become(guest: Guest, uid: number, caps: readonly string[] | CapabilitySet): void {
  const { task, machine } = guest;
  const effective = "lo" in caps ? caps : capabilities(caps);
  const user = machine.rootUserNs.account(uid);
  task.cred.user.removeProcess();
  user.addProcess();
  task.cred = { ...task.cred, uid, euid: uid, suid: uid, user, effective, permitted: effective };
}

/** Takes every capability from a task that stays root. */
export function dropCapabilities(guest: Guest, keep: readonly string[] = []): void {
  become(guest, guest.task.cred.uid, keep);
}

/** A task's numbers, oldest namespace first. */
export function numbersOf(guest: Guest | Task): readonly number[] {
  return ("task" in guest ? guest.task : guest).pidNumbers();
}
