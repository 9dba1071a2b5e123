import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cli, here } from "./cli.ts";

const CALLS_LISTED = /^trapgate: unknown call \S+ \(there are \d+\)$/;

/** What is typed, and the one line it is answered with. */
const WRONG: readonly (readonly [args: readonly string[], message: string | RegExp])[] = [
  [
    ["dmeo"],
    "trapgate: unknown command dmeo: did you mean demo? (allowed: demo, explain, table, layout, review, conform, record, fuzz, restart)",
  ],
  [
    ["frobnicate"],
    "trapgate: unknown command frobnicate (allowed: demo, explain, table, layout, review, conform, record, fuzz, restart)",
  ],
  [["--josn"], "trapgate: unknown option --josn (allowed: --version, --help)"],
  [
    ["demo", "--josn"],
    "trapgate: unknown option --josn: did you mean --json? (allowed: --arch, --profile, --reasons, --json, --help)",
  ],
  [
    ["demo", "--arch", "x86"],
    "trapgate: unknown --arch value x86: did you mean x86_64? (allowed: x86_64, i386, arm64, riscv64, s390x, powerpc64, both)",
  ],
  [
    ["demo", "--arch=arm32"],
    "trapgate: unknown --arch value arm32: did you mean arm64? (allowed: x86_64, i386, arm64, riscv64, s390x, powerpc64, both)",
  ],
  [
    ["demo", "--arch", ""],
    'trapgate: unknown --arch value "" (allowed: x86_64, i386, arm64, riscv64, s390x, powerpc64, both)',
  ],
  [
    ["demo", "--arch"],
    "trapgate: --arch needs a value: x86_64, i386, arm64, riscv64, s390x, powerpc64, both",
  ],
  [
    ["demo", "--profile", "cwp-v4"],
    "trapgate: unknown --profile value cwp-v4: did you mean cwp-v2? (allowed: cwp-v2, cwp-v2-newpid, cwp-v3)",
  ],
  [["demo", "now"], "trapgate: unexpected argument now: demo takes options only"],
  [["explain"], "trapgate: explain needs <call>: its name, such as clone_with_pids"],
  [["explain", "clone_with_pid"], "trapgate: unknown call clone_with_pid: did you mean clone_with_pids?"],
  [["explain", "CLONE"], "trapgate: unknown call CLONE: did you mean clone?"],
  [["explain", "wiat4"], "trapgate: unknown call wiat4: did you mean wait4?"],
  [["explain", "xyzzy"], CALLS_LISTED],
  [["explain", "constructor"], CALLS_LISTED],
  [["explain", ""], CALLS_LISTED],
  [["explain", "getpid", "getppid"], "trapgate: unexpected argument getppid: explain takes <call> only"],
  [["explain", "getpid\nrm"], "trapgate: unknown call getpid\\x0arm: did you mean getpid?"],
  [["explain", "\u001b[31mfork"], /^trapgate: unknown call \\x1b\[31mfork \(there are /],
  [["demo", "x".repeat(1000)], `trapgate: unexpected argument ${"x".repeat(60)}...: demo takes options only`],
  [["conform"], "trapgate: conform needs <files...>: files of cases (.jsonl), or folders of them"],
  [["conform", "no/such"], "trapgate: no/such: there is no such file or folder"],
  [["conform", "src/cli/exit.ts"], /^trapgate: src\/cli\/exit\.ts:1: not JSON: .*: one object a line$/],
  [["conform", "src/abi"], "trapgate: src/abi: there is no case in it"],
  [
    ["conform", "vectors/recorded/examples.jsonl", "--only", "no*"],
    "trapgate: --only no* is no id of 116 cases: they look like clock_gettime/ts-minus-one/i386",
  ],
  [["conform", "x", "--profile", "cwp"], /^trapgate: unknown --profile value cwp: did you mean cwp-v2\?/],
  [["conform", "x", "--live", "--diff"], "trapgate: --live and --diff do not go together: give one of them"],
  [
    ["conform", "x", "--live", "--profile", "cwp-v3"],
    "trapgate: --profile is the emulated kernel's: --live asks the kernel there is",
  ],
  [["conform", "x", "--elf", "a"], "trapgate: --elf needs -o <file>: where the program is to be written"],
  [["conform", "x", "-o", "a"], "trapgate: -o goes with --elf: nothing else is written"],
  [
    ["conform", "vectors/recorded/examples.jsonl", "--elf", "fork/L1/i368", "-o", "x"],
    "trapgate: unknown case fork/L1/i368: did you mean fork/L1/i386?",
  ],
  [["conform", "x", "--seed", "1"], "trapgate: --seed goes with --random"],
  [
    ["conform", "x", "--jobs", "2"],
    "trapgate: --jobs goes with --live, --diff or --random: the emulated kernel is one",
  ],
  [["conform", "x", "--random", "5"], "trapgate: --random makes its own cases: give it no files"],
  [["conform", "--random", "0"], "trapgate: --random 0 is no whole number from 1 to 1000000"],
  [["conform", "--random", "many"], "trapgate: --random many is no whole number from 1 to 1000000"],
  [["record"], "trapgate: record needs <files>: files of cases (.jsonl), or folders of them"],
  [["record", "no/such"], "trapgate: no/such: there is no such file or folder"],
  [["record", "x", "--runs", "1"], "trapgate: --runs 1 is no whole number from 2 to 1000"],
  [["explain", "--profile", "toString", "fork"], /^trapgate: unknown --profile value toString \(allowed: /],
];

describe("a wrong argument", () => {
  test.each(WRONG)("%j", async (args, message) => {
    const { code, stdout, stderr } = await here(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    if (typeof message === "string") expect(stderr).toBe(`${message}\n`);
    else expect(stderr.slice(0, -1)).toMatch(message);
    expect(stderr.split("\n")).toHaveLength(2);
  });

  test("is told on standard error, and the process exits with 2", async () => {
    const { code, stdout, stderr } = await cli(["explain", "clone_with_pid"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe("trapgate: unknown call clone_with_pid: did you mean clone_with_pids?\n");
  });

  test("is told in one short line, whatever it is", async () => {
    const argument = fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.stringMatching(/^--?[a-z=]{1,9}$/),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(argument, { minLength: 1, maxLength: 3 }), async (args) => {
        const { code, stderr } = await here(["explain", ...args]);
        if (code === 0) return;
        expect(code).toBe(2);
        expect(stderr).toMatch(/^trapgate: [^\p{Cc}\u2028\u2029]+\n$/u);
        expect(stderr.length).toBeLessThan(400);
      }),
      { numRuns: 100 },
    );
  });
});
