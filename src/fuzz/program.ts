/**
 * The portable form of what the lab runs: plain JSON that a corpus keeps, workers exchange and a report prints. What a
 * program leaves out is at its default, so a shrunk one says only what matters.
 */
export interface FuzzProgram {
  /** Which program, and the way it traps; as conform's cases have it. */
  readonly arch: FuzzArch;
  /** Effective and permitted capabilities of the caller. Default "all". */
  readonly caps?: "none";
  /** The calls, in order; the first of them is at 0. */
  readonly steps: readonly FuzzStep[];
}

/** `x86_64`: a 64-bit program; `i386`: a 32-bit one on the same kernel; `int80`: a 64-bit one through int 0x80. */
export type FuzzArch = "x86_64" | "i386" | "int80";

/** Every {@link FuzzArch}. */
export const FUZZ_ARCHS: readonly FuzzArch[] = ["x86_64", "i386", "int80"];

/** One call. */
export interface FuzzStep {
  /** Its name in the target. */
  readonly call: string;
  /** Which of its forms, where one argument decides what the others are (prctl). */
  readonly form?: string;
  /** Values by path (`uargs`, `uargs.flags`, `uargs.set_tid[0]`); what is left out is at its default. */
  readonly args: Readonly<Record<string, FuzzValue>>;
  /** What tasks that the call creates run, one after the other, before they exit. Default nothing. */
  readonly child?: readonly FuzzStep[];
}

/**
 * A value: a word (a number within ±2^53, or "0x" and up to 16 digits); where an object lies; the size of what a
 * pointer points at, and so many bytes or elements more; what an earlier step of the same task returned; an address
 * in a page of its own; what a buffer holds.
 */
export type FuzzValue =
  | number
  | string
  | { readonly at: string; readonly of?: string }
  | { readonly sizeof: string; readonly plus?: number }
  | { readonly ret: number }
  | { readonly scratch: number }
  | { readonly bytes: "text" | "endless" | "empty" | "noise"; readonly length: number };
