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

const asJson = process.argv.includes("--json");
const only = process.argv.find((a) => a.startsWith("--only="))?.slice("--only=".length);
const chosen = Object.entries(MODULES).filter(([name]) => only === undefined || name === only);
if (chosen.length === 0) {
  process.stderr.write(`bench: there is no group ${only}: there are ${Object.keys(MODULES).join(", ")}\n`);
  process.exit(2);
}

for (const [, module] of chosen) {
  const rows = measure(module.variants());
  if (asJson) for (const row of rows) console.log(JSON.stringify({ group: module.title, ...row }));
  else print(module.title, rows);
}
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
