import { type Finding, type FuzzTarget, fuzzTarget, Search } from "../../../src/fuzz/index.ts";
import type { Implementation } from "../../../src/kernel/index.ts";
import type { PlantedBug, ZooCall } from "./planted.ts";

/** A call of the zoo as the lab gets it: declaration and handler, nothing else. */
export function zooTarget(zoo: ZooCall, call: Implementation): FuzzTarget {
  return fuzzTarget({ calls: [call], structs: zoo.structs, profile: zoo.profile });
}

/** What a search for one planted bug came to. */
export interface Hunt {
  /** The right detector's finding; null when the time was over before there was one. */
  readonly finding: Finding | null;
  /** What other detectors said meanwhile. */
  readonly others: readonly Finding[];
  readonly runs: number;
  /** Processor time, the start of the lab included. */
  readonly seconds: number;
}

/** Runs between two looks at the clock. */
const STRIDE = 250;

/** When a search is over without a finding. */
export interface Patience {
  /** Programs; by default no limit. */
  readonly runs?: number;
  /** Processor time of this process; by default no limit. */
  readonly seconds?: number;
}

/** Searches from a fresh seed until the right detector speaks. */
export function hunt(zoo: ZooCall, bug: PlantedBug, seed: number, patience: Patience): Hunt {
  const { runs = Number.POSITIVE_INFINITY, seconds = Number.POSITIVE_INFINITY } = patience;
  const start = cpuSeconds();
  const search = new Search(zooTarget(zoo, bug.call), { seed });
  const others: Finding[] = [];
  for (;;) {
    const found = search.step(STRIDE);
    const at = found.findIndex((finding) => finding.detector === bug.detector);
    others.push(...(at < 0 ? found : found.slice(0, at)));
    const spent = cpuSeconds() - start;
    if (at >= 0) return { finding: found[at] as Finding, others, runs: search.runs, seconds: spent };
    if (spent >= seconds || search.runs >= runs)
      return { finding: null, others, runs: search.runs, seconds: spent };
  }
}

/** Processor time of this process; a busy machine makes no search longer. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
