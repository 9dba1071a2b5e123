import type { CallAxes } from "./axes.ts";
import { defaultCells } from "./cells.ts";
import { Corpus } from "./corpus.ts";
import { Coverage } from "./coverage.ts";
import type { Detector, Scene } from "./detector.ts";
import { DETECTORS } from "./detectors/index.ts";
import { stillSays } from "./examine.ts";
import { type Finding, keyOf, type Suspicion } from "./finding.ts";
import { Lab } from "./lab.ts";
import { Mutator } from "./mutate.ts";
import type { FuzzOptions, FuzzResult, SearchState } from "./options.ts";
import { copyPlan, type Plan, type PlanStep, planOf } from "./plan.ts";
import { planFrom, programOf } from "./plan-json.ts";
import { FUZZ_ARCHS, type FuzzArch, type FuzzProgram } from "./program.ts";
import { Rng } from "./rng.ts";
import { shrink } from "./shrink.ts";
import type { FuzzTarget } from "./target.ts";

/** Runs between two that active detectors look at though they were nothing new. */
const SAMPLE = 1024;
/** A suspicion that cannot be shown again from the start is given up after so many tries. */
const TRIES = 3;
/** Runs after which the machines are put back whatever the quick look says. */
const THOROUGH = 256;

/**
 * A search for defects: programs made from the declarations, changed where that leads to something new, looked at by
 * detectors. The same seed, target and corpus give the same programs in the same order, however the steps are cut.
 *
 * @example
 * ```ts
 * import { Search, targetOf } from "trapgate/fuzz";
 * const search = new Search(targetOf("pipe2"), { seed: 1 });
 * search.step(2000);
 * console.log(search.result().runs, search.result().findings.length); // 2000 0
 * ```
 */
export class Search {
  readonly lab: Lab;
  readonly seed: number;
  /** Programs run so far. */
  runs = 0;
  private readonly rng: Rng;
  private readonly detectors: readonly Detector[];
  private readonly passive: readonly Detector[];
  private readonly active: readonly Detector[];
  private readonly coverage: Coverage = new Coverage();
  private readonly corpus: Corpus = new Corpus();
  private readonly mutator: Mutator;
  private readonly most: number;
  private readonly raw: boolean;
  private readonly scratch: Map<number, PlanStep> = new Map();
  private readonly one: Plan;
  private readonly waiting: Plan[];
  private readonly found: Map<string, Finding> = new Map();
  private readonly tries: Map<string, number> = new Map();
  private readonly suspicions: Suspicion[] = [];

  /** @throws RangeError for a target without a call to test, and a corpus of other calls */
  constructor(target: FuzzTarget, options: FuzzOptions = {}) {
    this.lab = new Lab(target);
    this.seed = options.seed ?? 1;
    this.rng = new Rng(this.seed);
    this.detectors = options.detectors ?? DETECTORS;
    this.passive = this.detectors.filter((d) => d.passive !== undefined);
    this.active = this.detectors.filter((d) => d.active !== undefined);
    this.mutator = new Mutator(this.lab, this.rng);
    this.most = options.steps ?? 1;
    this.raw = options.raw ?? false;
    const given = (options.corpus ?? []).map((program) => planFrom(program, this.lab.calls));
    this.waiting = [...this.defaults(), ...given].reverse();
    this.one = copyPlan(this.waiting[this.waiting.length - 1] as Plan);
  }

  /** Goes on where a search stopped, in this process or another. @throws RangeError as the constructor */
  static resume(target: FuzzTarget, state: SearchState, options: FuzzOptions = {}): Search {
    const search = new Search(target, { ...options, seed: state.seed, corpus: state.corpus });
    search.runs = state.runs;
    for (const finding of state.findings) search.found.set(finding.key, finding);
    return search;
  }

  /** Runs `n` programs more. Returns the findings that are new. */
  step(n: number): Finding[] {
    const before = this.found.size;
    for (const end = this.runs + n; this.runs < end; this.runs++) this.once();
    return [...this.found.values()].slice(before);
  }

  /** Adds programs somebody else has found worth keeping; those that do nothing new here are not kept. @throws RangeError */
  offer(programs: readonly FuzzProgram[]): void {
    for (const program of programs) this.waiting.push(planFrom(program, this.lab.calls));
  }

  /** Kinds of behaviour seen. */
  get features(): number {
    return this.coverage.features;
  }

  /** Programs kept. */
  get corpusSize(): number {
    return this.corpus.plans.length;
  }

  /** Programs kept, from the `from`th on. */
  programs(from = 0): FuzzProgram[] {
    return this.corpus.plans.slice(from).map(programOf);
  }

  /** What has come of it so far. */
  result(): FuzzResult {
    return {
      runs: this.runs,
      extraRuns: this.lab.runs - this.runs,
      features: this.coverage.features,
      corpus: this.programs(),
      findings: [...this.found.values()],
    };
  }

  /** What {@link resume} takes: plain JSON. */
  state(): SearchState {
    const { seed, runs } = this;
    return { version: 1, seed, runs, corpus: this.programs(), findings: [...this.found.values()] };
  }

