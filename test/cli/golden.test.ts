import { describe, expect, test } from "vitest";
import { cli, here, linesOf } from "./cli.ts";
import { expectGolden } from "./golden.ts";

/** Pages a newcomer sees first, made by the command as a process of its own. */
const OWN_PROCESS: readonly (readonly [file: string, args: readonly string[]])[] = [
  ["demo.txt", ["demo"]],
  ["explain-clone_with_pids.txt", ["explain", "clone_with_pids"]],
  ["help.txt", ["--help"]],
];

const PAGES: readonly (readonly [file: string, args: readonly string[]])[] = [
  ["demo-cwp-v3.txt", ["demo", "--profile", "cwp-v3", "--arch", "i386"]],
  ["demo-cwp-v2-newpid-reasons.txt", ["demo", "--profile", "cwp-v2-newpid", "--arch", "x86_64", "--reasons"]],
  ["explain-clone3.txt", ["explain", "clone3", "--profile", "clone3-614"]],
  ["explain-clone3-eras.txt", ["explain", "clone3"]],
  ["explain-wait4.txt", ["explain", "wait4", "--arch", "i386", "--profile", "cwp-v3"]],
  ["help-demo.txt", ["demo", "--help"]],
  ["help-explain.txt", ["help", "explain"]],
];

/** The RFC's example fits a screen and a slide. */
const LINES_OF_ONE_ARCH = 70;

describe("pages", () => {
  test.concurrent.each(OWN_PROCESS)("%s, as a process", async (file, args) => {
    const { code, stdout, stderr } = await cli(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expectGolden(file, stdout);
  });

  test.each(PAGES)("%s", async (file, args) => {
    const { code, stdout, stderr } = await here(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expectGolden(file, stdout);
  });

  test.each(["x86_64", "i386"])("the demonstration on %s is short", async (arch) => {
    const { stdout } = await here(["demo", "--arch", arch]);
    expect(linesOf(stdout).length).toBeLessThanOrEqual(LINES_OF_ONE_ARCH);
  });

  test.each([100, 80])("no line is wider than a screen of %i columns", async (columns) => {
    for (const args of [
      ["demo", "--reasons"],
      ["demo", "--profile", "cwp-v2-newpid"],
      ["demo", "--profile", "cwp-v3"],
      ["explain", "clone_with_pids"],
      ["explain", "clone3"],
      ["explain", "wait4"],
      ["--help"],
      ["demo", "--help"],
    ]) {
      const { stdout } = await here(args, { columns });
      expect(linesOf(stdout).filter((line) => line.length > columns)).toEqual([]);
    }
  });

  test("no line ends with a blank, and blanks are plain ones", async () => {
    for (const args of [["demo"], ["explain", "clone_with_pids"], ["explain", "getpid"]]) {
      const { stdout } = await here(args);
      expect(linesOf(stdout).filter((line) => line !== line.trimEnd())).toEqual([]);
      expect(stdout).not.toMatch(/[^\S \n]/);
    }
  });
});
