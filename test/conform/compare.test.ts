import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Answer,
  compare,
  type Expect,
  expectationOf,
  parseVector,
  type Vector,
} from "../../src/conform/index.ts";
import { caseWith } from "./cases.ts";

/** A case that makes a child, dumps a page in both tasks and looks at registers. */
const vector: Vector = caseWith({
  regions: [{ addr: "0x10000000", size: 4096, prot: "rw-", fill: "00" }],
  dump: [{ addr: "0x10000000", size: 4096 }],
  program: [
    { op: "sys", label: "c", nr: 57, args: [], child: [{ op: "sys", label: "c_pid", nr: 39, args: [] }] },
    { op: "sys", label: "f", nr: 1, args: [99, 0, 0], captureRegs: true },
  ],
});

/** What a kernel could answer, all numbers of the run being those given. */
function answer(
  parts: { readonly self?: number; readonly child?: number; readonly ip?: bigint } = {},
): Answer {
  const { self = 1, child = 2, ip = 0x400010n } = parts;
  return {
    results: { c: { ret: BigInt(child) }, c_pid: { ret: BigInt(child) }, f: { ret: -9n } },
    memory: {
      main: [
        { addr: 0x10000000, value: child },
        { addr: 0x10000004, value: 0xaabbccdd },
        { addr: 0x10000010, value: 7 },
      ],
      c: [],
    },
    pids: { c: [child + 1000, child] },
    regs: { f: { ax: 2n ** 64n - 9n, cx: ip, ip, bx: 5n } },
    mainCompleted: true,
    mainWaitStatus: 0,
    self,
    parent: 0,
  };
}

const recordingOf = (v: Vector, ...answers: [Answer, ...Answer[]]): Expect => {
  const { expect: recorded, unstable } = expectationOf(v, answers);
  expect(unstable).toEqual([]);
  return recorded;
};

describe("an answer recorded", () => {
  test("is written with symbols for what depends on the run, and nothing else", () => {
    const level0 = { ...vector, nsLevel: 0, nsInit: false };
    const first = { ...answer({ self: 500, child: 501 }), pids: { c: [501] } };
    const second = { ...answer({ self: 700, child: 702 }), pids: { c: [702] } };
    expect(recordingOf(level0, first, second)).toEqual({
      results: { c: { ret: "@c" }, c_pid: { ret: "@c" }, f: { errno: "EBADF", ret: -9 } },
      memory: {
        main: [
          { addr: "0x10000000", pid: "@c" },
          { addr: "0x10000004", hex: "ddccbbaa" },
          { addr: "0x10000010", hex: "07000000" },
        ],
        c: [],
      },
      pids: { c: ["@c"] },
      regs: { f: { ax: "0xfffffffffffffff7", cx: "@rip", bx: "0x5" } },
      mainCompleted: true,
      mainWaitStatus: 0,
    });
  });

  test("above level 0 has plain numbers, and * for what another level gave", () => {
    const again = { ...answer(), pids: { c: [2000, 2] } };
    const recorded = recordingOf(vector, answer(), again);
    expect(recorded.results).toEqual({ c: { ret: 2 }, c_pid: { ret: 2 }, f: { errno: "EBADF", ret: -9 } });
    expect(recorded.pids).toEqual({ c: ["*", 2] });
    expect(recorded.memory.main).toEqual([
      { addr: "0x10000000", hex: "02000000ddccbbaa" },
      { addr: "0x10000010", hex: "07000000" },
    ]);
  });

  test("has * for level 0 alone: every other level is the case's own", () => {
    const nested = { ...vector, nsLevel: 2 };
    const deep = { ...answer(), pids: { c: [1002, 3, 2] } };
    expect(expectationOf(nested, [deep]).expect.pids).toEqual({ c: ["*", 3, 2] });
    expect(recordingOf(nested, deep, { ...deep, pids: { c: [1003, 3, 2] } }).pids).toEqual({
      c: ["*", 3, 2],
    });
    expect(recordingOf(nested, deep, deep).pids).toEqual({ c: [1002, 3, 2] });
    const other = { ...deep, pids: { c: [1002, 4, 2] } };
    expect(expectationOf(nested, [deep, other]).unstable).toEqual(["pids.c[1]"]);
  });

  test("has long runs of one byte as such", () => {
    const words = Array.from({ length: 20 }, (_, i) => ({ addr: 0x10000100 + 4 * i, value: 0x01010101 }));
    const recorded = recordingOf(vector, { ...answer(), memory: { main: words, c: [] } });
    expect(recorded.memory.main).toEqual([{ addr: "0x10000100", len: 80, fill: "01" }]);
  });

  test.each<[string, Answer, string[]]>([
    ["another result", { ...answer(), results: { ...answer().results, f: { ret: -1n } } }, ["f"]],
    [
      "a call that returned but once",
      { ...answer(), results: { ...answer().results, c_pid: { notReached: true } } },
      ["c_pid"],
    ],
    [
      "another word",
      {
        ...answer(),
        memory: {
          ...answer({ child: 2 }).memory,
          main: [...(answer().memory.main ?? []).slice(0, 2), { addr: 0x10000010, value: 8 }],
        },
      },
      ["memory.main 0x10000010"],
    ],
    [
      "fewer words",
      { ...answer(), memory: { ...answer().memory, main: [{ addr: 0x10000000, value: 2 }] } },
      ["memory.main"],
    ],
    [
      "a word in one only",
      { ...answer(), memory: { ...answer().memory, c: [{ addr: 0x10000000, value: 1 }] } },
      ["memory.c"],
    ],
    ["a dump in one only", { ...answer(), memory: { main: answer().memory.main ?? [] } }, ["memory"]],
    ["another pid of its own", { ...answer(), pids: { c: [1002, 3] } }, ["pids.c[1]"]],
    ["another depth", { ...answer(), pids: { c: [2] } }, ["pids.c"]],
    ["another register", { ...answer(), regs: { f: { ...answer().regs.f, bx: 6n } } }, ["regs.f.bx"]],
    ["another end", { ...answer(), mainWaitStatus: 9 }, ["mainWaitStatus"]],
  ])("is unstable: %s", (_, other, unstable) => {
    for (const both of [
      [answer(), other],
      [other, answer()],
    ] as [Answer, Answer][])
      for (const place of unstable) expect(expectationOf(vector, both).unstable).toContain(place);
  });

  test("is a case of the format again", () => {
    const line = JSON.stringify({ ...vector, expect: recordingOf(vector, answer()) });
    expect(compare(parseVector(line, "x"), parseVector(line, "x").expect as Expect, answer())).toEqual([]);
  });
});

