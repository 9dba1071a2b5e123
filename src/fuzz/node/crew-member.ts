import type { Worker } from "node:worker_threads";
import { type Finding, keyOf, type Suspicion } from "../finding.ts";
import type { FuzzProgram } from "../program.ts";
import { BlackBox } from "./black-box.ts";
import { type Answer, type Ask, Gauges, type News, SLICE, type WorkerStart } from "./messages.ts";
import { shrinkHang } from "./shrink-hang.ts";
import { startThread } from "./thread.ts";

/** A target that cannot be fuzzed: the user's mistake, in one line. */
export class RefusedTarget extends Error {}

/** What a member needs besides what its worker does. */
export type MemberStart = Omit<WorkerStart, "gauges" | "box" | "autopsy" | "shrinking"> & {
  /** The run it begins with. */
  readonly first: number;
  /** Milliseconds without a new program after which a run counts as hanging. */
  readonly patience: number;
};

/** What a turn of some runs came to. */
export interface Turn extends News {
  /** Runs made: fewer than asked for when it was told to stop, or hung. */
  readonly runs: number;
}

/** Looks of the watchdog within its patience. */
const LOOKS = 8;
/** Hangs after which a member gets no other thread. */
const MOST_HANGS = 4;

type Final = Exclude<Answer, { answer: "news" }>;

/**
 * One worker and what keeps it going: a thread that searches, watched by this one. Where a run never comes back the
 * thread is ended, what it ran is reported, and another thread goes on behind it.
 */
export class CrewMember {
  /** Calls under test, once it is ready. */
  calls: readonly string[] = [];
  /** It has hung so often that nobody works here any more. */
  retired = false;
  private readonly start: MemberStart;
  private readonly known: FuzzProgram[];
  private box: BlackBox = new BlackBox();
  private gauges: Gauges = new Gauges();
  private thread: Worker | null = null;
  private failure: Error | null = null;
  private waiting: { resolve(answer: Final): void; reject(error: Error): void } | null = null;
  private news: { programs: FuzzProgram[]; findings: Finding[] } = { programs: [], findings: [] };
  /** The run that comes next. */
  next: number;
  /** Figures of threads that are gone. */
  private before = { runs: 0, extraRuns: 0, features: 0 };
  private stopping = false;
  private hangs = 0;
  /** Kinds of hangs it has told of. */
  private readonly hung: Set<string> = new Set();

  constructor(start: MemberStart) {
    this.start = start;
    this.next = start.first;
    this.known = [...start.corpus];
  }

  /** Starts the thread. @throws RefusedTarget */
  async open(): Promise<void> {
    await this.spawn(false);
  }

  /** Has it make `runs` runs, after `offer`, programs of others. What hung is among the findings. */
  async runs(runs: number, offer: readonly FuzzProgram[]): Promise<Turn> {
    this.known.push(...offer);
    this.news = { programs: [], findings: [] };
    const from = this.next;
    const { runs: before } = this.gauges.get();
    const answer = await this.ask({ ask: "runs", from, runs, offer });
    let done: number;
    if (answer === null) done = await this.afterHang(from, before);
    else if (answer.answer === "runs") this.next = from + (done = answer.runs);
    else throw new Error(`a worker answered ${answer.answer}`);
    const { programs, findings } = this.news;
    this.known.push(...programs);
    return { runs: done, programs, findings };
  }

  /** Has it run a program again. @returns what detectors say; null when it hangs */
  async replay(program: FuzzProgram): Promise<readonly Suspicion[] | null> {
    const answer = await this.ask({ ask: "replay", program });
    if (answer === null) {
      await this.end();
      await this.spawn(false);
    }
    return answer?.answer === "replay" ? answer.suspicions : null;
  }

  /** Figures as of now. */
  figures(): ReturnType<Gauges["get"]> {
    const now = this.gauges.get();
    const { runs, extraRuns, features } = this.before;
    return {
      ...{ ...now, runs: now.runs + runs, extraRuns: now.extraRuns + extraRuns },
      features: Math.max(now.features, features),
    };
  }

