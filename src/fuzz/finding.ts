import type { FuzzProgram } from "./program.ts";

/** What a detector says of one program, before anybody has tried to make the program smaller. */
export interface Suspicion {
  /** The detector's name. */
  readonly detector: string;
  /** The call it is about. */
  readonly call: string;
  /** The rung the call failed at; null when it did not. */
  readonly rung: string | null;
  /** Where: the path of an argument or field, a field of the kernel's state, a pair of rungs; "" for the call as a whole. */
  readonly site: string;
  /** What is wrong, in one line. */
  readonly title: string;
  /** Which step of the program: its place among all steps, children's after the one that makes them. */
  readonly step: number;
}

/** A defect found: plain data, the same for the same seed. */
export interface Finding extends Suspicion {
  /** The same defect has the same key, whoever finds it, in whatever program. */
  readonly key: string;
  /** The smallest program that shows it. */
  readonly program: FuzzProgram;
  /** The program it was found in. */
  readonly original: FuzzProgram;
  readonly seed: number;
  /** The run that found it, from 0. */
  readonly run: number;
}

/** The key findings are collected by. */
export function keyOf({ detector, call, rung, site }: Suspicion): string {
  return [detector, call, rung ?? "ok", site].join(" ");
}
