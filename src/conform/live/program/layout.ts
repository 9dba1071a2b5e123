import type { Bits } from "../asm/encodings.ts";

/** Where the parts of an oracle's program lie: out of every case's way, and each part within reach of the others. */
export interface Layout {
  /** The code that is there from the start. */
  readonly text: number;
  /** A page of the program's own. */
  readonly state: number;
  /** Code and data of one case. */
  readonly blob: number;
  readonly blobSize: number;
  /** Memory shared by every task of a case and the program that runs it: what it has answered. */
  readonly report: number;
  readonly reportSize: number;
  readonly start: number;
  readonly end: number;
  /** The end of user memory. */
  readonly top: number;
}

function layoutAt(start: number, top: number): Layout {
  return {
    text: start,
    state: start + 0x1_0000,
    blob: start + 0x10_0000,
    blobSize: 0x20_0000,
    report: start + 0x40_0000,
    reportSize: 0x40_0000,
    start,
    end: start + 0x80_0000,
    top,
  };
}

/** The layout of each width. The top of a 32-bit program is compat mode's. */
export const LAYOUT: Readonly<Record<Bits, Layout>> = {
  64: layoutAt(0x2a2a_0000_0000, 0x7fff_ffff_f000),
  32: layoutAt(0x6a00_0000, 0xffff_e000),
};

/** A case that the program's memory has no room for, or that wants the same place: one line. */
export class CaseTooLarge extends Error {}

/** Fields at the start of a report, by their distance from it. All of it is zero when a case begins. */
export const HEAD = {
  /** 1 once the case may begin. */
  go: 0x00,
  /** Where the next new task's {@link TURN} lies. */
  nextTurn: 0x08,
  /** The call that kept the case from beginning (a place in its list of steps, from 1), and what it answered. */
  failedStep: 0x10,
  failure: 0x18,
  /** The wait status of a main task that has a parent within the case, and 1 once it is known. */
  status: 0x20,
  statusKnown: 0x28,
  /** The main task's number and its parent's, in its namespace. */
  self: 0x30,
  parent: 0x38,
  /** 1 once the main task came to the end of its program. */
  completed: 0x40,
  /** The {@link TURN}s, one a task in the order of their making. */
  turns: 0x80,
} as const;

/** Whose turn it is, for one task: two 32-bit words. */
export const TURN = {
  /** 1 while the task waits for its turn. */
  ready: 0,
  /** 1 when it is its turn: a futex. */
  go: 4,
  size: 8,
} as const;
