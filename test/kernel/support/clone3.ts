import { expect } from "vitest";
import { clone_args } from "../../../src/abi/structs/index.ts";
import { type Guest, SIG, type Word } from "../../../src/kernel/index.ts";
import { ARENA, Lab, NUMBERS } from "./lab.ts";

/** Where {@link Lab3.clone3} puts struct clone_args, unless told otherwise. */
export const ARGS: number = ARENA + 0x400;
/** Bytes of the struct that a kernel of today knows. */
export const FULL = 88;
const KNOWN = [
  ["clone3-53", 64],
  ["clone3-55", 80],
] as const;

/** Bytes of the struct an era knows. */
export function knownSize(profile: string): number {
  return KNOWN.find(([name]) => name === profile)?.[1] ?? FULL;
}

/** One wish for {@link Lab3.clone3}. Fields left out are 0. */
export interface Wish3 {
  readonly flags?: Word;
  /** Default SIGCHLD. */
  readonly exitSignal?: Word;
  readonly pidfd?: Word;
  readonly childTid?: Word;
  readonly parentTid?: Word;
  readonly stack?: Word;
  readonly stackSize?: Word;
  readonly tls?: Word;
  /** Written as the array, the innermost namespace's first. */
  readonly tids?: readonly number[];
  /** Address of the array, where it is not {@link NUMBERS}. */
  readonly setTid?: Word;
  /** set_tid_size, where it is not the length of `tids`. */
  readonly count?: Word;
  readonly cgroup?: Word;
  /** Default: what the era knows. */
  readonly size?: Word;
  /** Address of the struct, where it is not {@link ARGS}. */
  readonly at?: Word;
  /** The struct is not written: nothing is mapped there, or it lies there already. */
  readonly asItIs?: boolean;
}

/** A lab of an era that has clone3. */
export class Lab3 extends Lab {
  /** Makes `guest` call clone3, its structures written to memory first. Returns the register. */
  clone3(wish: Wish3 = {}, guest: Guest = this.caller): number | null {
    this.fresh();
    const { tids, at = ARGS } = wish;
    if (tids !== undefined && wish.setTid === undefined) guest.writeInts(NUMBERS, tids);
    if (!wish.asItIs) guest.writeStruct(Number(at), clone_args, fieldsOf(wish));
    return guest.call("clone3", { uargs: at, size: wish.size ?? knownSize(this.machine.profile.name) });
  }

  /** Calls clone3 and returns the child. */
  child3(wish: Wish3 = {}, guest: Guest = this.caller): Guest {
    return this.made(this.clone3(wish, guest), guest);
  }

  /** What the next child gets from the kernel in the caller's own namespace. */
  get next(): number {
    return this.caller.task.pidNs.lastPid + 1;
  }
}

function fieldsOf(wish: Wish3): Record<string, Word> {
  const { tids } = wish;
  return {
    flags: wish.flags ?? 0,
    pidfd: wish.pidfd ?? 0,
    child_tid: wish.childTid ?? 0,
    parent_tid: wish.parentTid ?? 0,
    exit_signal: wish.exitSignal ?? SIG.CHLD,
    stack: wish.stack ?? 0,
    stack_size: wish.stackSize ?? 0,
    tls: wish.tls ?? 0,
    set_tid: wish.setTid ?? (tids === undefined ? 0 : NUMBERS),
    set_tid_size: wish.count ?? tids?.length ?? 0,
    cgroup: wish.cgroup ?? 0,
  };
}

/** A flag above the low word, for the 64-bit flags of clone3. */
export function high(bit: number): bigint {
  return 1n << BigInt(bit);
}

/** Asserts that a call failed at a rung with an errno, and that no task, number or descriptor was left behind. */
export function expectRefused(lab: Lab3, wish: Wish3, errno: string, rung: string): void {
  const before = lab.machine.nrThreads;
  const result = lab.clone3(wish);
  expect({ errno: lab.caller.errno(result), rung: lab.rung }).toEqual({ errno, rung });
  expect(lab.machine.nrThreads).toBe(before);
  expect(lab.machine.oopses).toEqual([]);
}
