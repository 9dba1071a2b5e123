import { describe, expect, test } from "vitest";
import { runRandom } from "../../src/cli/conform/random.ts";
import { WIDEST } from "../../src/cli/terminal.ts";
import {
  type Answer,
  compare,
  EmulatedKernel,
  type Executor,
  isSkipped,
  parseVectors,
  type Skipped,
  type Vector,
} from "../../src/conform/index.ts";
import type { LabelledSink } from "../../src/conform/on-emulator.ts";

/** The emulated kernel, what it lacks counting as its answer: the campaign is what is tested here. */
class Complete extends EmulatedKernel {
  override run(vector: Vector, trace?: LabelledSink): Answer | Skipped {
    const outcome = super.run(vector, trace);
    if (isSkipped(outcome)) return outcome;
    const { unsupported: _, ...answer } = outcome;
    return answer;
  }
}

const emulated = new Complete("cwp-v3");

/** The same under another name, with one thing wrong: the program's own pid, in the cases that are odd. */
function other(odd: (vector: Vector) => boolean): Executor {
  return {
    name: "another kernel",
    run(vector): Answer | Skipped {
      const outcome = emulated.run(vector);
      if (isSkipped(outcome) || outcome.results.g === undefined || !odd(vector)) return outcome;
      return { ...outcome, results: { ...outcome.results, g: { ret: -12n } } };
    },
  };
}

async function campaign(live: Executor, json = false): Promise<{ out: string; code: number }> {
  let out = "";
  const write = (text: string): void => void (out += text);
  const screen = { columns: WIDEST, color: false, screen: false, debug: false };
  const terminal = { out: write, err: write, ...screen, exitCode: 0 };
  await runRandom(live, emulated, { count: 60, seed: 11, jobs: 2, json }, terminal);
  return { out, code: terminal.exitCode };
}

describe("a campaign of random calls", () => {
  test("of a kernel against itself finds nothing", async () => {
    const { out, code } = await campaign(other(() => false));
    expect(code).toBe(0);
    expect(out).toMatch(/\n60 cases on trapgate cwp-v3 in \d+\.\d s, \d+ a second\n/);
    expect(out).toMatch(/\n60 cases on another kernel in \d+\.\d s, \d+ a second\n/);
    expect(out).toMatch(/\n60 passed, 0 failed, 0 unsupported, 0 skipped\n$/);
  });

  test("shows a disagreement once, in its plainest form, as a program and as a case to keep", async () => {
    const { out, code } = await campaign(other((vector) => vector.arch === "int80"));
    expect(code).toBe(1);
    const [failed = "", ...more] = out.split("\nrandom ")[0]?.split("FAILED ").slice(1) ?? [];
    expect(more).toEqual([]);
    expect(failed).toMatch(/^random\/11\/\d+ {2}random:\d+\n {2}int80, level 1 as pid 1, all capabilities\n/);
    expect(failed).toContain("    g: getpid() = 1\n        another kernel -12 ENOMEM, trapgate cwp-v3 1\n");
    const line = failed.split("\n").find((text) => text.startsWith("{")) ?? "";
    const [placed] = parseVectors(line, "kept");
    const { vector } = placed ?? {};
    expect(vector?.expect?.results.g).toEqual({ errno: "ENOMEM", ret: -12 });
    const answer = other(() => true).run(vector as Vector) as Answer;
    expect(compare(vector as Vector, vector?.expect as never, answer)).toEqual([]);
  });

  test("--json gives the cases alone", async () => {
    const { out } = await campaign(
      other((vector) => vector.nsLevel === 3),
      true,
    );
    const cases = parseVectors(out, "found");
    expect(cases.map(({ vector }) => vector.nsLevel)).toEqual([3]);
  });
});
