import { PROFILES, type Profile, profileNamed } from "../kernel/profile/index.ts";
import type { TraceRecord, TraceSink } from "../kernel/trace/record.ts";
import type { Answer, Executor, Skipped } from "./answer.ts";
import { Play } from "./emulator/play.ts";
import { StageHand, Unplayable } from "./emulator/stage.ts";
import { eraOf } from "./era.ts";
import { operationsOf, type Vector } from "./vector.ts";

/** The kernel that the recorded cases are answers of. */
const RECORDING_KERNEL = "6.18";

/** The era of the kernel that recorded the cases, the newest up to it: what a case that names none runs under. */
export const RECORDING_PROFILE: string = eraOf(RECORDING_KERNEL);

/** Where the records of a case go, with the label of the operation each is about; null for those about none. */
export type LabelledSink = (record: TraceRecord, label: string | null) => void;

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

  /** @param trace gets the records of what the case's tasks do, each with the label of the operation it is about */
  run(vector: Vector, trace?: LabelledSink): Answer | Skipped {
    const name = this.profile ?? vector.profile ?? RECORDING_PROFILE;
    if (!Object.hasOwn(PROFILES, name)) return { skipped: `trapgate has no profile ${name}` };
    let answer: Answer;
    try {
      answer = this.play(vector, profileNamed(name), trace);
    } catch (error) {
      if (error instanceof Unplayable) return { skipped: error.message };
      answer = brokenDown(vector, error);
    }
    if (answer.defect !== undefined) this.stages.clear();
    return answer;
  }

  private play(vector: Vector, profile: Profile, trace: LabelledSink | undefined): Answer {
    if (trace === undefined) return new Play(vector, this.stages.set(vector, profile)).play();
    const sink: TraceSink = (record) => trace(record, play.labelOf(record.task.pids));
    const play = new Play(vector, this.stages.set(vector, profile, sink));
    return play.play();
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
