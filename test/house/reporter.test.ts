import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const REPORTER = join(ROOT, "test/support/reporter.ts");

/** Files of tests, each with the last line a run of it alone has to end with. They import nothing: globals are on. */
const RUNS: Readonly<Record<string, readonly [code: string, last: string]>> = {
  good: [`test("a", () => {});`, "1 passed, 0 failed, 0 skipped"],
  "a test that fails": [
    `test("a", () => {}); test("b", () => { throw 1; });`,
    "1 passed, 1 failed, 0 skipped",
  ],
  "a file that throws": [`throw new Error("no");`, "0 passed, 1 failed, 0 skipped"],
  "a file without tests": ["export {};", "0 passed, 1 failed, 0 skipped"],
  "no file": ["", "0 passed, 1 failed, 0 skipped"],
  "a beforeAll that throws": [
    `describe("g", () => { beforeAll(() => { throw 1; }); test("a", () => {}); });`,
    "0 passed, 1 failed, 1 skipped",
  ],
  "an afterAll that throws": [
    `describe("g", () => { describe("h", () => { afterAll(() => { throw 1; }); test("a", () => {}); }); });`,
    "1 passed, 1 failed, 0 skipped",
  ],
  "an error nobody caught": [
    `test("a", () => { Promise.reject(new Error("loose")); });`,
    "1 passed, 1 failed, 0 skipped",
  ],
  "tests that are skipped": [
    `test("a", (c) => { c.skip("no compiler"); }); test.skip("b", () => {});`,
    "0 passed, 0 failed, 2 skipped",
  ],
};

describe("the last line of a run says what came of", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "trapgate-reporter-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(Object.entries(RUNS))("%s", (name, [code, last]) => {
    const file = `${name.replaceAll(" ", "-")}.test.js`;
    if (code !== "") writeFileSync(join(folder, file), code);
    const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
    const args = ["run", file, "--root", folder, "--globals", "--no-color"];
    const reporters = ["--reporter=default", `--reporter=${REPORTER}`];
    const run = spawnSync(process.execPath, [vitest, ...args, ...reporters], {
      encoding: "utf8",
      env: { ...process.env, TRAPGATE_SEED: "7" },
    });
    const lines = run.stdout.trimEnd().split("\n");
    expect(lines[lines.length - 1], run.stdout + run.stderr).toBe(last);
    expect(run.status === 0, "exit code 0").toBe(last.includes(" 0 failed"));
    expect(lines).toContain("properties: seed 7 (TRAPGATE_SEED)");
    const skipped = lines.filter((line) => line.startsWith("SKIPPED "));
    if (name === "tests that are skipped")
      expect(skipped).toEqual([`SKIPPED ${file} > a: no compiler`, `SKIPPED ${file} > b: no reason given`]);
    else if (name === "a beforeAll that throws")
      expect(skipped).toEqual([`SKIPPED ${file} > g > a: a hook of its group failed`]);
    else expect(skipped).toEqual([]);
  });
});
