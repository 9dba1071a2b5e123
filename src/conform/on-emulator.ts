import { PROFILES, profileNamed } from "../kernel/profile/index.ts";
import type { TraceSink } from "../kernel/trace/record.ts";
import type { Answer, Executor, Skipped } from "./answer.ts";
import { Play } from "./emulator/play.ts";
import { StageHand, Unplayable } from "./emulator/stage.ts";
import { operationsOf, type Vector } from "./vector.ts";

/** The era of the kernel that recorded the cases: what a case that names none runs under. */
export const RECORDING_PROFILE = "cwp-v3";

/**
 * Runs cases on the emulated kernel, each from the same start: the same case, the same answer. No case makes it
 * throw; one it cannot run is skipped with the reason.
 *
 * @example
 * ```ts
 * import { EmulatedKernel, parseVector } from "trapgate/conform";
 * const line = '{"id":"a","group":"a","arch":"i386","caps":"all","nsLevel":2,"nsInit":false,"regions":[],"dump":[],' +
 *   '"program":[{"op":"sys","label":"me","nr":20,"args":[]},{"op":"nspid","of":"main"}]}';
 * const answer = new EmulatedKernel().run(parseVector(line, "here"));
 * console.log("pids" in answer && answer.pids.main?.join()); // 5,3,2
 * ```
 */
export class EmulatedKernel implements Executor {
  readonly name: string;
  private readonly profile: string | undefined;
  private readonly stages: StageHand = new StageHand();

  /** @param profile the era for every case, whatever it names; by default each case's own */
  constructor(profile?: string) {
    this.profile = profile;
    this.name = `trapgate ${profile ?? RECORDING_PROFILE}`;
  }

  /** @param trace gets the records of what the case's tasks do */
  run(vector: Vector, trace?: TraceSink): Answer | Skipped {
    const name = this.profile ?? vector.profile ?? RECORDING_PROFILE;
    if (!Object.hasOwn(PROFILES, name)) return { skipped: `trapgate has no profile ${name}` };
    let answer: Answer;
    try {
      const { stages } = this;
      const profile = profileNamed(name);
      const stage =
        trace === undefined ? stages.set(vector, profile) : stages.setTraced(vector, profile, trace);
      answer = new Play(vector, stage).play();
    } catch (error) {
      if (error instanceof Unplayable) return { skipped: error.message };
      answer = brokenDown(vector, error);
    }
    if (answer.defect !== undefined) this.stages.clear();
    return answer;
  }
}

/** What there is to say of a case that met a defect of trapgate outside the gate. */
function brokenDown(vector: Vector, error: unknown): Answer {
  const labels = [...operationsOf(vector.program)].flatMap((o) => (o.op === "sys" ? [o.label] : []));
  return {
    results: Object.fromEntries(labels.map((label) => [label, { notReached: true }])),
    memory: {},
    pids: {},
    regs: {},
    mainCompleted: false,
    mainWaitStatus: null,
    self: 0,
    parent: 0,
    defect: String(error),
  };
}
