import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../../src");

/** What the language has to offer. Time, chance and the host are not among it: a machine has its own, seeded. */
const LANGUAGE = new Set(
  `undefined NaN Infinity Object Array String Number Boolean BigInt Symbol Math JSON Reflect Proxy Map Set WeakMap
  WeakSet RegExp Promise Error TypeError RangeError ArrayBuffer SharedArrayBuffer Atomics DataView Int8Array Uint8Array
  Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array
  BigUint64Array`.split(/\s+/),
);

/**
 * What leads anywhere, each in the one file that takes nothing else from it than what is said there: WebAssembly, and
 * code that sets the fields of one class.
 */
const ALLOWED = ["mm/wasm-copy.ts: globalThis", "kernel/snapshot/saved-fields.ts: Function"];

/** Every global a file reads as a value that is not the language's, and Math.random, each with its line. */
function hostNames(file: ts.SourceFile, checker: ts.TypeChecker): string[] {
  const found: string[] = [];
  const add = (node: ts.Node, name: string): void => {
    found.push(`${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${name}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (ts.isPropertyAccessExpression(node) && /^Math\s*\.\s*random$/.test(node.getText()))
      add(node, "Math.random");
    if (ts.isIdentifier(node) && isRead(node) && !LANGUAGE.has(node.text)) {
      const symbol = ts.isShorthandPropertyAssignment(node.parent)
        ? checker.getShorthandAssignmentValueSymbol(node.parent)
        : checker.getSymbolAtLocation(node);
      const own = symbol?.declarations?.some((d) => d.getSourceFile() === file) ?? false;
      if (!own) add(node, node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Whether a name stands for a value here, and not for a property, a label or the thing declared. */
function isRead(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  if (ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isAccessor(parent))
    return "initializer" in parent && parent.initializer === node;
  return true;
}

/** Checks each text as a file of its own; what it imports is its own by the import. */
function check(texts: ReadonlyMap<string, string>): string[] {
  const options: ts.CompilerOptions = { noResolve: true, noLib: true, types: [], allowJs: false };
  const host = ts.createCompilerHost(options);
  host.fileExists = (name) => texts.has(name);
  host.getSourceFile = (name, target) => {
    const text = texts.get(name);
    return text === undefined ? undefined : ts.createSourceFile(name, text, target, true);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  const checker = program.getTypeChecker();
  return program
    .getSourceFiles()
    .flatMap((file) => hostNames(file, checker).map((at) => `${file.fileName}:${at}`));
}

test("the core uses no clock, no chance and nothing of a host", () => {
  const core = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter(
    (name) => /^(abi|mm|arch|kernel|atlas)\/.*\.ts$/.test(name) || name === "index.ts",
  );
  expect(core.length).toBeGreaterThan(50);
  const found = check(new Map(core.map((name) => [name, readFileSync(join(SRC, name), "utf8")])));
  const foreign = found.filter((at) => !ALLOWED.includes(at.replace(/:\d+:/, ":")));
  expect(foreign).toEqual([]);
});

test("the check sees a clock, chance and a host, and lets own names be", () => {
  const bad = new Map([
    [
      "bad.ts",
      [
        "export const a = Date.now() + performance.now();",
        "export const b = Math.random();",
        "export class C extends Buffer { d = process.pid; [crypto.x] = 1; }",
        "export function f(g = console): void { setTimeout(() => g, 1); }",
        "export const h = { i: globalThis, navigator };",
        "export const { j = fetch } = {};",
        "export const k = typeof require;",
      ].join("\n"),
    ],
    [
      "good.ts",
      [
        'import { boot as process, type Date } from "./boot.ts";',
        "export const a = (console: number): number => console + process.random + Math.imul(1, 2);",
        "export interface B { fetch: Buffer; readonly performance: Date }",
        "export const c = { require: 1, crypto() { return 2; } }.require;",
        "export type D = typeof window;",
        "Buffer: for (const self of [a]) { if (self === undefined) break Buffer; }",
      ].join("\n"),
    ],
  ]);
  expect(check(bad)).toEqual(
    ["1: Date", "1: performance", "2: Math.random", "3: Buffer", "3: process", "3: crypto", "4: console"]
      .concat(["4: setTimeout", "5: globalThis", "5: navigator", "6: fetch", "7: require"])
      .map((at) => `bad.ts:${at}`),
  );
});
