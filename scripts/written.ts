/**
 * Writes the cases of the historical eras, and of processors nobody has here, answers and all: `npm run
 * vectors:written` into vectors/written, a file an era and one a processor. Nobody can ask those kernels; the answers
 * stand in the tables of scripts/vectors/written, rule by rule.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writtenCorpora } from "./vectors/written/corpus.ts";
import { portCorpora } from "./vectors/written/ports/corpus.ts";

const [folder = join(import.meta.dirname, "../vectors/written")] = process.argv.slice(2);

mkdirSync(folder, { recursive: true });
const corpora = [
  ...writtenCorpora().map(({ profile, cases }) => ({ name: profile, cases })),
  ...portCorpora().map(({ arch, cases }) => ({ name: arch, cases })),
];
for (const { name, cases } of corpora) {
  const lines = cases.map((vector) => `${JSON.stringify(vector)}\n`);
  writeFileSync(join(folder, `${name}.jsonl`), lines.join(""));
  console.log(`${cases.length} cases of ${name}`);
}
