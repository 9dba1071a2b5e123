import type { Vector } from "./vector.ts";

/** What one operation answered: the result register as a signed number of the entry's width, or that it never returned. */
export type RawResult = { readonly ret: bigint } | { readonly notReached: true };

/** One 32-bit word of memory that differs from its start state, as the processor reads it. */
export interface ChangedWord {
  /** A multiple of 4. */
  readonly addr: number;
  /** 0 … 2^32 − 1. */
  readonly value: number;
}

/** A rung of a call's ladder that spoke. */
export interface SpokenRung {
  readonly call: string;
  /** The rung's id. */
  readonly rung: string;
}

/**
 * What a kernel answered to a case: raw, with numbers for everything. `compare` holds it against an expectation,
 * `expectationOf` makes one of it.
 */
export interface Answer {
  /** By label; every labelled operation is there. */
  readonly results: Readonly<Record<string, RawResult>>;
  /**
   * By task (`main`, or the label that made it), ascending. A task that never came to its dump is absent, and so is
   * every one of a case without dump ranges.
   */
  readonly memory: Readonly<Record<string, readonly ChangedWord[]>>;
  /** Numbers by task, level 0 first; a task that was never made is absent. */
  readonly pids: Readonly<Record<string, readonly number[]>>;
  /**
   * By label, or by `child:` and the label that made the task; unsigned. Beside the general registers there are
   * `flags` where known, and `ip`, the instruction after the trap.
   */
  readonly regs: Readonly<Record<string, Readonly<Record<string, bigint>>>>;
  /** The main task came to the end of its program. */
  readonly mainCompleted: boolean;
  /** Its wait status; null for a task that never ended and was put down. */
  readonly mainWaitStatus: number | null;
  /** The main task's number in its own namespace: `@self`. */
  readonly self: number;
  /** Its parent's number there, 0 for one that is not visible: `@parent`. */
  readonly parent: number;
  /** By label, of a kernel that knows: the rung of its ladder a call failed at, where it failed at once. */
  readonly rungs?: Readonly<Record<string, SpokenRung>>;
  /** Calls a real kernel has and this executor does not, by name: the case says nothing about it. */
  readonly unsupported?: readonly string[];
  /** The kernel itself broke down: a defect of the executor, never an answer. */
  readonly defect?: string;
}

/** The case could not be run here, and why: one line. */
export interface Skipped {
  readonly skipped: string;
}

/** Runs cases: the emulated kernel, a live one, or yours. */
export interface Executor {
  /** What it is, for a report: "trapgate clone3-614", "Linux 6.18.44". */
  readonly name: string;
  run(vector: Vector): Promise<Answer | Skipped> | Answer | Skipped;
}

/** Whether the case was not run. */
export function isSkipped(outcome: Answer | Skipped): outcome is Skipped {
  return "skipped" in outcome;
}
