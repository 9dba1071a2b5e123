import { describe, expect, test } from "vitest";
import { DETECTORS, replay, reportText, Search } from "../../src/fuzz/index.ts";
import { hunt, zooTarget } from "./zoo/hunt.ts";
import { ZOO } from "./zoo/index.ts";

/** One of the twenty seeds that `npm run fuzz:zoo` tries. */
const SEED = 1;
/** Programs within which every bug is found from any of these seeds; most take hundreds. */
const RUNS = 200_000;
/** Lines of a report at most. */
const LINES = 6;

const known = new Set(DETECTORS.flatMap((detector) => [detector.name, ...(detector.finds ?? [])]));
const BUGS = ZOO.flatMap((zoo) =>
  zoo.bugs.filter(({ detector }) => known.has(detector)).map((bug) => ({ zoo, bug })),
);

/** Bugs each detector is shown here; `npm run fuzz:zoo` hunts all of them. */
const SHOWN = 3;

function sampled(bugs: typeof BUGS): typeof BUGS {
  const of = (detector: string): typeof BUGS => bugs.filter(({ bug }) => bug.detector === detector);
  return bugs.filter((one) => of(one.bug.detector).indexOf(one) < SHOWN);
}

describe("a bug of the zoo is found by the right detector, and told in six lines:", () => {
  test.each(sampled(BUGS))("$bug.name by $bug.detector", ({ zoo, bug }) => {
    const { finding } = hunt(zoo, bug, SEED, { runs: RUNS });
    if (finding === null) throw new Error(`nothing found in ${RUNS} programs`);
    expect(reportText(finding).split("\n").length).toBeLessThanOrEqual(LINES);
    // The mistake is what the program shows: with the original it shows nothing.
    expect(replay(zooTarget(zoo, zoo.original), finding.program)).toEqual([]);
  });
});

describe("a clean original gives no finding:", () => {
  test.each(ZOO)("$name", (zoo) => {
    const search = new Search(zooTarget(zoo, zoo.original), { seed: SEED });
    search.step(5_000);
    expect(search.result().findings).toEqual([]);
  });
});
