/**
 * Lays every built-in struct, and random ones, out with a real compiler for every ABI, and compares offsets, sizes and
 * alignments with ours; then the built-in ones as the kernel's own headers declare them. Exits with 1 on a difference.
 * It installs clang and unpacks Debian's cross compilers where clang has no target; what cannot be had is skipped
 * loudly: `npm run verify:layouts -- [--structs N] [--seed S]`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { FLAG_SETS, layoutOf, type StructDecl, Types } from "../src/abi/index.ts";
import { ABIS } from "../src/atlas/abis.ts";
import { KNOWN_STRUCTS } from "../src/atlas/known-structs.ts";
import { cSource, plantedLines } from "../test/abi/c-source.ts";
import * as family from "../test/abi/family-structs.ts";
import { structs } from "../test/abi/random-structs.ts";
import { type Compiler, Compilers } from "./verify/compilers.ts";
import { HEADERS, headerLines, headerSource } from "./verify/header-structs.ts";
import { Report } from "./verify/report.ts";

const { values } = parseArgs({
  options: { structs: { type: "string", default: "2000" }, seed: { type: "string", default: "1" } },
});
const wanted = Number(values.structs);
const seed = Number(values.seed);
if (!Number.isSafeInteger(wanted) || wanted < 0 || !Number.isSafeInteger(seed)) {
  console.error("verify:layouts: --structs and --seed take integers");
  process.exit(2);
}

/** Random structs, renamed so that they share one file. */
function randomStructs(): StructDecl[] {
  const groups = fc.sample(structs({ min: 8, max: 8 }), { numRuns: Math.ceil(wanted / 8), seed });
  return groups.flatMap((group, g) => {
    const text = JSON.stringify(group).replaceAll(/"struct":"(s\d)"/g, `"struct":"g${g}_$1"`);
    return JSON.parse(text) as StructDecl[];
  });
}

const own = Object.values(family).filter(({ struct }) => !KNOWN_STRUCTS.some((one) => one.struct === struct));
const decls: readonly StructDecl[] = [...KNOWN_STRUCTS, ...own, ...randomStructs()];
const types = new Types(decls, FLAG_SETS);
const folder = mkdtempSync(join(tmpdir(), "trapgate-layouts-"));
const report = new Report();

function compareAbi(name: string, compiler: Compiler): void {
  const abi = ABIS.find((one) => one.name === name);
  if (abi === undefined) return;
  const theirs = plantedLines(compiler.assemble(cSource(decls, abi.model)));
  const ours = decls.flatMap((decl) => {
    const { fields, size, align } = layoutOf(decl, abi.model, types);
    return [
      ...fields.map((f) => `${decl.struct} ${f.name} ${f.offset} ${f.size}`),
      `${decl.struct} ${size} ${align}`,
    ];
  });
  report.compared(
    `${name} (${abi.model.name}), ${decls.length} structs`,
    compiler.name,
    ours.length,
    differing(ours, theirs),
  );
}

function fieldsOf(struct: string): string[] {
  return Object.keys(KNOWN_STRUCTS.find((one) => one.struct === struct)?.fields ?? {});
}

function differing(ours: readonly string[], theirs: readonly string[]): string[] {
  if (ours.length !== theirs.length) return [`${ours.length} lines here, ${theirs.length} there`];
  return ours
    .flatMap((line, i) => (line === theirs[i] ? [] : [`${line} here, ${theirs[i]} there`]))
    .slice(0, 20);
}

try {
  const compilers = new Compilers(folder);
  for (const { name } of ABIS) report.part(name, () => compareAbi(name, compilers.of(name)));
  for (const { name, model } of ABIS) {
    report.part(`${name}, headers`, () => {
      const headers = compilers.headersOf(name);
      const text = compilers.of(name).assemble(headerSource(fieldsOf), headers.flags);
      const lines = headerLines(KNOWN_STRUCTS, model, types);
      report.compared(
        `${name}, ${HEADERS.length} structs`,
        headers.source,
        lines.length,
        differing(lines, plantedLines(text)),
      );
    });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report.end();
