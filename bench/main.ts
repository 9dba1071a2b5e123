import { readdirSync } from "node:fs";
import { join } from "node:path";
import { duration, measure, type Row, sunk, type Variant } from "./harness.ts";

/** A file of benchmarks: `title` and `variants()`. */
interface BenchModule {
  readonly title: string;
  variants(): Variant[];
}

const asJson = process.argv.includes("--json");
const only = process.argv.find((a) => a.startsWith("--only="))?.slice("--only=".length);

const files = readdirSync(import.meta.dirname)
  .filter((f) => f.endsWith(".bench.ts"))
  .sort();
const chosen = files.filter((f) => only === undefined || f.includes(only));
if (chosen.length === 0) {
  process.stderr.write(`bench: no file matches ${only}: there are ${files.join(", ")}\n`);
  process.exit(2);
}

for (const file of chosen) {
  const module = (await import(join(import.meta.dirname, file))) as BenchModule;
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
