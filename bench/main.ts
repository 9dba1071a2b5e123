/**
 * `npm run bench`: every group, or those of `--only gate,pid`; of them every row, or those with `--row TEXT` in their
 * title; as a table, or with `--json` as one JSON object a row.
 */
import { parseArgs } from "node:util";
import * as gate from "./1-gate.bench.ts";
import * as memory from "./2-memory.bench.ts";
import * as pid from "./3-pid.bench.ts";
import { duration, measure, type Row, sunk, type Variant } from "./harness.ts";

/** A file of benchmarks: `title` and `variants()`. */
interface BenchModule {
  readonly title: string;
  variants(): Variant[];
}

const MODULES: Readonly<Record<string, BenchModule>> = { gate, memory, pid };

function wrong(what: string): never {
  process.stderr.write(`bench: ${what}\n`);
  process.exit(2);
}

function optionsOf(args: string[]): { json: boolean; groups: readonly string[]; row: string } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        json: { type: "boolean", default: false },
        only: { type: "string", multiple: true, default: Object.keys(MODULES) },
        row: { type: "string", default: "" },
      },
    });
    return { json: values.json, groups: values.only.flatMap((names) => names.split(",")), row: values.row };
  } catch (error) {
    wrong(error instanceof Error ? error.message : String(error));
  }
}

const { json, groups, row: part } = optionsOf(process.argv.slice(2));
const chosen = groups.map(
  (name) => MODULES[name] ?? wrong(`there is no group ${name}: there are ${Object.keys(MODULES).join(", ")}`),
);
let rows = 0;
for (const module of chosen) {
  const variants = module.variants().filter(({ title }) => title.includes(part));
  if (variants.length === 0) continue;
  rows += variants.length;
  const measured = measure(variants);
  if (json) for (const row of measured) console.log(JSON.stringify({ group: module.title, ...row }));
  else print(module.title, measured);
}
if (rows === 0) wrong(`no row has "${part}" in its title`);
if (sunk() === 0.5) console.log("never");

function print(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}`);
  const width = Math.max(...rows.map((r) => r.title.length));
  for (const row of rows) {
    const spread = `[${duration(row.min)} .. ${duration(row.max)}]`;
    const goal =
      row.goal === null ? "" : `  goal ${duration(row.goal)} ${row.median <= row.goal ? "met" : "MISSED"}`;
    console.log(
      `  ${row.title.padEnd(width)}  ${duration(row.median).padStart(9)}  ${spread.padEnd(26)} ${row.cal.toFixed(1).padStart(9)} cal${goal}`,
    );
  }
}
