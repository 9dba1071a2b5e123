import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const LONGEST = 400;
/** Files that are longer still, with the length they may not exceed: to be cut, and none to be added. */
const TO_BE_CUT: Readonly<Record<string, number>> = {};

function sources(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".ts")).map((name) => `${folder}/${name}`);
}

function parse(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
}

function has(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((m) => m.kind === kind) ?? false);
}

/** Default exports, in every spelling. */
function defaultExports(source: ts.SourceFile): string[] {
  return source.statements.flatMap((s) => {
    const exported =
      ts.isExportAssignment(s) ||
      has(s, ts.SyntaxKind.DefaultKeyword) ||
      (ts.isExportDeclaration(s) &&
        s.exportClause !== undefined &&
        ts.isNamedExports(s.exportClause) &&
        s.exportClause.elements.some((e) => e.name.text === "default"));
    return exported ? [`${source.fileName}:${lineOf(source, s)}`] : [];
  });
}

/** What a file exports of its own without saying what it is. Of overloads and merged names one is enough. */
function undocumented(source: ts.SourceFile): string[] {
  const said = new Map<string, boolean>();
  const where = new Map<string, number>();
  for (const s of source.statements) {
    if (!has(s, ts.SyntaxKind.ExportKeyword)) continue;
    const described = ts.getJSDocCommentsAndTags(s).some((d) => ts.isJSDoc(d) && textOf(d) !== "");
    for (const name of namesOf(s)) {
      said.set(name, (said.get(name) ?? false) || described);
      where.set(name, where.get(name) ?? lineOf(source, s));
    }
  }
  return [...said].flatMap(([name, ok]) => (ok ? [] : [`${source.fileName}:${where.get(name)}: ${name}`]));
}

function namesOf(s: ts.Statement): string[] {
  if (ts.isVariableStatement(s)) return s.declarationList.declarations.map((d) => d.name.getText());
  const named = ts.isFunctionDeclaration(s) || ts.isClassDeclaration(s) || ts.isInterfaceDeclaration(s);
  return (named || ts.isTypeAliasDeclaration(s)) && s.name !== undefined ? [s.name.text] : [];
}

const textOf = (doc: ts.JSDoc): string => (ts.getTextOfJSDocComment(doc.comment) ?? "").trim();
const lineOf = (source: ts.SourceFile, node: ts.Node): number =>
  source.getLineAndCharacterOfPosition(node.getStart()).line + 1;

/** Paths of one machine, and registries beside the public ones. Written so that this file does not contain any. */
const FOREIGN: readonly RegExp[] = [
  /(?<![\w.~$}>-])\/(?:home|root|work|Users)\/[\w.-]+/,
  /\b(?:nex[u]s|art[i]factory|verdacc[i]o|dev[p]i|gopro[x]y)\b/i,
  /\bregistry\.(?!npmjs\.org\b)(?:[\w-]+\.)*(?:com|org|net|io|dev|internal|local|lan|corp|example)\b/,
  /\bhttps?:\/\/(?:localhost|10\.\d+|127\.\d+|172\.(?:1[6-9]|2\d|3[01])|192\.168)\b/,
];

function foreign(file: string, text: string): string[] {
  return text
    .split("\n")
    .flatMap((line, i) => (FOREIGN.some((p) => p.test(line)) ? [`${file}:${i + 1}: ${line.trim()}`] : []));
}

