import { type Finding, keyOf, type Suspicion } from "../finding.ts";
import type { FuzzProgram } from "../program.ts";
import { CrewMember, hangIn } from "./crew-member.ts";
import { Exchange } from "./exchange.ts";
import type { TargetSpec } from "./load-target.ts";

/** Runs of a worker's first round; each later one is twice as long, up to the longest. */
const FIRST_ROUND = 1024;
const LONGEST_ROUND = 65_536;
/** How far behind the others' programs arrive, in rounds: nobody waits for who is slower by less. */
const BEHIND = 2;
/** Seeds of two workers of one campaign are this far apart. */
const APART = 2 ** 32;

/** A campaign on this machine. */
export interface CampaignOptions {
  readonly target: TargetSpec;
  /** Detectors by name; null for all. */
  readonly detectors: readonly string[] | null;
  /** 0 … 2^32 − 1. The same seed and number of workers, the same findings. */
  readonly seed: number;
  readonly workers: number;
  /** Calls in a program at most. */
  readonly steps: number;
  /** Runs of all workers together, those of an earlier session included; infinity for as many as there is time. */
  readonly runs: number;
  /** Runs that each worker has behind it. */
  readonly done: readonly number[];
  /** Programs to begin with. */
  readonly corpus: readonly FuzzProgram[];
  /** Milliseconds without a new program after which a run counts as hanging. */
  readonly patience: number;
}

/** A finding, and which of the workers had it. */
export interface CampaignFinding extends Finding {
  /** From 1. The run is one of this worker's. */
  readonly worker: number;
}

/** What a campaign tells while it runs, in an order that depends on the options alone. */
export interface CampaignNews {
  readonly finding?: (finding: CampaignFinding) => void;
  readonly program?: (program: FuzzProgram) => void;
}

/** Figures of a campaign. */
export interface CampaignFigures {
  /** Programs run by the searches; what detectors ran besides is in {@link extraRuns}. */
  readonly runs: number;
  readonly extraRuns: number;
  /** Kinds of behaviour seen by the worker that has seen most. */
  readonly features: number;
  readonly corpus: number;
  readonly findings: number;
  /** Workers given up because they hung too often. */
  readonly retired: number;
}

/** Searches of one target, a thread each, that tell each other what they find worth keeping. */
export class Campaign {
  readonly findings: Map<string, CampaignFinding> = new Map();
  /** Runs that each worker has behind it, those of earlier sessions included. */
  readonly done: number[];
  private readonly options: CampaignOptions;
  private readonly news: CampaignNews;
  private readonly crew: readonly CrewMember[];
  private readonly exchange: Exchange;
  private readonly programs: Set<string> = new Set();
  private stopping = false;

  constructor(options: CampaignOptions, news: CampaignNews = {}) {
    const { workers, seed, patience, detectors, steps, target, corpus } = options;
    this.options = options;
    this.news = news;
    this.exchange = new Exchange(workers);
    this.done = Array.from({ length: workers }, (_, i) => options.done[i] ?? 0);
    for (const program of corpus) this.programs.add(JSON.stringify(program));
    this.crew = this.done.map(
      (first, i) =>
        new CrewMember({ ...{ target, detectors, steps, patience, corpus, first }, seed: seed + i * APART }),
    );
  }

  /** Starts the workers. @throws RefusedTarget @returns the calls under test */
  async open(): Promise<readonly string[]> {
    await Promise.all(this.crew.map((member) => member.open()));
    return this.crew[0]?.calls ?? [];
  }

  /** Whether a finding of an earlier session is still one; if so it is among this one's. */
  async recheck(finding: CampaignFinding): Promise<boolean> {
    const said = await this.replay(finding.program);
    if (!said.some((suspicion) => keyOf(suspicion) === finding.key)) return false;
    this.findings.set(finding.key, finding);
    return true;
  }

  /** Runs a program again. @returns what detectors say of it */
  async replay(program: FuzzProgram): Promise<readonly Suspicion[]> {
    const [member] = this.crew;
    return (await member?.replay(program)) ?? [hangIn(program, this.options.patience)];
  }

  /** Searches until the runs are made or somebody stops it. */
  async run(): Promise<void> {
    await Promise.all([...this.crew.map((member, i) => this.work(member, i)), this.tell()]);
  }

  /** Ends it soon, with everything there is until then. */
  stop(): void {
    this.stopping = true;
    for (const member of this.crew) member.stop();
  }

  async close(): Promise<void> {
    await Promise.all(this.crew.map((member) => member.end()));
  }

  /** Figures as of now. */
  figures(): CampaignFigures {
    const each = this.crew.map((member) => member.figures());
    const sum = (of: (figures: (typeof each)[number]) => number): number =>
      each.reduce((n, f) => n + of(f), 0);
    return {
      runs: sum(({ runs }) => runs),
      extraRuns: sum(({ extraRuns }) => extraRuns),
      features: Math.max(0, ...each.map(({ features }) => features)),
      corpus: Math.max(this.programs.size, ...each.map(({ corpus }) => corpus)),
      findings: this.findings.size,
      retired: this.crew.filter(({ retired }) => retired).length,
    };
  }

  private async work(member: CrewMember, worker: number): Promise<void> {
    const share = shareOf(this.options.runs, this.options.workers, worker);
    let round = 0;
    try {
      for (; !this.stopping && !member.retired; round++) {
        const left = share - (this.done[worker] as number);
        if (left <= 0) return;
        const others = round < BEHIND ? null : await this.exchange.round(round - BEHIND);
        const offer = (others ?? []).flatMap(({ programs }, i) => (i === worker ? [] : programs));
        const turn = await member.runs(Math.min(left, LONGEST_ROUND, FIRST_ROUND * 2 ** round), offer);
        this.done[worker] = (this.done[worker] as number) + turn.runs;
        this.exchange.publish(worker, round, turn);
      }
    } finally {
      this.exchange.leave(worker, round);
    }
  }

  /** Passes on what the rounds bring, each finding and program once. */
  private async tell(): Promise<void> {
    for (let round = 0; ; round++) {
      const turns = await this.exchange.round(round);
      if (turns === null) return;
      for (const program of turns.flatMap(({ programs }) => programs)) {
        const text = JSON.stringify(program);
        if (this.programs.has(text)) continue;
        this.programs.add(text);
        this.news.program?.(program);
      }
      const findings = turns.flatMap((turn, i) =>
        turn.findings.map((found) => ({ ...found, seed: this.options.seed, worker: i + 1 })),
      );
      for (const finding of findings) {
        if (this.findings.has(finding.key)) continue;
        this.findings.set(finding.key, finding);
        this.news.finding?.(finding);
      }
      this.exchange.forget(round - BEHIND);
    }
  }
}

/** Runs of one worker when `runs` are divided: the first ones have one more where it does not come out even. */
function shareOf(runs: number, workers: number, worker: number): number {
  if (!Number.isFinite(runs)) return runs;
  return Math.floor(runs / workers) + (worker < runs % workers ? 1 : 0);
}
