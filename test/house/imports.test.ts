import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

/** The arrows of the house: what each room may import beside itself. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  abi: [],
  mm: ["abi"],
  arch: ["abi"],
  atlas: ["abi", "arch"],
  kernel: ["abi", "mm", "arch"],
  cpu: ["abi", "mm", "arch"],
  conform: ["abi", "mm", "arch", "atlas", "kernel", "cpu"],
  fuzz: ["abi", "mm", "arch", "kernel", "cpu", "conform"],
  restart: ["abi", "mm", "arch", "kernel", "cpu", "conform"],
  cli: ["abi", "mm", "arch", "atlas", "kernel", "cpu", "conform", "fuzz", "restart", ""],
  // src/index.ts, the public surface.
  "": ["abi", "mm", "arch", "kernel"],
};

/** Rooms that run in a browser as they are. */
const CORE = ["abi", "mm", "arch", "kernel", "atlas"];

/** Files by path below src, each with what it imports. */
type Graph = ReadonlyMap<string, readonly string[]>;

function readGraph(root: string): Graph {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts"));
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), "utf8"), true, true);
      return [file, importedFiles.map((i) => i.fileName)];
    }),
  );
}

const roomOf = (file: string): string => (file.includes("/") ? (file.split("/")[0] as string) : "");

function wrongEdges(graph: Graph): string[] {
  const wrong: string[] = [];
  for (const [file, imports] of graph) {
    const room = roomOf(file);
    if (ARROWS[room] === undefined) wrong.push(`${file}: there is no room ${room}`);
    for (const name of imports) {
      if (/^trapgate(\/|$)/.test(name)) {
        wrong.push(`${file} imports ${name}: src imports itself by path`);
        continue;
      }
      if (!name.startsWith(".")) {
        if (CORE.includes(room)) wrong.push(`${file} imports ${name}: the core has no dependency`);
        continue;
      }
      const target = roomOf(normalize(join(dirname(file), name)));
      if (target !== room && !ARROWS[room]?.includes(target))
        wrong.push(`${file} imports ${name}: no arrow ${room} → ${target}`);
    }
  }
  return wrong;
}

/** Files that can reach themselves, over imports that exist at run time or in types alone within a room's reach. */
function cycles(graph: Graph, runtimeImports: (file: string) => readonly string[]): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      found.push([...path.slice(at), file]);
      return;
    }
    if (done.has(file)) return;
    for (const name of runtimeImports(file)) visit(normalize(join(dirname(file), name)), [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

/** Imports that survive compilation: type-only ones are gone at run time and cannot form a cycle there. */
function runtimeImportsOf(root: string): (file: string) => string[] {
  return (file) => {
    const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.ES2022);
    return source.statements.flatMap((s) => {
      if (!ts.isImportDeclaration(s) && !ts.isExportDeclaration(s)) return [];
      const from = s.moduleSpecifier;
      if (from === undefined || !ts.isStringLiteral(from) || !from.text.startsWith(".")) return [];
      return isTypeOnly(s) ? [] : [from.text];
    });
  };
}

function isTypeOnly(s: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(s)) {
    const clause = s.exportClause;
    return (
      s.isTypeOnly ||
      (clause !== undefined && ts.isNamedExports(clause) && clause.elements.every((e) => e.isTypeOnly))
    );
  }
  const clause = s.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.every((e) => e.isTypeOnly)
  );
}

describe("the import graph", () => {
  const root = join(import.meta.dirname, "../../src");
  const graph = readGraph(root);

  test("follows the arrows of the house, and the core imports nothing from outside", () => {
    expect(graph.size).toBeGreaterThan(50);
    expect(wrongEdges(graph)).toEqual([]);
  });

  test("has no cycle between files", () => {
    expect(cycles(graph, runtimeImportsOf(root)).map((c) => c.join(" → "))).toEqual([]);
  });

  test("the check sees a wrong arrow, a foreign import and a cycle", () => {
    const bad: Graph = new Map([
      ["mm/a.ts", ["../arch/b.ts"]],
      ["arch/b.ts", ["node:fs"]],
      ["abi/c.ts", ["./d.ts"]],
      ["abi/d.ts", ["./c.ts"]],
      ["utils/e.ts", []],
      ["cli/f.ts", ["commander", "trapgate/kernel", "../kernel/index.ts"]],
      ["kernel/g.ts", ["../mm/a.ts", "../cli/f.ts", "../../test/h.ts"]],
    ]);
    expect(wrongEdges(bad)).toEqual([
      "mm/a.ts imports ../arch/b.ts: no arrow mm → arch",
      "arch/b.ts imports node:fs: the core has no dependency",
      "utils/e.ts: there is no room utils",
      "cli/f.ts imports trapgate/kernel: src imports itself by path",
      "kernel/g.ts imports ../cli/f.ts: no arrow kernel → cli",
      "kernel/g.ts imports ../../test/h.ts: no arrow kernel → ..",
    ]);
    expect(cycles(bad, (f) => bad.get(f)?.filter((n) => n.startsWith(".")) ?? [])).toEqual([
      ["abi/c.ts", "abi/d.ts", "abi/c.ts"],
    ]);
  });
});
