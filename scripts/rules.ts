/**
 * Lists the rules of the real kernel (test/rules.json) that no test shows. A rule counts as shown when the title of a
 * test or group begins with its id, alone or among others: "A-07 A-12 …". Tests of the trace and of the command show
 * how a rule is told, not that it holds, and do not count.
 *
 * Exit code 1 when a rule has neither a test nor a written reason, when it has both, or when a title names a rule that
 * is in no list.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** One rule: what the kernel does, and why there is no test where there is none. */
interface Rule {
  readonly rule: string;
  readonly untested?: string;
}

const ROOT = join(import.meta.dirname, "..");
const RETELLING = /^(kernel\/trace|cli)\//;
const FAMILIES = "ABCELNPQTUX";

/** The ids a title begins with. */
function idsOf(title: string): string[] {
  const start = new RegExp(`^(?:[${FAMILIES}]-\\d\\d[\\s,:]*(?:and\\s+)?)+`).exec(title)?.[0] ?? "";
  return start.match(/[A-Z]-\d\d/g) ?? [];
}

/** The titles of tests and groups in a file; of skipped ones and of those whose title is computed, none. */
function titlesOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = node.expression.getText();
      const title = node.arguments[0];
      if (
        /^(test|it|describe)\b/.test(callee) &&
        !/^\w+\.(skip|todo)\b/.test(callee) &&
        title !== undefined
      ) {
        if (ts.isStringLiteralLike(title)) titles.push(title.text);
        else if (ts.isTemplateExpression(title)) titles.push(title.head.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}

const rules = JSON.parse(readFileSync(join(ROOT, "test/rules.json"), "utf8")) as Record<string, Rule>;
const shown = new Map<string, string[]>();
for (const name of readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" })) {
  if (!name.endsWith(".test.ts") || RETELLING.test(name)) continue;
  for (const id of titlesOf(join(ROOT, "test", name)).flatMap(idsOf))
    shown.set(id, [...(shown.get(id) ?? []), name]);
}

const ids = Object.keys(rules);
const missing = ids.filter((id) => !shown.has(id) && rules[id]?.untested === undefined);
const stale = ids.filter((id) => shown.has(id) && rules[id]?.untested !== undefined);
const unknown = [...shown.keys()].filter((id) => !ids.includes(id));
const reasons = ids.filter((id) => !shown.has(id) && rules[id]?.untested !== undefined);

const print = (line: string): void => console.log(line);
print(`${ids.length} rules, ${ids.filter((id) => shown.has(id)).length} shown by tests`);
if (reasons.length > 0) print("\nWithout a test, for a reason:");
for (const id of reasons) print(`  ${id}  ${rules[id]?.rule}\n        ${rules[id]?.untested}`);
if (missing.length > 0) print("\nWithout a test and without a reason:");
for (const id of missing) print(`  ${id}  ${rules[id]?.rule}`);
for (const id of stale) print(`\n${id} has a test (${shown.get(id)?.[0]}) and a reason for having none`);
for (const id of unknown) print(`\n${shown.get(id)?.[0]} names ${id}, which test/rules.json does not have`);
if (missing.length + stale.length + unknown.length > 0) process.exitCode = 1;