describe("comparison", () => {
  const recorded = recordingOf(vector, answer());
  const places = (expected: Expect, got: Answer): string[] =>
    compare(vector, expected, got).map((d) => d.where);

  test("finds what is recorded in what it was recorded from, whatever the numbers", () => {
    const number = fc.integer({ min: 300, max: 4_194_303 });
    fc.assert(
      fc.property(number, number, fc.bigInt({ min: 0n, max: 2n ** 47n }), (self, child, ip) => {
        fc.pre(self !== child);
        const level0 = { ...vector, nsLevel: 0, nsInit: false };
        const one = { ...answer({ self, child, ip }), pids: { c: [child] } };
        const two = { ...answer({ self: self + 1, child: child + 3, ip }), pids: { c: [child + 3] } };
        expect(compare(level0, recordingOf(level0, one, two), one)).toEqual([]);
        expect(compare(level0, recordingOf(level0, one), one)).toEqual([]);
      }),
    );
  });

  test.each<[string, Partial<Answer>, string[]]>([
    ["a result", { results: { ...answer().results, f: { ret: -14n } } }, ["f"]],
    ["a call that is not reached", { results: { ...answer().results, f: { notReached: true } } }, ["f"]],
    [
      "a word",
      { memory: { main: [{ addr: 0x10000000, value: 3 }, ...(answer().memory.main ?? []).slice(1)], c: [] } },
      ["memory.main 0x10000000"],
    ],
    [
      "a word too many",
      { memory: { ...answer().memory, c: [{ addr: 0x10000ffc, value: 1 }] } },
      ["memory.c 0x10000ffc"],
    ],
    [
      "a word too few",
      { memory: { main: (answer().memory.main ?? []).slice(0, 2), c: [] } },
      ["memory.main 0x10000010"],
    ],
    ["no dump", { memory: { main: answer().memory.main ?? [] } }, ["memory.c"]],
    ["a pid", { pids: { c: [1002, 3] } }, ["pids.c"]],
    ["no pid", { pids: {} }, ["pids.c"]],
    ["a pid nobody asked for", { pids: { ...answer().pids, main: [1] } }, ["pids.main"]],
    ["a register", { regs: { f: { ...answer().regs.f, bx: 6n } } }, ["regs.f.bx"]],
    ["the next instruction", { regs: { f: { ...answer().regs.f, cx: 6n } } }, ["regs.f.cx"]],
    ["no registers", { regs: {} }, ["regs.f"]],
    ["the end", { mainCompleted: false, mainWaitStatus: null }, ["mainCompleted", "mainWaitStatus"]],
    ["a breakdown", { defect: "getpid: Error: no" }, ["kernel"]],
  ])("sees %s", (_, parts, where) => {
    expect(places(recorded, { ...answer(), ...parts })).toEqual(where);
  });

  test("a symbol stands for one number in the whole case, and never for a failure", () => {
    const symbolic: Expect = {
      ...recorded,
      results: { ...recorded.results, c: { ret: "@c" }, c_pid: { ret: "@c" } },
    };
    expect(places(symbolic, answer())).toEqual([]);
    expect(places(symbolic, { ...answer(), results: { ...answer().results, c_pid: { ret: 3n } } })).toEqual([
      "c_pid",
    ]);
    const failed = { c: { ret: -11n }, c_pid: { ret: -11n }, f: { ret: -9n } };
    expect(places(symbolic, { ...answer(), results: failed })).toEqual(["c", "c_pid"]);
    for (const [symbol, good, bad] of [
      ["@self", 1n, 2n],
      ["@parent", 0n, 1n],
    ] as const) {
      const one: Expect = { ...recorded, results: { ...recorded.results, c_pid: { ret: symbol } } };
      expect(places(one, { ...answer(), results: { ...answer().results, c_pid: { ret: good } } })).toEqual(
        [],
      );
      expect(places(one, { ...answer(), results: { ...answer().results, c_pid: { ret: bad } } })).toEqual([
        "c_pid",
      ]);
    }
    const any: Expect = { ...recorded, results: { ...recorded.results, f: { ret: "*" } } };
    expect(places(any, answer())).toEqual([]);
    expect(places(any, { ...answer(), results: { ...answer().results, f: { notReached: true } } })).toEqual([
      "f",
    ]);
    const nobody: Expect = { ...recorded, results: { ...recorded.results, f: { ret: "@rip" } } };
    expect(places(nobody, answer())).toEqual(["f"]);
  });

  test("a result has the width of its entry", () => {
    const high = { ...recorded, results: { ...recorded.results, f: { ret: "0xb7fff000" } } };
    const got = { ...answer(), results: { ...answer().results, f: { ret: BigInt(0xb7fff000 | 0) } } };
    expect(compare({ ...vector, arch: "i386" }, high, got)).toEqual([]);
    expect(compare({ ...vector, arch: "int80" }, high, got)).toHaveLength(1);
  });
});