  /** Has the turn under way end early. */
  stop(): void {
    this.stopping = true;
    this.gauges.stop();
  }

  async end(): Promise<void> {
    const { thread } = this;
    this.thread = null;
    await thread?.terminate();
  }

  /** A new thread. @returns what the one before never came back from, when that is asked for */
  private async spawn(autopsy: boolean): Promise<FuzzProgram | null> {
    const { patience: _p, first: _f, ...start } = this.start;
    const gauges = new Gauges();
    if (this.stopping) gauges.stop();
    const thread = await startThread({
      ...{ ...start, corpus: this.known, autopsy, shrinking: null },
      ...{ gauges: gauges.memory, box: this.box.memory },
    });
    this.gauges = gauges;
    this.thread = thread;
    thread.on("message", (answer: Answer) => this.hear(answer));
    thread.on("error", (error) => {
      this.failure = error;
      this.waiting?.reject(error);
    });
    const answer = await this.answer();
    if (answer.answer === "refused") {
      await this.end();
      throw new RefusedTarget(answer.why);
    }
    if (answer.answer !== "ready") throw new Error(`a worker answered ${answer.answer} before it was ready`);
    this.calls = answer.calls;
    return answer.was;
  }

  private hear(answer: Answer): void {
    if (answer.answer !== "news") {
      this.waiting?.resolve(answer);
      return;
    }
    this.news.programs.push(...answer.programs);
    this.news.findings.push(...answer.findings);
  }

  private answer(): Promise<Final> {
    if (this.failure !== null) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  /** @returns null when the worker makes no progress */
  private async ask(question: Ask): Promise<Final | null> {
    const { patience } = this.start;
    let count = this.box.count;
    let since = performance.now();
    let look: NodeJS.Timeout | undefined;
    const hang = new Promise<null>((resolve) => {
      look = setInterval(() => {
        const now = this.box.count;
        if (now !== count) since = performance.now();
        count = now;
        if (performance.now() - since > patience) resolve(null);
      }, patience / LOOKS);
    });
    this.thread?.postMessage(question);
    try {
      return await Promise.race([this.answer(), hang]);
    } finally {
      clearInterval(look);
      this.waiting = null;
    }
  }

  /**
   * What hung is reported, the few runs it was among are given up, and another thread begins behind them.
   * @param before runs of the thread before this turn
   * @returns how many of the turn's runs were made
   */
  private async afterHang(from: number, before: number): Promise<number> {
    const { runs: made, extraRuns, features } = this.gauges.get();
    const done = made - before;
    await this.end();
    this.before = {
      runs: this.before.runs + made,
      extraRuns: this.before.extraRuns + extraRuns,
      features: Math.max(this.before.features, features),
    };
    this.next = from + done + SLICE;
    const program = await this.spawn(true);
    if (program !== null) {
      const { seed, patience } = this.start;
      const least = await this.leastOf(program);
      const hang = hangIn(least, patience);
      this.hung.add(keyOf(hang));
      const found = { ...hang, key: keyOf(hang), program: least, original: program, seed, run: from + done };
      this.news.findings.push(found);
    }
    this.hangs++;
    this.retired = this.hangs === MOST_HANGS;
    if (this.retired) await this.end();
    return done;
  }

  /** Less that hangs, if it does so by itself and with all patience. */
  private async leastOf(program: FuzzProgram): Promise<FuzzProgram> {
    if (this.hung.has(keyOf(hangIn(program, this.start.patience)))) return program;
    const { patience, first: _f, ...start } = this.start;
    const least = await shrinkHang(start, program, patience, () => this.stopping);
    return this.stopping || (await this.replay(least)) !== null ? program : least;
  }
}

/** What is said of a program that does not come back. */
export function hangIn({ steps }: FuzzProgram, patience: number): Suspicion {
  const calls = steps.map(({ call }) => call).join(", ");
  return {
    ...{ detector: "hang", call: steps[0]?.call ?? "", rung: null, site: "", step: 0 },
    title: `${calls} does not come back within ${patience / 1000} s`,
  };
}
