import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseVectors } from "../../src/conform/index.ts";
import { caseWith } from "../conform/cases.ts";
import { here, linesOf } from "./cli.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trapgate-"));
  file = join(folder, "cases.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(...cases: readonly object[]): void {
  writeFileSync(file, cases.map((each) => `${JSON.stringify(each)}\n`).join(""));
}

/** The reason of the only case, where this machine does not run it. */
async function skipReason(): Promise<string | null> {
  const { stdout } = await here(["conform", file, "--diff", "--json"]);
  return (JSON.parse(linesOf(stdout)[0] ?? "{}") as { reason?: string }).reason ?? null;
}

describe("on the live kernel", () => {
  test("a case is recorded, and then agreed about", async (context) => {
    write(caseWith({ profile: "cwp-v3" }));
    expect((await here(["record", file])).stdout).toMatch(
      /SKIPPED a\/1 {2}.*it is a case of cwp-v3, and Linux /,
    );
    write(caseWith());
    const why = await skipReason();
    if (why !== null) return context.skip(why);
    const recorded = await here(["record", file, "--runs", "2"]);
    expect(recorded.code).toBe(0);
    expect(linesOf(recorded.stdout).at(-1)).toBe("1 new, 0 changed, 0 as before, 0 unstable, 0 skipped");
    const [placed] = parseVectors(readFileSync(file, "utf8"), "cases");
    expect(placed?.vector.expect).toEqual({
      results: { me: { ret: 1 } },
      memory: {},
      mainCompleted: true,
      mainWaitStatus: 0,
    });
    for (const how of ["--live", "--diff"]) {
      const { code, stdout } = await here(["conform", file, how]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/\n1 cases on Linux \S+ in \d+\.\d s, \d+ a second\n/);
      expect(linesOf(stdout).at(-1)).toBe("1 passed, 0 failed, 0 unsupported, 0 skipped");
    }
    return undefined;
  });

  test("three answers are held together", async (context) => {
    const expected = { results: { me: { ret: 7 } }, memory: {}, mainCompleted: true, mainWaitStatus: 0 };
    write(caseWith({ expect: expected }));
    const { code, stdout } = await here(["conform", file, "--diff"]);
    const last = linesOf(stdout).at(-1) ?? "";
    if (last.endsWith("1 skipped")) return context.skip(linesOf(stdout)[1]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/me: getpid\(\) = 1\n {8}recorded 7, Linux \S+ 1, trapgate \S+ 1\n/);
    return undefined;
  });

  test("random calls are asked on both", async () => {
    const { code, stdout } = await here(["conform", "--random", "20", "--seed", "3", "--json"]);
    expect(code === 0 || stdout.includes('"random"')).toBe(true);
  });
});
