import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EmulatedKernel, isSkipped, parseVector, type Vector } from "../../src/conform/index.ts";
import {
  cloneQuestion,
  programQuestion,
  randomCase,
  randomQuestion,
  shrink,
} from "../../src/conform/random/campaign.ts";
import { Dice } from "../../src/conform/random/dice.ts";
import type { ProgramWish } from "../../src/conform/random/program-wish.ts";
import { type CloneWish, PLAINEST, plainer } from "../../src/conform/random/wish.ts";
import { vectorOfWish } from "../../src/conform/random/wish-vector.ts";
import type { Verdict } from "../../src/conform/verdict.ts";

const cases = Array.from({ length: 1500 }, (_, n) => randomCase(7, n));
const seen = <T>(what: (wish: CloneWish) => T): Set<T> => new Set(cases.map(({ wish }) => what(wish)));

describe("random cases", () => {
  test("are right by the format, and the same for the same numbers", () => {
    for (const [n, { vector }] of cases.entries()) {
      expect(parseVector(JSON.stringify(vector), vector.id)).toEqual(vector);
      if (n % 100 === 0) expect(randomCase(7, n).vector).toEqual(vector);
    }
    expect(randomCase(8, 0).vector).not.toEqual({ ...randomCase(7, 0).vector, id: "random/8/0" });
  });

  test("try both calls, every way in, depth, place, and every flag", () => {
    expect(seen((wish) => `${wish.call} ${wish.arch} ${wish.nsLevel} ${wish.nsInit}`).size).toBe(
      2 * 3 * 3 * 2,
    );
    expect(seen((wish) => wish.place).size).toBe(7);
    expect(new Set(cases.flatMap(({ wish }) => wish.flags)).size).toBe(27);
    expect(seen((wish) => wish.size).size).toBeGreaterThan(10);
    expect(seen((wish) => wish.setTidSize > 0n && wish.setTid !== 0n)).toEqual(new Set([true, false]));
  });

  test("never let two tasks run on one memory at once", () => {
    const maker = (vector: Vector): string =>
      JSON.stringify(vector.program.find((o) => "label" in o && o.label === "c"));
    for (const bit of [0x100n, 0x8000n, 0x10000n]) {
      const vector = vectorOfWish("x", { ...PLAINEST, call: "clone", flags: [bit] });
      expect(BigInt(JSON.parse(maker(vector)).args[0]) & 0x4000n).toBe(0x4000n);
      expect(JSON.parse(maker(vector)).childSharesVm).toBe(bit === 0x100n ? true : undefined);
    }
  });

  test("the dice are fair enough, and the same for a seed", () => {
    const dice = new Dice(1);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 6000; i++) counts[dice.below(6)] = (counts[dice.below(6)] ?? 0) + 1;
    for (const count of counts) expect(count).toBeGreaterThan(800);
    expect(new Dice(5).word()).toBe(new Dice(5).word());
    expect(new Dice(5).word()).not.toBe(new Dice(6).word());
  });
});

describe("shrinking", () => {
  const failed: Verdict = { status: "failed", differences: [{ where: "c", expected: "1", got: "2" }] };

  test("ends at the plainest call that still disagrees", async () => {
    const { wish } = cases.find(
      ({ wish }) => wish.flags.length === 3 && wish.call === "clone3" && wish.place === "middle",
    ) as {
      wish: CloneWish;
    };
    const [culprit] = wish.flags as [bigint];
    const verdict = async (vector: Vector): Promise<Verdict> => {
      const args = vector.regions.find((region) => region.addr === "0x10040000");
      const patch = args?.data?.[0];
      const word =
        patch !== undefined && "hex" in patch
          ? BigInt(`0x${patch.hex.slice(0, 16).match(/../g)?.reverse().join("")}`)
          : 0n;
      return (word & culprit) !== 0n ? failed : { status: "passed" };
    };
    const { vector, verdict: last } = await shrink(cloneQuestion("s", wish), verdict);
    expect(vector).toEqual(vectorOfWish("s", { ...PLAINEST, flags: [culprit] }));
    expect(last).toBe(failed);
  });

  test("every step is plainer, so it ends", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (n) => {
        const { wish } = randomCase(3, n);
        const weight = (w: CloneWish): number =>
          Object.keys(PLAINEST).filter(
            (key) => String(w[key as keyof CloneWish]) !== String(PLAINEST[key as keyof CloneWish]),
          ).length *
            100 +
          w.flags.length +
          w.nsLevel +
          Number(w.setTidSize % 100n) +
          w.tids.filter((tid) => tid !== 500).length +
          w.caps.length;
        for (const candidate of plainer(wish)) expect(weight(candidate)).toBeLessThan(weight(wish));
        expect([...plainer(PLAINEST)]).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("random programs", () => {
  const programs = Array.from({ length: 400 }, (_, n) => randomQuestion(7, n * 3 + 2));

  test("are right by the format, and come among the calls", () => {
    for (const { vector } of programs) {
      expect(vector.group).toBe("random.program");
      expect(parseVector(JSON.stringify(vector), vector.id)).toEqual(vector);
    }
    expect(randomQuestion(7, 0).vector).toEqual(randomCase(7, 0).vector);
    const text = JSON.stringify(programs.map(({ vector }) => vector.program));
    for (const name of ["fork", "clone", "wait4", "waitid", "kill", "unshare", "setpgid", "exit_group"])
      expect(text, name).toContain(`"name":"${name}"`);
  });

  test("shrink to the steps that matter", async () => {
    const wish: ProgramWish = {
      arch: "i386",
      nsLevel: 2,
      nsInit: false,
      list: [
        { name: "getpid", args: [] },
        {
          name: "fork",
          args: [],
          child: [
            { name: "pause", args: [] },
            { name: "dup", args: [1] },
          ],
        },
        { name: "kill", args: [{ step: 1 }, 9] },
        { name: "wait4", args: [{ step: 1 }, 0, 0, 0] },
      ],
    };
    const kills = (vector: Vector): boolean =>
      vector.program.some((o) => o.op === "sys" && o.name === "kill" && typeof o.args[0] === "object");
    const { vector } = await shrink(programQuestion("p", wish), async (each) =>
      kills(each) ? { status: "failed", differences: [] } : { status: "passed" },
    );
    expect([vector.arch, vector.nsLevel, vector.nsInit]).toEqual(["x86_64", 1, true]);
    expect(vector.program).toEqual([
      { op: "sys", label: "s0", name: "fork", nr: 57, args: [], child: [] },
      { op: "sys", label: "s1", name: "kill", nr: 62, args: [{ ret: "s0" }, 9] },
    ]);
  });

  test("break no emulated kernel down", () => {
    const kernel = new EmulatedKernel();
    for (const { vector } of programs) {
      const outcome = kernel.run(vector);
      expect(isSkipped(outcome) ? outcome.skipped : outcome.defect, vector.id).toBeUndefined();
    }
  });
});

test("no random case breaks the emulated kernel down", () => {
  const kernel = new EmulatedKernel();
  for (const { vector } of cases.slice(0, 500)) {
    const outcome = kernel.run(vector);
    expect(isSkipped(outcome) ? outcome.skipped : outcome.defect, vector.id).toBeUndefined();
  }
});
