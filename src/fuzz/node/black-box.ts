import type { CallAxes } from "../axes.ts";
import { CELL } from "../cells.ts";
import type { Plan, PlanStep } from "../plan.ts";

/** Words of a box; a program that does not fit is noted as far as it does. */
const WORDS = 1 << 14;
/** Where the count of programs stands, and the words of the one under way. */
const COUNT = 0;
const LENGTH = 1;
const FIRST = 2;

/**
 * The program under way, in memory that outlives the thread that runs it: who never comes back can still be asked what
 * it was doing. Written before every run, so it is no more than a copy of a few words.
 */
export class BlackBox {
  readonly memory: SharedArrayBuffer;
  private readonly words: Int32Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(WORDS * 4)) {
    this.memory = memory;
    this.words = new Int32Array(memory);
  }

  /** Notes a program; what the machine does until the next note is its doing. */
  note({ arch, capable, steps }: Plan): void {
    const { words } = this;
    words[FIRST] = arch;
    words[FIRST + 1] = capable ? 1 : 0;
    words[LENGTH] = this.write(steps, FIRST + 2);
    words[COUNT] = (words[COUNT] as number) + 1;
  }

  /** Changes with every note. */
  get count(): number {
    return Atomics.load(this.words, COUNT);
  }

  /** The program noted last; null for none. @param calls those of the lab that ran it */
  read(calls: readonly CallAxes[]): Plan | null {
    const { words } = this;
    if ((words[LENGTH] as number) === 0) return null;
    const [steps] = this.readSteps(FIRST + 2, calls);
    return { arch: words[FIRST] as number, capable: words[FIRST + 1] === 1, steps };
  }

  private write(steps: readonly PlanStep[], from: number): number {
    const { words } = this;
    let at = from + 1;
    let n = 0;
    for (; n < steps.length; n++) {
      const { call, cells, child } = steps[n] as PlanStep;
      if (at + 3 + cells.length > WORDS) break;
      words[at] = call.id;
      words.set(cells, at + 1);
      at = this.write(child, at + 1 + cells.length);
    }
    words[from] = n;
    return at;
  }

  private readSteps(from: number, calls: readonly CallAxes[]): [steps: PlanStep[], end: number] {
    const { words } = this;
    const steps: PlanStep[] = [];
    let at = from + 1;
    for (let n = words[from] as number; n > 0; n--) {
      const call = calls.find(({ id }) => id === words[at]) as CallAxes;
      const length = call.axes.length * CELL;
      const cells = words.slice(at + 1, at + 1 + length);
      const [child, end] = this.readSteps(at + 1 + length, calls);
      steps.push({ call, cells: Int32Array.from(cells), child });
      at = end;
    }
    return [steps, at];
  }
}
