import type { Finding } from "../finding.ts";

/** Where a test finds what it tests. */
export interface TestedTarget {
  /** The module with the handlers, from the test's own folder; null for trapgate's own calls. */
  readonly file: string | null;
  /** The era by name; null for the target's own. */
  readonly profile: string | null;
}

/** A test for vitest that fails as long as a detector objects to the program of a finding. */
export function testText({ detector, call, title, program, seed }: Finding, target: TestedTarget): string {
  const { file, profile } = target;
  const calls = file === null ? JSON.stringify(callsIn(program.steps)) : "[]";
  const where = file === null ? "null" : `join(import.meta.dirname, ${JSON.stringify(file)})`;
  return [
    ...(file === null ? [] : ['import { join } from "node:path";']),
    'import { replay } from "trapgate/fuzz";',
    'import { loadTarget } from "trapgate/fuzz/node";',
    'import { expect, test } from "vitest";',
    "",
    `// Found from seed ${seed}. ${detector}: ${title}`,
    `const program = ${JSON.stringify(program, null, 2)} as const;`,
    "",
    `test(${JSON.stringify(`${call}: ${detector}`)}, async () => {`,
    `  const target = await loadTarget({ file: ${where}, calls: ${calls}, profile: ${JSON.stringify(profile)} });`,
    "  const said = replay(target, program).map(({ title }) => title);",
    '  expect(said.join("\\n")).toBe("");',
    "});",
    "",
  ].join("\n");
}

function callsIn(steps: Finding["program"]["steps"]): string[] {
  return [...new Set(steps.flatMap(({ call, child = [] }) => [call, ...callsIn(child)]))];
}
