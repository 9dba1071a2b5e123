import { describe, expect, test } from "vitest";
import { here, linesOf } from "./cli.ts";
import { expectGolden } from "./golden.ts";

const WRONG = "test/cli/cases/wrong-expectations.jsonl";
/** What a clock says is another number every time, and the newest era another one some day. */
const steady = (text: string): string =>
  text.replace(/on trapgate \S+ in \d+\.\d s, \d+ a second/, "on trapgate in 0.1 s, 50 a second");

describe("conform", () => {
  test("shows what differs, with the program, the rung and its rule", async () => {
    const { code, stdout, stderr } = await here(["conform", WRONG]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expectGolden("conform-wrong.txt", steady(stdout));
    for (const columns of [100, 80, 60]) {
      const narrow = await here(["conform", WRONG], { columns });
      expect(linesOf(narrow.stdout).filter((line) => line.length > columns)).toEqual([]);
    }
  });

  test("exits with 0 when nothing fails, also when calls are missing; its last line has the figures", async () => {
    const { code, stdout } = await here(["conform", WRONG, "--only", "good/?"]);
    expect(code).toBe(0);
    expect(linesOf(stdout).at(-1)).toBe("2 passed, 0 failed, 0 unsupported");
    const missing = await here(["conform", WRONG, "--only", "missing*"]);
    expect(missing.code).toBe(0);
    expect(linesOf(missing.stdout).at(-1)).toBe("0 passed, 0 failed, 1 unsupported");
    expect(missing.stdout).toContain("not in trapgate: 1 mount\n");
  });

  test("takes folders, and names of several files", async () => {
    const { stdout } = await here(["conform", "test/cli/cases", WRONG, "--only", "good/*"]);
    expect(linesOf(stdout).at(-1)).toBe("4 passed, 0 failed, 0 unsupported");
  });

  test("--json has a line for each case, and one with the figures", async () => {
    const { code, stdout } = await here(["conform", WRONG, "--json"], { color: true });
    expect(code).toBe(1);
    const lines = linesOf(stdout).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map((line) => line.status)).toEqual([
      "passed",
      "passed",
      "failed",
      "failed",
      "unsupported",
      undefined,
    ]);
    expect(lines[0]).toEqual({ id: "good/1", group: "good", file: WRONG, line: 2, status: "passed" });
    expect(lines[3]).toMatchObject({
      differences: [
        { where: "regs.me.bx", expected: "0x8", got: "0x7" },
        { where: "mainCompleted", expected: "true", got: "false" },
        { where: "mainWaitStatus", expected: "0", got: "768" },
      ],
    });
    expect(lines[4]).toMatchObject({ calls: ["mount"] });
    expect(lines[5]).toMatchObject({ cases: 5, passed: 2, failed: 2, unsupported: 1, skipped: 0 });
  });

  test("--profile is the era of every case, whatever it names", async () => {
    const { stdout } = await here(["conform", WRONG, "--only", "bad/set*", "--profile", "cwp-v3"]);
    expect(stdout).toContain("on trapgate cwp-v3");
  });

  test("--schema prints the schema of a case", async () => {
    const { code, stdout } = await here(["conform", "--schema"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      title: "a case",
      required: expect.arrayContaining(["program"]),
    });
  });

  test("progress is shown on a screen only, and leaves nothing behind", async () => {
    expect((await here(["conform", WRONG])).stderr).toBe("");
    const { stderr } = await here(["conform", WRONG], { screen: true });
    expect(stderr).toMatch(/^\r1 of 5\r2 of 5\r3 of 5\r4 of 5\r5 of 5\r {6}\r$/);
  });

  test("a case without an answer is a mistake of the caller's", async () => {
    const { code, stderr } = await here(["conform", "test/cli/bare/bare.jsonl"]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      "trapgate: test/cli/bare/bare.jsonl:1: expect: is missing: trapgate record test/cli/bare/bare.jsonl asks the kernel and writes it\n",
    );
  });
});
