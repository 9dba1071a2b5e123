/** The program of a worker's thread: searches as it is asked to. */
import { parentPort, workerData } from "node:worker_threads";
import { DETECTORS, detectorNamed } from "../detectors/index.ts";
import { examine } from "../examine.ts";
import { replay } from "../fuzz.ts";
import { Lab } from "../lab.ts";
import { planFrom, programOf } from "../plan-json.ts";
import type { FuzzProgram } from "../program.ts";
import { Search } from "../search.ts";
import { shrink } from "../shrink.ts";
import type { FuzzTarget } from "../target.ts";
import { BlackBox } from "./black-box.ts";
import { LoadError } from "./load-error.ts";
import { loadTarget } from "./load-target.ts";
import { type Answer, type Ask, Gauges, type Shrinking, SLICE, type WorkerStart } from "./messages.ts";

/** Attempts that hung after which a program that hangs is small enough. */
const MOST_HUNG = 32;

const start = workerData as WorkerStart;
const gauges = new Gauges(start.gauges);
const detectors = start.detectors?.map(detectorNamed) ?? DETECTORS;
let made = 0;
const say = (answer: Answer): void => parentPort?.postMessage(answer);

try {
  const target = await loadTarget(start.target);
  if (start.shrinking !== null) shrinkHang(target, start.shrinking);
  else {
    const search = new Search(target, { seed: start.seed, steps: start.steps, detectors });
    search.offer(start.corpus.filter((program) => belongs(program, search)).reverse());
    serve(target, search);
  }
} catch (error) {
  if (!(error instanceof LoadError || error instanceof RangeError)) throw error;
  say({ answer: "refused", why: error.message });
}

function serve(target: FuzzTarget, search: Search): void {
  const box = new BlackBox(start.box);
  const { calls } = search.lab;
  const was = start.autopsy ? box.read(calls) : null;
  const names = [...new Set(calls.map(({ name }) => name))];
  search.lab.watch = (plan) => box.note(plan);
  parentPort?.on("message", (asked: Ask) => {
    if (asked.ask === "runs") {
      search.runs = asked.from;
      const runs = makeRuns(search, asked.runs, asked.offer);
      say({ answer: "runs", runs, features: search.features });
    } else say({ answer: "replay", suspicions: replay(target, asked.program, detectors) });
  });
  say({ answer: "ready", calls: names, was: was === null ? null : programOf(was) });
}

/**
 * Makes a program that hangs smaller. An attempt that hangs is this thread's last: the next one is told of it, and takes
 * the same way up to there.
 */
function shrinkHang(target: FuzzTarget, { program, hung }: Shrinking): void {
  const box = new BlackBox(start.box);
  const lab = new Lab(target);
  const last = hung.at(-1) ?? -1;
  let attempt = 0;
  const least = shrink(planFrom(program, lab.calls), (candidate) => {
    const number = attempt++;
    if (number <= last) return hung.includes(number);
    if (hung.length === MOST_HUNG) return false;
    box.note(candidate);
    examine(lab, candidate, detectors);
    return false;
  });
  say({ answer: "shrunk", program: programOf(least) });
}

/** Makes runs; returns how many, for it may be told to stop. */
function makeRuns(search: Search, runs: number, offer: readonly FuzzProgram[]): number {
  search.offer(offer);
  let done = 0;
  while (done < runs && !gauges.stopped) {
    const slice = Math.min(SLICE, runs - done);
    const before = search.corpusSize;
    const findings = search.step(slice);
    done += slice;
    made += slice;
    const { features, corpusSize } = search;
    gauges.set(made, search.lab.runs, features, corpusSize);
    if (findings.length > 0 || corpusSize > before)
      say({ answer: "news", programs: search.programs(before), findings });
  }
  return done;
}

/** Whether a program is one of the target's: a folder may hold those of others. */
function belongs(program: FuzzProgram, { lab }: Search): boolean {
  try {
    planFrom(program, lab.calls);
    return true;
  } catch {
    return false;
  }
}
