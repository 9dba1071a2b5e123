/**
 * `npm run bench:workers`: what a second worker of the fuzz lab is worth. A campaign of one worker, and one of two with
 * twice as many runs, take turns, so that a slow moment of the machine falls on both; beside them two campaigns of one
 * worker at the same time, which exchange nothing: more than that the machine does not have. Ratios are taken turn by
 * turn, and the median is what counts.
 */
import { parseArgs } from "node:util";
import { Campaign } from "../src/fuzz/node/index.ts";

interface Case {
  readonly title: string;
  readonly calls: readonly string[];
  readonly steps: number;
  /** Runs of one worker: half a minute, for in the first seconds the compiler works on the other processor. */
  readonly runs: number;
}

const CASES: readonly Case[] = [
  {
    title: "small calls, one a run",
    calls: ["getgroups", "getresuid", "rt_sigpending", "capget"],
    steps: 1,
    runs: 6_000_000,
  },
  {
    title: "programs of eight calls",
    calls: ["pipe2", "read", "write", "close", "dup2"],
    steps: 8,
    runs: 500_000,
  },
  { title: "every call, one a run", calls: [], steps: 1, runs: 800_000 },
];

const { values } = parseArgs({ options: { turns: { type: "string", default: "5" } } });
const turns = Number(values.turns);
if (!Number.isSafeInteger(turns) || turns < 1) {
  process.stderr.write(`bench:workers: --turns is ${values.turns}: give a whole number\n`);
  process.exit(2);
}

/** Runs a second of so many campaigns at once, their threads already there. */
async function speed({ calls, steps, runs }: Case, crews: readonly number[], seed: number): Promise<number> {
  const campaigns = crews.map(
    (workers, i) =>
      new Campaign({
        ...{ target: { file: null, calls, profile: null }, detectors: null, seed: seed + 1000 * i, workers },
        ...{ steps, runs: runs * workers, done: [], corpus: [], patience: 60_000 },
      }),
  );
  try {
    for (const campaign of campaigns) await campaign.open();
    const before = performance.now();
    await Promise.all(campaigns.map((campaign) => campaign.run()));
    const seconds = (performance.now() - before) / 1000;
    return campaigns.reduce((sum, campaign) => sum + campaign.figures().runs, 0) / seconds;
  } finally {
    for (const campaign of campaigns) await campaign.close();
  }
}

function spread(numbers: readonly number[], text: (n: number) => string): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [min, median, max] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)] as [
    number,
    number,
    number,
  ];
  return `${text(median).padStart(8)} [${text(min)} .. ${text(max)}]`;
}

const perSecond = (n: number): string => `${(n / 1000).toFixed(1)} k`;
const times = (n: number): string => n.toFixed(2);

for (const one of CASES) {
  const alone: number[] = [];
  const two: number[] = [];
  const apart: number[] = [];
  for (let turn = 1; turn <= turns; turn++) {
    const single = await speed(one, [1], turn);
    alone.push(single);
    two.push((await speed(one, [2], turn)) / single);
    apart.push((await speed(one, [1, 1], turn)) / single);
  }
  console.log(one.title);
  console.log(`  one worker, runs a second        ${spread(alone, perSecond)}`);
  console.log(`  two workers, times one           ${spread(two, times)}`);
  console.log(`  two that exchange nothing        ${spread(apart, times)}`);
}
