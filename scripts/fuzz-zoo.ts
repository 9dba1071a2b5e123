/**
 * The zoo of test/fuzz/zoo: every planted bug is searched for from fresh seeds, then every clean original for as long
 * as asked. Prints a table; the exit code is 1 when a bug was missed or an original was not. See CONTRIBUTING.
 */
import { parseArgs } from "node:util";
import { reportText, Search } from "../src/fuzz/index.ts";
import { hunt, zooTarget } from "../test/fuzz/zoo/hunt.ts";
import { ZOO } from "../test/fuzz/zoo/index.ts";
import { HEAD, type Row, rowText } from "./fuzz-zoo/table.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "20" },
    first: { type: "string", default: "1" },
    seconds: { type: "string", default: "10" },
    clean: { type: "string", default: "600" },
    only: { type: "string", default: "" },
    verbose: { type: "boolean", default: false },
  },
});

function count(name: "seeds" | "first" | "seconds" | "clean"): number {
  const n = Number(values[name]);
  if (Number.isSafeInteger(n) && n >= 0) return n;
  process.stderr.write(`fuzz:zoo: --${name} is ${values[name]}: give a whole number\n`);
  process.exit(2);
}

const LONGEST = 6;
const [seeds, first, seconds, clean] = [count("seeds"), count("first"), count("seconds"), count("clean")];
let failures = 0;

console.log(HEAD);
let bugs = 0;
for (const zoo of ZOO) {
  for (const bug of zoo.bugs.filter(({ name }) => name.includes(values.only))) {
    const row = { bug: bug.name, detector: bug.detector, seeds, seconds: [], lines: [] } as Row & {
      seconds: number[];
      lines: number[];
    };
    for (let seed = first; seed < first + seeds; seed++) {
      const { finding, others, seconds: spent } = hunt(zoo, bug, seed, { seconds });
      if (values.verbose)
        for (const said of [...others, ...(finding ? [finding] : [])])
          console.log(`  ${seed} ${said.detector}: ${said.title}`);
      if (finding === null) continue;
      row.seconds.push(spent);
      row.lines.push(reportText(finding).split("\n").length);
    }
    bugs++;
    if (row.seconds.length < seeds || row.lines.some((lines) => lines > LONGEST)) failures++;
    console.log(rowText(row));
  }
}
if (seeds > 0)
  console.log(`${bugs} bugs, ${seeds} seeds from ${first} on: ${failures} not found as they should be\n`);

if (clean > 0) {
  // The originals share the time: each has its tenth of it, and all of them a seed of their own.
  const originals = ZOO.filter(({ name }) => name.includes(values.only));
  let runs = 0;
  for (const [i, zoo] of originals.entries()) {
    const search = new Search(zooTarget(zoo, zoo.original), { seed: first + i, steps: 4 });
    const until = process.hrtime.bigint() + BigInt(Math.ceil((clean * 1e9) / originals.length));
    while (process.hrtime.bigint() < until) search.step(500);
    const { findings } = search.result();
    for (const { title } of findings) console.log(`${zoo.name}: ${title}`);
    failures += findings.length;
    runs += search.runs;
    console.log(`${zoo.name}: ${search.runs} runs, ${findings.length} findings`);
  }
  console.log(`${originals.length} clean originals, ${runs} runs in ${clean} s`);
}
process.exit(failures === 0 ? 0 : 1);