  private once(): void {
    const { lab, rng } = this;
    rng.start(this.seed, this.runs);
    if (this.runs % THOROUGH === 0) lab.reset();
    const plan = this.next();
    const seen = lab.run(plan);
    const scene: Scene = { lab, plan, seen };
    const { suspicions } = this;
    suspicions.length = 0;
    for (const detector of this.passive) detector.passive?.(scene, suspicions);
    const isNew = this.coverage.add(plan, seen, lab.tape, lab.target.counters);
    // What a new behaviour has changed unseen is put back, and looked for from now on.
    if (isNew || this.runs % SAMPLE === SAMPLE - 1) lab.stateDifference();
    if (!isNew && suspicions.length === 0 && this.runs % SAMPLE !== SAMPLE - 1) return;
    const kept = copyPlan(plan);
    if (isNew) this.corpus.add(kept);
    this.pursue(kept, [...suspicions]);
    if (isNew || this.runs % SAMPLE === SAMPLE - 1) this.ask(kept);
  }

  /** Has the active detectors look at a program. */
  private ask(plan: Plan): void {
    const { lab } = this;
    for (const detector of this.active) {
      const found: Suspicion[] = [];
      const seen = lab.run(plan);
      detector.active?.({ lab, plan, seen }, found);
      this.pursue(plan, found);
      if (detector.explore === undefined) continue;
      const proposed: Plan[] = [];
      detector.explore({ lab, plan, seen: lab.run(plan) }, (other) => proposed.push(other));
      for (const other of proposed) {
        const doubts: Suspicion[] = [];
        detector.active?.({ lab, plan: other, seen: lab.run(other) }, doubts);
        this.pursue(other, doubts);
      }
    }
  }

  /** Suspicions that nobody has had yet are shown again from the start, and made small. */
  private pursue(plan: Plan, suspicions: readonly Suspicion[]): void {
    for (const suspicion of suspicions) {
      const key = keyOf(suspicion);
      const tries = this.tries.get(key) ?? 0;
      if (this.found.has(key) || tries >= TRIES) continue;
      this.tries.set(key, tries + 1);
      const detectors = this.detectors.filter(
        (d) => d.name === suspicion.detector || d.finds?.includes(suspicion.detector),
      );
      const says = (candidate: Plan): Suspicion | null => stillSays(this.lab, candidate, detectors, key);
      if (says(plan) === null) continue;
      const small = this.raw
        ? plan
        : shrink(plan, (candidate) => this.runnable(candidate) && says(candidate) !== null);
      const { seed, runs: run } = this;
      const final = says(small) ?? suspicion;
      this.found.set(key, { ...final, key, program: programOf(small), original: programOf(plan), seed, run });
    }
  }

  private runnable({ arch, steps }: Plan): boolean {
    const name = FUZZ_ARCHS[arch] ?? "x86_64";
    return this.lab.target.archs.includes(name) && steps.every((step) => this.exists(step, name));
  }

  private exists(step: PlanStep, arch: FuzzArch): boolean {
    return this.lab.placed(step.call, arch) !== null && step.child.every((inner) => this.exists(inner, arch));
  }

  private next(): Plan {
    const waiting = this.waiting.pop();
    if (waiting !== undefined) return waiting;
    if (this.most > 1 && !this.rng.oneIn(4)) return this.program();
    const plan = this.start();
    if (plan.steps.length === 1) this.mutator.change(plan.steps[0] as PlanStep);
    else for (const step of plan.steps) if (this.rng.oneIn(2)) this.mutator.change(step);
    this.mutator.changeSetting(plan);
    return plan;
  }

  /** A program of the corpus to be changed: one of a single call without anything being allocated. */
  private start(): Plan {
    const chosen = this.corpus.pick(this.rng);
    const [only] = chosen.steps;
    if (chosen.steps.length > 1 || only === undefined || only.child.length > 0) return copyPlan(chosen);
    const { one } = this;
    let step = this.scratch.get(only.call.id);
    if (step === undefined) {
      step = { call: only.call, cells: new Int32Array(only.cells.length), child: [] };
      this.scratch.set(only.call.id, step);
    }
    step.cells.set(only.cells);
    one.steps[0] = step;
    one.arch = chosen.arch;
    one.capable = chosen.capable;
    return one;
  }

  /** A program of several calls: pieces of two of the corpus, one after the other, each piece changed a little. */
  private program(): Plan {
    const { rng } = this;
    const first = copyPlan(this.corpus.pick(rng));
    const arch = FUZZ_ARCHS[first.arch] ?? "x86_64";
    const length = 2 + rng.below(this.most - 1);
    while (first.steps.length < length) {
      const other = this.corpus.pick(rng);
      const from = rng.below(other.steps.length);
      for (const step of copyPlan(other).steps.slice(from)) {
        if (first.steps.length >= length) break;
        if (this.exists(step, arch)) first.steps.push(step);
        else first.steps.push(...copyPlan(first).steps.slice(0, 1));
      }
    }
    first.steps.length = Math.min(first.steps.length, length);
    for (const step of first.steps) if (rng.oneIn(2)) this.mutator.change(step);
    if (rng.oneIn(8)) this.giveChild(first);
    return first;
  }

  /** What the last step does, the tasks that an earlier one makes do instead. */
  private giveChild(plan: Plan): void {
    const last = plan.steps.pop();
    const at = this.rng.below(Math.max(1, plan.steps.length));
    const maker = plan.steps[at];
    if (last === undefined) return;
    if (maker === undefined || last.child.length > 0) plan.steps.push(last);
    else plan.steps[at] = { ...maker, child: [last] };
  }

  /** Every call once on every way in, with everything at its default. */
  private defaults(): Plan[] {
    const { lab } = this;
    const each = (call: CallAxes): Plan[] =>
      lab.target.archs
        .filter((arch) => lab.placed(call, arch) !== null)
        .map((arch) => planOf(call, defaultCells(call), FUZZ_ARCHS.indexOf(arch)));
    return lab.calls.flatMap(each);
  }
}
