import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type RecordOptions, recordFiles } from "../../src/cli/record/record-files.ts";
import { WIDEST } from "../../src/cli/terminal.ts";
import type { Answer, Executor, Skipped, Vector } from "../../src/conform/index.ts";
import { caseWith } from "../conform/cases.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trapgate-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const question = (id: string): Vector => caseWith({ id });
const answered = (id: string, ret: number): Vector => ({
  ...question(id),
  expect: { results: { me: { ret } }, memory: {}, mainCompleted: true, mainWaitStatus: 0 },
});

/** A kernel that answers 1, but for some ids. */
function kernel(special: Record<string, () => Answer | Skipped> = {}): Executor {
  return {
    name: "a kernel",
    run: ({ id }) => special[id]?.() ?? says(1n),
  };
}

const says = (ret: bigint): Answer => ({
  results: { me: { ret } },
  memory: {},
  pids: {},
  regs: {},
  mainCompleted: true,
  mainWaitStatus: 0,
  self: 1,
  parent: 0,
});

async function record(
  file: string,
  executor: Executor,
  options: Partial<RecordOptions> = {},
): Promise<{ out: string; code: number }> {
  let out = "";
  const terminal = {
    out: (text: string) => void (out += text),
    err: () => {},
    columns: WIDEST,
    color: false,
    screen: false,
    debug: false,
    exitCode: 0,
  };
  await recordFiles([file], executor, { runs: 3, jobs: 2, ...options }, terminal);
  return { out: out.replaceAll(folder, "DIR"), code: terminal.exitCode };
}

function fileWith(...lines: (Vector | string)[]): string {
  const file = join(folder, "cases.jsonl");
  writeFileSync(
    file,
    lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""),
  );
  return file;
}

describe("record", () => {
  test("writes what is new and what has changed, and leaves every other byte", async () => {
    const spaced = JSON.stringify(answered("same", 1)).replaceAll(",", ", ");
    const file = fileWith("# a comment", question("new"), "", answered("changed", 2), spaced);
    expect(await record(file, kernel())).toEqual({
      out: `NEW new  DIR/cases.jsonl:2
  x86_64, level 1 as pid 1, all capabilities
    me: getpid() = 1

CHANGED changed  DIR/cases.jsonl:4
  x86_64, level 1 as pid 1, all capabilities
    me: getpid()
        was 2, is 1

3 cases asked on a kernel
1 new, 1 changed, 1 as before, 0 unstable, 0 skipped
`,
      code: 0,
    });
    const lines = readFileSync(file, "utf8").split("\n");
    expect(lines).toEqual([
      "# a comment",
      JSON.stringify(answered("new", 1)),
      "",
      JSON.stringify(answered("changed", 1)),
      spaced,
      "",
    ]);
    expect(await readdir(folder)).toEqual(["cases.jsonl"]);
  });

  test("refuses what is not stable: it keeps what it had, and the exit code says so", async () => {
    const file = fileWith(answered("unstable", 7), question("fine"));
    let n = 0n;
    const { out, code } = await record(file, kernel({ unstable: () => says(++n) }), { jobs: 1 });
    expect(code).toBe(1);
    expect(out).toContain("UNSTABLE unstable  DIR/cases.jsonl:1: me\n");
    expect(out).toContain("1 new, 0 changed, 0 as before, 1 unstable, 0 skipped\n");
    expect(readFileSync(file, "utf8")).toBe(
      `${JSON.stringify(answered("unstable", 7))}\n${JSON.stringify(answered("fine", 1))}\n`,
    );
  });

  test("skips with the reason, and fails when nothing could be asked", async () => {
    const file = fileWith(question("a"), question("b"));
    const before = readFileSync(file, "utf8");
    const none = { a: () => ({ skipped: "needs root" }), b: () => ({ skipped: "needs root" }) };
    const { out, code } = await record(file, kernel(none));
    expect(code).toBe(1);
    expect(out).toContain("SKIPPED a  DIR/cases.jsonl:1: needs root\n");
    expect(readFileSync(file, "utf8")).toBe(before);
    expect((await record(file, kernel({ a: none.a }))).code).toBe(0);
  });

  test("keeps the ends of lines", async () => {
    const file = fileWith(`${JSON.stringify(question("a"))}\r`);
    await record(file, kernel());
    expect(readFileSync(file, "utf8")).toBe(`${JSON.stringify(answered("a", 1))}\r\n`);
  });

  test("takes some cases only", async () => {
    const file = fileWith(question("a/1"), question("b/1"));
    const { out } = await record(file, kernel(), { only: "b*" });
    expect(out).toContain("1 new, 0 changed");
    expect(readFileSync(file, "utf8").split("\n")[0]).toBe(JSON.stringify(question("a/1")));
  });

  test("keeps the mode of a file, and a link a link", async () => {
    const file = fileWith(question("a"));
    chmodSync(file, 0o640);
    const link = join(folder, "link.jsonl");
    symlinkSync(file, link);
    await record(link, kernel());
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readFileSync(file, "utf8")).toContain('"ret":1');
    expect((await readdir(folder)).sort()).toEqual(["cases.jsonl", "link.jsonl"]);
  });

  test("does not write over what somebody else has written meanwhile", async () => {
    const file = fileWith(question("a"));
    const meddles = kernel({
      a: () => {
        writeFileSync(file, `${JSON.stringify(question("b"))}\n`);
        return says(1n);
      },
    });
    await expect(record(file, meddles)).rejects.toThrow("has changed while it was recorded: run it again");
    expect(readFileSync(file, "utf8")).toBe(`${JSON.stringify(question("b"))}\n`);
  });
});
