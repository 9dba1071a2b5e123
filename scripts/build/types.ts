import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";
import ts from "typescript";
import { DIST, EMITTED, exported } from "./rooms.ts";

/** The types of the package: what can be reached from the exports, and nothing else. */
export async function buildTypes(): Promise<void> {
  const input = Object.fromEntries(exported().map((name) => [name, join(EMITTED, `${name}.d.ts`)]));
  // Whoever uses what is made for fast-check has its types.
  const bundle = await rollup({ input, external: ["fast-check"], plugins: [dts({ respectExternal: true })] });
  const { output } = await bundle.write({
    ...{ dir: DIST, format: "es", minifyInternalExports: false },
    chunkFileNames: "types/[name].ts",
  });
  await bundle.close();
  for (const { fileName } of output) {
    const file = join(DIST, fileName);
    writeFileSync(file, compact(readFileSync(file, "utf8")));
  }
}

/**
 * The same types in fewer bytes. The type of a declaration that stands as a literal repeats its every sentence: a
 * sentence is a `string` here. Names, numbers and C types stay literal, for it is by them that calls are checked.
 */
export function compact(text: string): string {
  const file = ts.createSourceFile("types.d.ts", text, ts.ScriptTarget.ES2022, true);
  const cuts: { start: number; end: number }[] = [];
  const widen = (node: ts.Node): void => {
    if (ts.isUnionTypeNode(node)) return;
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal) && isSentence(node.literal.text))
      cuts.push({ start: node.getStart(), end: node.end });
    ts.forEachChild(node, widen);
  };
  for (const statement of file.statements)
    if (ts.isVariableStatement(statement))
      for (const { type } of statement.declarationList.declarations) if (type !== undefined) widen(type);
  let short = "";
  let at = 0;
  for (const { start, end } of cuts) {
    short += `${text.slice(at, start)}string`;
    at = end;
  }
  return (short + text.slice(at)).replaceAll(/^(?: {4})+/gm, (blank) => " ".repeat(blank.length / 4));
}

const C_WORD = /^(?:unsigned|signed|char|short|int|long)$/;

function isSentence(text: string): boolean {
  const words = text.split(" ");
  return words.length > 1 && !words.every((word) => C_WORD.test(word));
}
