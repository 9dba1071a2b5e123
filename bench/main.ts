/**
 * `npm run bench`: every group, or those of `--only gate,pid`; of them every row, or those with `--row TEXT` in their
 * title; as a table, or with `--json` as one JSON object a row. Each row runs in a process of its own, so that it does
 * not pay for what the compiler has learnt from the others; with `--shared` all run in one, as in a program that does
 * all these things.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as gate from "./1-gate.bench.ts";
import * as memory from "./2-memory.bench.ts";
import * as pid from "./3-pid.bench.ts";
import * as clone from "./4-clone.bench.ts";
import * as conform from "./5-conform.bench.ts";
import * as fuzz from "./6-fuzz.bench.ts";
import * as restart from "./7-restart.bench.ts";
import { type BenchRow, type Figure, line, measure, sunk } from "./harness.ts";

/** A file of benchmarks. */
interface BenchModule {
  readonly title: string;
  readonly rows: readonly BenchRow[];
}

const MODULES: Readonly<Record<string, BenchModule>> = { gate, memory, pid, clone, conform, fuzz, restart };

function wrong(what: string): never {
  process.stderr.write(`bench: ${what}\n`);
  process.exit(2);
}

function optionsOf(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: {
        json: { type: "boolean", default: false },
        shared: { type: "boolean", default: false },
        only: { type: "string", multiple: true, default: Object.keys(MODULES) },
        row: { type: "string", default: "" },
        // What a run says to the processes it starts.
        alone: { type: "string" },
      },
    });
    return { ...values, only: values.only.flatMap((names) => names.split(",")) };
  } catch (error) {
    wrong(error instanceof Error ? error.message : String(error));
  }
}

interface Options {
  readonly json: boolean;
  readonly shared: boolean;
  readonly only: readonly string[];
  readonly row: string;
  readonly alone?: string | undefined;
}

/** The figure of one row, from a process of its own. */
function alone(group: string, row: BenchRow): Figure {
  const args = ["--expose-gc", fileURLToPath(import.meta.url), "--only", group, "--alone", row.title];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) wrong(`the row "${row.title}" broke down: ${stderr.trim()}`);
  return JSON.parse(stdout) as Figure;
}

function report(title: string, rows: readonly BenchRow[], figures: Iterable<Figure>, json: boolean): void {
  const width = Math.max(...rows.map((row) => row.title.length));
  if (!json) console.log(`\n${title}`);
  for (const figure of figures)
    console.log(json ? JSON.stringify({ group: title, ...figure }) : line(figure, width));
}

function* oneByOne(group: string, rows: readonly BenchRow[]): Iterable<Figure> {
  for (const row of rows) yield alone(group, row);
}

function run({ json, shared, only, row: part, alone: title }: Options): void {
  let found = 0;
  for (const group of only) {
    const module = MODULES[group];
    if (module === undefined)
      wrong(`there is no group ${group}: there are ${Object.keys(MODULES).join(", ")}`);
    if (title !== undefined) {
      for (const figure of measure(module.rows.filter((row) => row.title === title)))
        console.log(JSON.stringify(figure));
      return;
    }
    const rows = module.rows.filter((row) => row.title.includes(part));
    if (rows.length === 0) continue;
    found += rows.length;
    report(module.title, rows, shared ? measure(rows) : oneByOne(group, rows), json);
  }
  if (found === 0) wrong(`no row has "${part}" in its title`);
}

run(optionsOf(process.argv.slice(2)));
if (sunk() === 0.5) console.log("never");
