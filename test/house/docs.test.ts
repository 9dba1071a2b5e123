import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LiveKernel } from "../../src/conform/live/live-kernel.ts";
import { here } from "../cli/cli.ts";
import { caseWith } from "../conform/cases.ts";
import { type Block, blocksOf, commandsOf, differenceOf } from "./docs/blocks.ts";
import { examplesOf } from "./docs/comments.ts";
import { complaintsOf, type Program, type Ran, runAll } from "./docs/programs.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const list = (folder: string, end: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(end))
    .sort()
    .map((name) => `${folder}/${name}`);

const pages = ["README.md", ...list("docs", ".md")];
const blocks = pages.flatMap((page) => blocksOf(page, read(page)));
const comments = list("src", ".ts").flatMap((file) => examplesOf(file, read(file)));
/** Those in folders are modules that others load; test/fuzz looks at them. */
const examples = list("examples", ".ts").filter((file) => !file.startsWith("examples/fuzz/"));
const runs = blocks.filter((b) => b.info === "ts run");
const consoles = blocks.filter((b) => b.info === "console");
const excerpts = blocks.filter((b) => b.info.startsWith("ts examples/"));

const at = (block: Block): string => `${block.page}:${block.line}`;
const programs: Program[] = [
  ...runs.map((b) => ({ at: at(b), code: b.text })),
  ...comments.map(({ at, code }) => ({ at, code })),
  ...examples.map((file) => ({ at: file, code: read(file) })),
  // Two that are wrong, to see that this is seen.
  { at: "throws", code: 'import { boot } from "trapgate";\nconsole.log(1);\nboot({ profile: "none" });\n' },
  { at: "does not compile", code: 'export const n: number = "one";\n' },
];
let ran: ReadonlyMap<string, Ran>;

beforeAll(async () => {
  ran = await runAll(ROOT, programs);
});

/** What a program printed, by line. */
function linesOf(place: string): string[] {
  const { stdout, error } = ran.get(place) ?? { stdout: "", error: "it never ran" };
  expect(error, place).toBe("");
  return stdout.replace(/\n$/, "").split("\n");
}

/** Fails with a difference by line. */
function agree(actual: readonly string[], shown: readonly string[], place: string): void {
  const difference = differenceOf(actual, shown);
  if (difference !== null) expect(difference.actual, place).toEqual(difference.shown);
  expect(difference).toBeNull();
}

/** Commands that pages name and this test does not run: they are what runs it, or take minutes. */
const NOT_RUN = /^(npm ci( && npm test)?|npm test|npm run (bench|check|build|rules|campaign.*)|npm pack)$/;

/** Commands that ask the kernel below. */
const LIVE = / (record|--live|--diff|--random) /;

