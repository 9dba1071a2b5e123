import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { here, linesOf } from "./cli.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PEEK = "test/fuzz/targets/peek.ts";
/** A handler with one mistake, and one of the detectors that see it. */
const ONE = ["--target", PEEK, "--detector", "write-on-failure"];
const folder = mkdtempSync(join(tmpdir(), "trapgate-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The page without what depends on the clock. */
const timeless = (text: string): string => text.replace(/ in [\d.]+ m?s, [\d ]+ a second;/, " in T;");

/** What the report says to type, as a shell takes it apart. */
function replayIn(page: string): string[] {
  const [, target = "", program = ""] =
    /again: trapgate fuzz --target (\S+) --replay '(.*)'$/m.exec(page) ?? [];
  return ["fuzz", "--target", target, "--detector", "write-on-failure", "--replay", program];
}

describe("trapgate fuzz", () => {
  test("prints a finding in at most six lines, with the command that shows it again; exit code 1", async () => {
    const { code, stdout, stderr } = await here(["fuzz", ...ONE, "--runs", "3000"]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    const [head = "", ...blocks] = stdout.split("\n\n");
    expect(head).toBe("fuzz peek under clone3-614: seed 1, 1 worker");
    const end = blocks.pop() ?? "";
    expect(timeless(end)).toMatch(/^3 000 runs in T; \d+ features, \d+ programs kept\n1 finding\n$/);
    expect(blocks).toHaveLength(1);
    expect(linesOf(`${blocks[0]}\n`).length).toBeLessThanOrEqual(6);
    expect(blocks[0]).toMatch(
      /^write-on-failure: peek writes 4 bytes at to and then fails at negative \(EINVAL\)\n/,
    );

    const again = await here(replayIn(stdout));
    expect(again.code).toBe(1);
    expect(again.stdout.split("\n")[0]).toBe(blocks[0]?.split("\n")[0]);
  });

  test("same seed and workers, same page but for the clock", async () => {
    const args = ["fuzz", "--target", PEEK, "--runs", "4000", "--seed", "9", "--workers", "2"];
    const [one, other] = [await here(args), await here(args)];
    expect(timeless(other.stdout)).toBe(timeless(one.stdout));
  });

  test("without a finding ends with 0, and says so", async () => {
    const { code, stdout } = await here(["fuzz", "pipe2", "getpid", "--runs", "2000"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^fuzz pipe2, getpid under clone3-614: seed 1, 1 worker\n\n2 000 runs .*\nno finding\n$/,
    );
  });

  test("--json prints a line a finding and one with the figures, and nothing else", async () => {
    const { code, stdout } = await here(["fuzz", ...ONE, "--runs", "2000", "--json"]);
    const [finding, figures, ...more] = linesOf(stdout).map((line) => JSON.parse(line));
    expect([code, more]).toEqual([1, []]);
    expect(finding).toMatchObject({
      detector: "write-on-failure",
      call: "peek",
      site: "to",
      seed: 1,
      worker: 1,
    });
    expect(figures).toMatchObject({ runs: 2000, findings: 1, seed: 1, workers: 1, stopped: false });
    const again = await here(["fuzz", ...ONE, "--replay", JSON.stringify(finding), "--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({ key: finding.key, title: finding.title });
  });

  test("--corpus goes on where it stopped, tells what it knows already, and drops what is mended", async () => {
    const corpus = join(folder, "corpus");
    const args = ["fuzz", ...ONE, "--corpus", corpus, "--runs"];
    const first = await here([...args, "2000"]);
    expect(first.code).toBe(1);
    expect(readdirSync(join(corpus, "findings"))).toHaveLength(1);
    const second = await here([...args, "3000"]);
    expect(timeless(second.stdout)).toMatch(/\n1 000 runs \(3 000 with those before\) in T;/);
    expect(second.code).toBe(1);
    const third = await here([...args, "3000"]);
    expect(third.stdout).toMatch(/\n0 runs \(3 000 with those before\)/);
    expect(third.stdout).toContain("\n1 finding\n");

    const [name = ""] = readdirSync(join(corpus, "findings"));
    const file = join(corpus, "findings", name);
    const mended = {
      key: "write-on-failure peek negative to",
      worker: 1,
      program: { arch: "x86_64", steps: [{ call: "peek", args: {} }] },
    };
    writeFileSync(file, JSON.stringify(mended));
    const fourth = await here([...args, "3000"]);
    expect([fourth.code, readdirSync(join(corpus, "findings"))]).toEqual([0, []]);
  });

  test("on a screen shows how far it is, in one line that is taken away at the end", async () => {
    const { stderr } = await here(["fuzz", "getpid", "--time", "0.6"], { screen: true, columns: 60 });
    const shown = stderr.split("\r\u001b[K");
    expect(shown.at(-1)).toBe("");
    expect(shown.at(-2)).toMatch(/^0\.\d s {2}[\d ]+ runs {2}[\d ]+ a second {2}\d+ features? {2}\d+ pro/);
    for (const line of shown) expect(line.length).toBeLessThan(60);
  });

  test("Ctrl-C ends it with a summary; what was found decides on the exit code", async () => {
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "src/cli/main.ts", "fuzz", "getpid", "--time", "5m"],
      {
        cwd: ROOT,
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (data: string) => {
      text += data;
      // The head stands there when the workers are ready.
      if (text.endsWith("\n\n")) setTimeout(() => child.kill("SIGINT"), 300);
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(text).toMatch(/\nstopped after [\d ]+ runs in .*\nno finding\n$/);
    expect(code).toBe(0);
  });
});

describe("a mistake", () => {
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const wrong = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await here(["fuzz", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(linesOf(stderr)).toHaveLength(1);
    return stderr.trimEnd();
  };

  test("in a call's name is answered with the nearest", async () => {
    expect(await wrong("clone33")).toBe("trapgate: unknown call clone33: did you mean clone3?");
    expect(await wrong("--target", PEEK, "peak")).toBe("trapgate: unknown call peak: did you mean peek?");
  });

  test("in a file names the file, and the place where it is known", async () => {
    expect(await wrong("--target", "no/such.ts")).toBe("trapgate: no/such.ts: cannot be read (ENOENT)");
    expect(await wrong("--target", file("slip.ts", "export const a = ;\n"))).toMatch(
      /slip\.ts:1:17: it cannot be loaded: .+$/,
    );
    expect(await wrong("--target", file("empty.ts", "export const a = 1;\n"))).toMatch(
      /empty\.ts: it exports no handler made by implement\(\), and no target made by fuzzTarget\(\)$/,
    );
  });

  test("in the era says which one has the call", async () => {
    expect(await wrong("getpid", "clone_with_pids", "--profile", "clone3-614")).toBe(
      "trapgate: clone_with_pids has no number under clone3-614: it has one under cwp-v2, cwp-v2-newpid, cwp-v3",
    );
    expect(await wrong("clone_with_pids", "--profile", "clone3-614")).toMatch(
      /^trapgate: clone_with_pids has no number under clone3-614: it has one/,
    );
  });

  test("in a program to replay", async () => {
    expect(await wrong("--replay", "{")).toMatch(
      /^trapgate: --replay: is not JSON: put the program in single quotes/,
    );
    expect(await wrong("--replay", '{"arch":"vax","steps":[]}')).toMatch(
      /^trapgate: --replay: is no program: /,
    );
    expect(await wrong("--replay", "no/such.json")).toBe("trapgate: no/such.json: cannot be read (ENOENT)");
    expect(await wrong("--replay", '{"arch":"x86_64","steps":[{"call":"pipe2","args":{"x":1}}]}')).toBe(
      "trapgate: pipe2 has nothing called x",
    );
    expect(await wrong("--replay", "x", "--seed", "1")).toBe(
      "trapgate: --seed does not go with --replay: one program is run once",
    );
  });

  test("in an option", async () => {
    expect(await wrong("--detector", "double-fetsch")).toMatch(
      /^trapgate: unknown detector double-fetsch: did you mean double-fetch\?/,
    );
    expect(await wrong("--time", "soon")).toBe("trapgate: --time soon is no time such as 30s, 10m or 8h");
    expect(await wrong("--corpus", join(file("a-file", ""), "below"))).toMatch(
      /below\/programs: cannot be made \(ENOTDIR\)$/,
    );
  });
});
