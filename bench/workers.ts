/**
 * `npm run bench:workers`: what a second worker of the fuzz lab is worth. A campaign of one worker on one processor (what
 * the garbage collector and the compiler do beside it is its own work too) and one of two workers with twice as many runs
 * take turns, so that a slow moment of the machine falls on both. Ratios are taken turn by turn; the median is what counts.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

interface Case {
  readonly title: string;
  readonly calls: readonly string[];
  readonly steps: number;
  /** Runs of one worker: some ten seconds and more, for new behaviour costs most, and comes first. */
  readonly runs: number;
}

const CASES: readonly Case[] = [
  {
    title: "small calls, one a run",
    calls: ["getgroups", "getresuid", "rt_sigpending", "capget"],
    steps: 1,
    runs: 3_000_000,
  },
  {
    title: "programs of eight calls",
    calls: ["pipe2", "read", "write", "close", "dup2"],
    steps: 8,
    runs: 250_000,
  },
  { title: "every call, one a run", calls: [], steps: 1, runs: 400_000 },
];

const { values } = parseArgs({ options: { turns: { type: "string", default: "5" } } });
const turns = Number(values.turns);
if (!Number.isSafeInteger(turns) || turns < 1) wrong(`--turns is ${values.turns}: give a whole number`);

function wrong(what: string): never {
  process.stderr.write(`bench:workers: ${what}\n`);
  process.exit(2);
}

/** Runs a second of a campaign, in a process of its own, its start left out. */
function speed({ calls, steps, runs }: Case, workers: number, seed: number): number {
  const all = String(runs * workers);
  const program = [process.execPath, "--import", "tsx", "src/cli/main.ts", "fuzz", ...calls, "--json"];
  const options = [
    "--steps",
    String(steps),
    "--runs",
    all,
    "--seed",
    String(seed),
    "--workers",
    String(workers),
  ];
  const [command = "", ...args] = [...(workers === 1 ? ["taskset", "-c", "0"] : []), ...program, ...options];
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (error !== undefined) wrong(`${command} cannot be run: ${error.message}`);
  if (status !== 0) wrong(stderr.trim() || stdout.trim());
  const figures = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { runs: number; seconds: number };
  return figures.runs / figures.seconds;
}

function spread(numbers: readonly number[], text: (n: number) => string): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (i: number): string => text(sorted[i] as number);
  return `${at(sorted.length >> 1).padStart(8)} [${at(0)} .. ${at(sorted.length - 1)}]`;
}

const perSecond = (n: number): string => `${(n / 1000).toFixed(1)} k`;
const times = (n: number): string => n.toFixed(2);

for (const one of CASES) {
  const alone: number[] = [];
  const ratios: number[] = [];
  for (let turn = 1; turn <= turns; turn++) {
    const single = speed(one, 1, turn);
    alone.push(single);
    ratios.push(speed(one, 2, turn) / single);
  }
  console.log(one.title);
  console.log(`  one worker, one processor, runs a second  ${spread(alone, perSecond)}`);
  console.log(`  two workers, times one                    ${spread(ratios, times)}`);
}
