import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseVectors } from "../../src/conform/index.ts";
import { here } from "../cli/cli.ts";

const ROOT = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "trapgate-out-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NAME = "write-on-failure-peek-negative-to";

/** Names that an installed trapgate has, the longest first. */
const ALIASES = ["fuzz/node", "fuzz", ""].map((name) => ({
  find: join("trapgate", name),
  replacement: join(ROOT, "src", name, "index.ts"),
}));

/** What vitest says of the tests in the folder, as a user runs it. */
function testsIn(path: string): Promise<string> {
  symlinkSync(join(ROOT, "node_modules"), join(path, "node_modules"));
  writeFileSync(
    join(path, "vitest.config.mjs"),
    `export default ${JSON.stringify({ resolve: { alias: ALIASES } })};\n`,
  );
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const args = ["run", "--root", path, "--reporter", "json"];
  return new Promise((resolve) => {
    execFile(process.execPath, [vitest, ...args], { cwd: path }, (_, stdout) => resolve(stdout));
  });
}

test("--out keeps the report, a case that can be read, and a test that fails for the finding", async () => {
  const target = join(import.meta.dirname, "targets/peek.ts");
  const { code, stdout } = await here([
    "fuzz",
    "--target",
    target,
    "--detector",
    "write-on-failure",
    "--runs",
    "3000",
    "--out",
    folder,
  ]);
  expect(code).toBe(1);
  expect(readdirSync(folder)).toEqual([`${NAME}.jsonl`, `${NAME}.test.ts`, `${NAME}.txt`]);
  const report = readFileSync(join(folder, `${NAME}.txt`), "utf8");
  expect(stdout).toContain(report);

  const [only, ...more] = parseVectors(readFileSync(join(folder, `${NAME}.jsonl`), "utf8"), NAME);
  expect([only?.vector.id, more]).toEqual([`fuzz.write-on-failure/${NAME}`, []]);

  const said = JSON.parse(await testsIn(folder));
  expect([said.numTotalTests, said.numFailedTests]).toEqual([1, 1]);
  expect(said.testResults[0].assertionResults[0].failureMessages[0]).toMatch(
    /^AssertionError: expected 'peek .* to be ''/,
  );
}, 60_000);

test("a folder that cannot be made is told in a line", async () => {
  const { code, stderr } = await here(["fuzz", "getpid", "--runs", "10", "--out", "/proc/nowhere"]);
  expect([code, stderr]).toEqual([2, "trapgate: /proc/nowhere: cannot be made (ENOENT)\n"]);
});
