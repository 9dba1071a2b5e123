import { describe, expect, test } from "vitest";
import { NARROWEST, WIDEST, wantsColor, widthOf } from "../../src/cli/terminal.ts";
import { cli, here, shell } from "./cli.ts";

const ESCAPE = "\u001b[";

describe("colour", () => {
  test.each([
    ["a terminal", true, {}, true],
    ["a pipe", false, {}, false],
    ["a terminal, NO_COLOR=1", true, { NO_COLOR: "1" }, false],
    ["a terminal, NO_COLOR empty counts as not set", true, { NO_COLOR: "" }, true],
    ["a terminal, TERM=dumb", true, { TERM: "dumb" }, false],
    ["a terminal, NODE_DISABLE_COLORS=1", true, { NODE_DISABLE_COLORS: "1" }, false],
    ["a pipe, FORCE_COLOR=1", false, { FORCE_COLOR: "1" }, true],
    ["a terminal, FORCE_COLOR=0", true, { FORCE_COLOR: "0" }, false],
    ["a pipe, FORCE_COLOR set to nothing", false, { FORCE_COLOR: "" }, true],
    ["FORCE_COLOR wins over NO_COLOR", false, { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
  ])("%s", (_, isTTY, env, wanted) => {
    expect(wantsColor({ isTTY }, env)).toBe(wanted);
  });

  test.concurrent("a pipe gets none, FORCE_COLOR asks for it", async () => {
    const [piped, forced] = await Promise.all([
      cli(["demo", "--arch", "i386"]),
      cli(["demo", "--arch", "i386"], { FORCE_COLOR: "1" }),
    ]);
    expect(piped.stdout).not.toContain(ESCAPE);
    expect(forced.stdout).toContain(ESCAPE);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
    expect(forced.stdout.replace(/\u001b\[\d+m/g, "")).toBe(piped.stdout);
    expect(forced.stderr).toBe("");
  });

  test("JSON never has any", async () => {
    for (const args of [
      ["demo", "--json"],
      ["explain", "fork", "--json"],
    ]) {
      expect((await here(args, { color: true })).stdout).not.toContain(ESCAPE);
    }
  });
});

describe("width", () => {
  test.each([
    [{ isTTY: true, columns: 80 }, 80],
    [{ isTTY: true, columns: 300 }, WIDEST],
    [{ isTTY: true, columns: 20 }, NARROWEST],
    [{ isTTY: true, columns: 0 }, WIDEST],
    [{ isTTY: false, columns: 80 }, WIDEST],
    [{}, WIDEST],
  ])("%j is set in %i columns", (stream, columns) => {
    expect(widthOf(stream)).toBe(columns);
  });
});

describe("standard output", () => {
  const COMMAND = `${process.execPath} --import tsx src/cli/main.ts`;

  test.concurrent("a reader that leaves early is no error", async () => {
    // true is gone before the first line is written.
    const { stdout, stderr } = await shell(`${COMMAND} demo --json | true; echo \${PIPESTATUS[0]}`);
    expect({ stdout, stderr }).toEqual({ stdout: "0\n", stderr: "" });
  });

  test.concurrent("a full disk is told in one line, exit code 74", async () => {
    const { code, stderr } = await shell(`${COMMAND} explain fork > /dev/full`);
    expect({ code, stderr }).toEqual({
      code: 74,
      stderr: "trapgate: cannot write to standard output: ENOSPC\n",
    });
  });
});

describe("a defect of trapgate", () => {
  const broken = {
    out: (): void => {
      throw new TypeError("the page\nis on fire");
    },
  };

  test("is one line and exit code 70", async () => {
    const { code, stderr } = await here(["demo"], broken);
    expect(code).toBe(70);
    expect(stderr).toBe(
      "trapgate: oops: TypeError: the page\\x0ais on fire (a defect of trapgate; TRAPGATE_DEBUG=1 shows where)\n",
    );
  });

  test("shows its stack when asked to", async () => {
    const { stderr } = await here(["demo"], { ...broken, debug: true });
    expect(stderr).toMatch(/\n {4}at /);
  });
});

test("--version prints the version and nothing else", async () => {
  expect(await here(["--version"])).toEqual({ code: 0, stdout: "1.2.3\n", stderr: "" });
});

test("without arguments the help page is printed", async () => {
  const [bare, help] = [await here([]), await here(["--help"])];
  expect(bare).toEqual(help);
  expect(help.code).toBe(0);
});
