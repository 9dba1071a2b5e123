/** An example in a doc comment. */
export interface Example {
  /** File and line. */
  readonly at: string;
  readonly code: string;
  /** What its `console.log` lines say they print, in order. */
  readonly values: readonly string[];
}

/** The `ts` blocks below `@example` tags in the doc comments of a source file. */
export function examplesOf(file: string, source: string): Example[] {
  const examples: Example[] = [];
  for (const comment of source.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    for (const tag of comment[0].matchAll(/@example\b[\s*]*```(\w*)\n([\s\S]*?)\n\s*\* ```/g)) {
      const [all, language, body = ""] = tag;
      const line = source.slice(0, comment.index + tag.index).split("\n").length;
      if (language !== "ts") throw new Error(`${file}:${line}: an example in ${language || "no language"}`);
      const code = body.replace(/^\s*\* ?/gm, "");
      const values = code.split("\n").flatMap((l) => printedBy(`${file}:${line}`, l));
      if (values.length === 0) throw new Error(`${file}:${line}: shows nothing:\n${all}`);
      examples.push({ at: `${file}:${line}`, code, values });
    }
  }
  return examples;
}

/** The `// value` behind a console.log. */
function printedBy(at: string, line: string): string[] {
  if (!line.includes("console.log(")) return [];
  const value = /\); \/\/ (.*)$/.exec(line)?.[1];
  if (value === undefined) throw new Error(`${at}: does not say what it prints: ${line}`);
  return [value];
}
