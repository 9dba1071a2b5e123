import type { Suspicion } from "./finding.ts";
import type { Lab } from "./lab.ts";
import type { Observation } from "./observation.ts";
import type { Plan } from "./plan.ts";

/** A run that has just been made: the memory, the access log and the machine are as the run left them. */
export interface Scene {
  readonly lab: Lab;
  readonly plan: Plan;
  readonly seen: Observation;
}

/** A property that no handler may break. */
export interface Detector {
  /** As `--detector` names it. */
  readonly name: string;
  /** Other names its findings go by. */
  readonly finds?: readonly string[];
  /** What it finds, in one line. */
  readonly about: string;
  /** Looks at the run that has just been made; sees every run, so it is nearly free. Pushes what it suspects. */
  passive?(scene: Scene, found: Suspicion[]): void;
  /** Makes further runs to be sure of what {@link passive} suspects; null when it is nothing. */
  confirm?(scene: Scene, suspicion: Suspicion): Suspicion | null;
  /**
   * Makes further runs around a program: `scene` is of the program as it is, and lost with the first run. Sees
   * programs that are new to the corpus, and a sample of the others.
   */
  active?(scene: Scene, found: Suspicion[]): void;
  /** Proposes other programs, for {@link active} to look at. Sees programs that are new to the corpus. */
  explore?(scene: Scene, propose: (plan: Plan) => void): void;
}
