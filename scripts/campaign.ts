/**
 * The campaign: random gate entries on random machines, with invariants and leaks checked. See CONTRIBUTING.
 */
import { parseArgs } from "node:util";
import { Episode } from "./campaign/episode.ts";
import { Random } from "./campaign/random.ts";

const { values } = parseArgs({
  options: {
    entries: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    episode: { type: "string", default: "2000" },
  },
});

function count(name: "entries" | "seed" | "episode"): number {
  const n = Number(values[name]);
  if (Number.isSafeInteger(n) && n >= 0) return n;
  process.stderr.write(`campaign: --${name} is ${values[name]}: give a whole number\n`);
  process.exit(2);
}

const entries = count("entries");
const firstSeed = count("seed");
const perEpisode = Math.max(1, count("episode"));
const start = process.hrtime.bigint();
const outcomes = new Map<string, number>();
let done = 0;
let episodes = 0;

while (done < entries) {
  const seed = firstSeed * 1_000_003 + episodes;
  const budget = Math.min(perEpisode, entries - done);
  const episode = new Episode(new Random(seed), outcomes);
  try {
    done += episode.run(budget);
    episode.tearDown();
  } catch (error) {
    process.stderr.write(
      `campaign: episode ${episodes} (random seed ${seed}, ${episode.describe()}) failed\n`,
    );
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  }
  episodes++;
}

const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const table = [...outcomes].sort((a, b) => b[1] - a[1]);
for (const [outcome, n] of table) console.log(`${String(n).padStart(10)}  ${outcome}`);
console.log(
  `${done} entries on ${episodes} machines in ${seconds.toFixed(1)} s (${Math.round(done / seconds)} a second), seed ${firstSeed}: ` +
    "no exception, no broken invariant, no leak",
);
