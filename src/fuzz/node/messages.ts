import type { Finding, Suspicion } from "../finding.ts";
import type { FuzzProgram } from "../program.ts";
import type { TargetSpec } from "./load-target.ts";

/** Runs of a worker between two looks at the word that stops it. */
export const SLICE = 256;

/** What a worker is told when it starts. */
export interface WorkerStart {
  readonly target: TargetSpec;
  /** Detectors by name; null for all. */
  readonly detectors: readonly string[] | null;
  readonly seed: number;
  /** Calls in a program at most. */
  readonly steps: number;
  /** Programs to begin with; those of other calls than the target's are passed over. */
  readonly corpus: readonly FuzzProgram[];
  /** Memory of the {@link Gauges} and of the black box. */
  readonly gauges: SharedArrayBuffer;
  readonly box: SharedArrayBuffer;
  /** Say what the box holds of a worker that never came back. */
  readonly autopsy: boolean;
  /** Look for less that hangs, instead of searching. */
  readonly shrinking: Shrinking | null;
}

/** How far it has come to make a program that hangs smaller: each attempt that hangs has cost a thread. */
export interface Shrinking {
  readonly program: FuzzProgram;
  /** Which of the attempts hung, by their numbers; the others before the last of them came back. */
  readonly hung: readonly number[];
}

/** What a worker is asked. */
export type Ask =
  | {
      readonly ask: "runs";
      /** The first of the runs. */
      readonly from: number;
      readonly runs: number;
      readonly offer: readonly FuzzProgram[];
    }
  | { readonly ask: "replay"; readonly program: FuzzProgram };

/** What a worker answers. The first answer says that it is ready, or why it will not be. */
export type Answer =
  | { readonly answer: "ready"; readonly calls: readonly string[]; readonly was: FuzzProgram | null }
  | { readonly answer: "refused"; readonly why: string }
  | { readonly answer: "shrunk"; readonly program: FuzzProgram }
  | ({ readonly answer: "news" } & News)
  | { readonly answer: "runs"; readonly runs: number; readonly features: number }
  | { readonly answer: "replay"; readonly suspicions: readonly Suspicion[] };

/** What a worker tells as soon as it has it, for the thread may not live to the end of its turn. */
export interface News {
  /** Programs that did something new. */
  readonly programs: readonly FuzzProgram[];
  readonly findings: readonly Finding[];
}

const STOP = 0;
const RUNS = 1;
const EXTRA = 2;
const FEATURES = 3;
const CORPUS = 4;

/** Figures of a worker that anybody may read while it works, and the word that stops it. */
export class Gauges {
  readonly memory: SharedArrayBuffer;
  private readonly cells: Float64Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(5 * 8)) {
    this.memory = memory;
    this.cells = new Float64Array(memory);
  }

  get stopped(): boolean {
    return this.cells[STOP] !== 0;
  }

  stop(): void {
    this.cells[STOP] = 1;
  }

  get(): {
    readonly runs: number;
    readonly extraRuns: number;
    readonly features: number;
    readonly corpus: number;
  } {
    const { cells } = this;
    const at = (i: number): number => cells[i] as number;
    return { runs: at(RUNS), extraRuns: at(EXTRA), features: at(FEATURES), corpus: at(CORPUS) };
  }

  set(runs: number, extraRuns: number, features: number, corpus: number): void {
    const { cells } = this;
    cells[RUNS] = runs;
    cells[EXTRA] = extraRuns;
    cells[FEATURES] = features;
    cells[CORPUS] = corpus;
  }
}