/** Files that pages make and go on with, by name: they lie in a folder of this test's own. */
const scratch = mkdtempSync(join(tmpdir(), "trapgate-pages-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A word of a command, where it is the name of a file that the page makes. */
const placed = (word: string, before = ""): string =>
  before === "-o" || existsSync(join(scratch, word)) ? join(scratch, word) : word;

/** The words of a command as a shell takes them, where quotes hold some together. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);

/** Why this machine does not answer live cases; null when it does. */
async function noLiveKernel(): Promise<string | null> {
  const kernel = new LiveKernel();
  const outcome = await kernel.run(caseWith());
  await kernel.close();
  return "skipped" in outcome ? outcome.skipped : null;
}

/** The lines a command of a console block prints; null for one that is not run. */
async function outputOf(command: string): Promise<string[] | null> {
  if (NOT_RUN.test(command)) return null;
  const copy = /^cp (\S+) (\S+)$/.exec(command);
  if (copy !== null) {
    writeFileSync(join(scratch, copy[2] ?? ""), read(copy[1] ?? ""));
    return [];
  }
  const words = command
    .replace(/^npm ci && /, "")
    .split(" ")
    .filter((word) => word !== "-s");
  if (words[0] === "npx" && words[1] === "tsx" && words.length === 3) return linesOf(words[2] ?? "");
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const script = words[1] === "start" ? words.splice(1, 1)[0] : words.splice(1, 2)[1];
  const call = /^tsx src\/cli\/main\.ts ?(.*)$/.exec(scripts[script ?? ""] ?? "");
  const [npm, dashes = "--", ...args] = words;
  if (npm !== "npm" || call === null || dashes !== "--")
    throw new Error(`nobody knows how to run ${command}`);
  const own = (call[1] ?? "").split(" ").filter((word) => word !== "");
  const given = wordsOf(args.join(" ")).map((word, i, all) => placed(word, all[i - 1]));
  const { code, stdout, stderr } = await here([...own, ...given]);
  // A search that has found something says so.
  const good = args[0] === "fuzz" && /^\d+ findings?$|^[a-z-]+: /m.test(stdout) ? 1 : 0;
  expect(`${stderr}exit code ${code}`).toBe(`exit code ${good}`);
  return stdout.replaceAll(`${scratch}/`, "").replace(/\n$/, "").split("\n");
}

describe("pages", () => {
  test("every block of TypeScript is run or is part of a program that is", () => {
    const loose = blocks.filter((b) => /^(ts|js|typescript|javascript)\b/.test(b.info));
    expect(loose.filter((b) => !runs.includes(b) && !excerpts.includes(b)).map(at)).toEqual([]);
  });

  test("every command stands in a console block, where it is run", () => {
    expect(blocks.filter((b) => /^(sh|bash|shell|zsh|console\b.)/.test(b.info)).map(at)).toEqual([]);
    const known = /^(ts run|ts examples\/.+|text output|console|c|json|)$/;
    expect(blocks.filter((b) => !known.test(b.info)).map((b) => `${at(b)}: ${b.info}`)).toEqual([]);
  });

  test("every npm script a page names exists", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = [...pages, "CONTRIBUTING.md"].flatMap((page) =>
      [...read(page).matchAll(/\bnpm run (?:-s |--silent )?([\w:-]+)/g)].map((m) => `${page}: ${m[1]}`),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => scripts[name.split(": ")[1] ?? ""] === undefined)).toEqual([]);
  });

  test("every program on a page, in a comment and in examples compiles", () => {
    expect(complaintsOf(ROOT, programs)).toEqual([
      "does not compile: Type 'string' is not assignable to type 'number'.",
    ]);
  });

  test.each(runs.map((b) => [at(b), b] as const))("%s prints what stands below it", (place, block) => {
    const next = blocks[blocks.indexOf(block) + 1];
    expect(next?.page === block.page && next.info, `${place}: the next block`).toBe("text output");
    agree(linesOf(place), next?.text.replace(/\n$/, "").split("\n") ?? [], place);
  });

  test.each(excerpts.map((b) => [at(b), b] as const))("%s is an excerpt of the program it names", (_, b) => {
    expect(read(b.info.slice("ts ".length))).toContain(b.text);
  });

  test.for(consoles.map((b) => [at(b), b] as const))(
    "%s shows what its commands print",
    async ([, b], context) => {
      const commands = commandsOf(b);
      const why = commands.some(({ command }) => LIVE.test(`${command} `)) ? await noLiveKernel() : null;
      for (const { command, lines } of commands) {
        if (why !== null && !command.startsWith("cp ")) continue;
        const actual = await outputOf(command);
        if (actual !== null) agree(actual, lines, command);
      }
      if (why !== null) context.skip(why);
    },
  );
});

describe("doc comments", () => {
  test("have examples", () => {
    expect(comments.length).toBeGreaterThan(4);
  });

  test.each(comments.map((e) => [e.at, e] as const))("%s prints the values it names", (place, { values }) => {
    expect(linesOf(place).filter((line) => line !== "")).toEqual(values);
  });
});

test.each(examples)("%s runs and prints something", (file) => {
  expect(linesOf(file).length).toBeGreaterThan(1);
});

describe("the test itself", () => {
  test("sees lines that differ, are missing, or are too many, and skips what … stands for", () => {
    const actual = ["a", "b", "c", "d"];
    for (const good of [["a", "b", "c", "d"], ["…", "c", "d"], ["a", "…"], ["a", "…", "c", "…", "d"], ["…"]])
      expect(differenceOf(actual, good), good.join()).toBeNull();
    for (const bad of [
      ["a", "b", "c"],
      ["a", "b", "x", "d"],
      ["b", "…"],
      ["…", "b"],
      ["…", "c", "b", "…"],
      ["a"],
      [],
    ])
      expect(differenceOf(actual, bad), bad.join()).not.toBeNull();
    expect(differenceOf(actual, ["a", "…", "c", "x", "…"])).toEqual({
      shown: ["c", "x"],
      actual: ["c", "d"],
    });
  });

  test("sees a program that throws", () => {
    expect(ran.get("throws")?.stdout).toBe("1\n");
    expect(ran.get("throws")?.error).toContain("no profile is called none");
  });

  test("finds the values of a comment, and examples that show none or are in no language", () => {
    const comment = (...lines: string[]): string =>
      `/**\n * A.\n *\n * @example\n${lines.map((l) => ` * ${l}\n`).join("")} */`;
    expect(examplesOf("x.ts", comment("```ts", "console.log(1 + 1); // 2", "```"))).toEqual([
      { at: "x.ts:4", code: "console.log(1 + 1); // 2", values: ["2"] },
    ]);
    for (const bad of [
      ["```ts", "f();", "```"],
      ["```ts", "console.log(1);", "```"],
      ["```", "f()", "```"],
    ])
      expect(() => examplesOf("x.ts", comment(...bad)), bad.join()).toThrow("x.ts:4");
  });
});