/** What git tracks; outside a repository, everything that is not installed or built. */
function repositoryFiles(): string[] {
  try {
    const git = execFileSync("git", ["-c", "safe.directory=*", "ls-files", "-z"], {
      cwd: ROOT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return git.split("\0").filter((file) => file !== "" && existsSync(join(ROOT, file)));
  } catch {
    const all = readdirSync(ROOT, { recursive: true, withFileTypes: true });
    return all
      .filter((entry) => entry.isFile())
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
      .filter((file) => !/^(node_modules|dist|coverage|\.git)\//.test(file) && !file.endsWith(".tgz"));
  }
}

/** Every host an address in the lockfile names, where a package is to be fetched. */
function lockHosts(lock: string): string[] {
  const { packages } = JSON.parse(lock) as { packages: Record<string, { resolved?: string }> };
  const urls = Object.values(packages).flatMap((p) => (p.resolved === undefined ? [] : [p.resolved]));
  return [...new Set(urls.map((url) => new URL(url).host))];
}

describe("files", () => {
  const all = sources("src").map((file) => parse(file, readFileSync(join(ROOT, file), "utf8")));
  const core = all.filter((s) => /^src\/(abi|mm|arch|kernel|atlas)\//.test(s.fileName));

  test("of src have at most 400 lines", () => {
    const lengths = new Map(all.map((s) => [s.fileName, s.text.split("\n").length - 1]));
    const long = [...lengths].filter(([file, lines]) => lines > (TO_BE_CUT[file] ?? LONGEST));
    expect(long).toEqual([]);
    const cut = Object.keys(TO_BE_CUT).filter((file) => (lengths.get(file) ?? 0) <= LONGEST);
    expect(cut, "no longer to be cut").toEqual([]);
  });

  test("of src have no default export", () => {
    expect(all.flatMap(defaultExports)).toEqual([]);
  });

  test("of the core say of everything they export what it is", () => {
    expect(core.length).toBeGreaterThan(50);
    expect(core.flatMap(undocumented)).toEqual([]);
  });

  test("in the repository name no path of a machine and no private registry", () => {
    const text = repositoryFiles().filter((file) => file !== "package-lock.json");
    expect(text.length).toBeGreaterThan(100);
    expect(text.flatMap((f) => foreign(f, readFileSync(join(ROOT, f), "utf8")))).toEqual([]);
  });

  test("the lockfile names no registry but the public one", () => {
    const hosts = lockHosts(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
    expect(hosts.filter((host) => host !== ["registry", "npmjs", "org"].join("."))).toEqual([]);
  });
});

describe("the checks see", () => {
  const bad = (text: string): ts.SourceFile => parse("x.ts", text);

  test("default exports", () => {
    for (const text of [
      "export default 1;",
      "export default function f() {}",
      "const a = 1; export { a as default };",
    ])
      expect(defaultExports(bad(text)), text).toEqual(["x.ts:1"]);
    expect(defaultExports(bad("export const a = 1; export { a as b };"))).toEqual([]);
  });

  test("exports without a word, and comments without one", () => {
    const text = [
      "/** What a is. */ export const a = 1, b = 2;",
      "/** */ export function c(): void {}",
      "/** @returns 1 */ export function d(): number { return 1; }",
      "// no",
      "export interface E {}",
      "export type F = 1;",
      "export class G {}",
      "/** Said once. */ export type A = number; export const A = 1;",
      'export { h } from "./h.ts"; const i = 1; export { i };',
    ].join("\n");
    expect(undocumented(bad(text)).map((l) => l.split(": ")[1])).toEqual(["c", "d", "E", "F", "G"]);
  });

  test("paths of a machine and other registries", () => {
    const path = (name: string): string => ["", name, "me", "project"].join("/");
    const host = ["registry", "example", "com"].join(".");
    for (const line of [
      path("home"),
      path("root"),
      path("work"),
      `https://${host}/x`,
      ["nex", "us"].join(""),
    ])
      expect(foreign("x", `first\n${line} here`), line).toEqual([`x:2: ${line} here`]);
    for (const line of [
      ["src", "work", "a.ts"].join("/"),
      `https://${["registry", "npmjs", "org"].join(".")}/x`,
      "the root user",
      "../home/a",
    ])
      expect(foreign("x", line), line).toEqual([]);
    expect(lockHosts(`{"packages":{"":{},"a":{"resolved":"https://${host}/a.tgz"}}}`)).toEqual([host]);
  });
});
