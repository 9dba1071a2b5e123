/**
 * Writes the cases of the historical eras, answers and all: `npm run vectors:written` into vectors/written, a file an
 * era. Nobody can ask those kernels; the answers stand in the tables of scripts/vectors/written, rule by rule.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writtenCorpora } from "./vectors/written/corpus.ts";

const [folder = join(import.meta.dirname, "../vectors/written")] = process.argv.slice(2);

mkdirSync(folder, { recursive: true });
for (const { profile, cases } of writtenCorpora()) {
  const lines = cases.map((vector) => `${JSON.stringify(vector)}\n`);
  writeFileSync(join(folder, `${profile}.jsonl`), lines.join(""));
  console.log(`${cases.length} cases of ${profile}`);
}
