import type { Detector } from "./detector.ts";
import type { Finding } from "./finding.ts";
import type { FuzzProgram } from "./program.ts";

/** How a target is searched. */
export interface FuzzOptions {
  /** Same seed, same target, same steps: same findings. Default 1. */
  readonly seed?: number;
  /** Detectors to be asked; default all of {@link DETECTORS}. */
  readonly detectors?: readonly Detector[];
  /** Programs to begin with, besides the defaults of every call. */
  readonly corpus?: readonly FuzzProgram[];
  /** Calls in a program at most. Default 1: programs of several calls are made when it is more. */
  readonly steps?: number;
  /** Keep findings as they are found instead of making them small. Default false. */
  readonly raw?: boolean;
}

/** What a search has come to so far. */
export interface FuzzResult {
  /** Programs run by the search itself; what detectors and the shrinker ran besides is in {@link extraRuns}. */
  readonly runs: number;
  readonly extraRuns: number;
  /** Kinds of behaviour seen: call, rung, pattern of accesses, outcome, counters. */
  readonly features: number;
  /** Programs kept because they did something new. */
  readonly corpus: readonly FuzzProgram[];
  /** By key, in the order they were found. */
  readonly findings: readonly Finding[];
}

/** A search as it can be written to a file, and taken up again in another process. */
export interface SearchState {
  readonly version: 1;
  readonly seed: number;
  readonly runs: number;
  readonly corpus: readonly FuzzProgram[];
  readonly findings: readonly Finding[];
}
