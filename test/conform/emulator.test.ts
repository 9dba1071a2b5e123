import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Answer,
  EmulatedKernel,
  isSkipped,
  type Operation,
  parseVector,
  type Vector,
} from "../../src/conform/index.ts";
import { caseWith } from "./cases.ts";

const kernel = new EmulatedKernel("cwp-v3");

function answerOf(vector: Vector): Answer {
  const outcome = kernel.run(parseVector(JSON.stringify(vector), "case"));
  if (isSkipped(outcome)) throw new Error(outcome.skipped);
  expect(outcome.defect).toBeUndefined();
  return outcome;
}

const NR = {
  x86_64: { getpid: 39, getppid: 110, fork: 57, vfork: 58, clone: 56, wait4: 61, kill: 62, exit_group: 231 },
  i386: { getpid: 20, getppid: 64, fork: 2, vfork: 190, clone: 120, wait4: 114, kill: 37, exit_group: 252 },
} as const;
const { x86_64: X } = NR;
const sys = (
  label: string,
  nr: number | string,
  ...args: (number | string | { ret: string })[]
): Operation & { op: "sys" } => ({
  op: "sys",
  label,
  nr,
  args,
});
const RW = { addr: "0x10000000", size: 8192, prot: "rw-", fill: "aa" } as const;
const DUMP = { addr: "0x10000000", size: 8192 } as const;
const ret = (n: number | bigint): object => ({ ret: BigInt(n) });
const GONE = { notReached: true };

describe("an i386 program", () => {
  const program = [sys("c", 337, 17, 0, 0, 0, 0, 0)].map((op) => ({ ...op, child: [] }));

  test("runs on a 64-bit kernel, whose compat table has no clone_with_pids", () => {
    expect(answerOf(caseWith({ arch: "i386", program })).results).toEqual({ c: ret(-38) });
  });

  test("runs on a 32-bit kernel when the case says so", () => {
    const vector = caseWith({
      arch: "i386",
      kernel: "i386",
      program,
      provenance: { by: "rules", rules: [] },
    });
    expect(answerOf(vector).results).toEqual({ c: ret(2) });
  });
});

describe("where the main task lives", () => {
  test.each([
    [0, false, [3]],
    [1, true, [3, 1]],
    [1, false, [4, 2]],
    [2, true, [4, 2, 1]],
    [3, false, [6, 4, 3, 2]],
  ] as const)("level %i, init %s: %j", (nsLevel, nsInit, pids) => {
    for (const arch of ["x86_64", "i386", "int80"] as const) {
      const nr = NR[arch === "x86_64" ? "x86_64" : "i386"];
      const answer = answerOf(
        caseWith({
          arch,
          nsLevel,
          nsInit,
          program: [sys("me", nr.getpid), sys("up", nr.getppid), { op: "nspid", of: "main" }],
        }),
      );
      expect(answer.pids).toEqual({ main: pids });
      expect(answer.self).toBe(pids.at(-1));
      expect(answer.parent).toBe(nsLevel === 0 ? 2 : nsInit ? 0 : 1);
      expect(answer.results).toEqual({ me: ret(answer.self), up: ret(answer.parent) });
      expect(answer).toMatchObject({ mainCompleted: true, mainWaitStatus: 0 });
      expect(answer.unsupported).toBeUndefined();
    }
  });

  test("it has the capabilities of the case, and no other", () => {
    const newuts = [sys("u", 272, 0x4000000)];
    expect(answerOf(caseWith({ program: newuts })).results.u).toEqual(ret(0));
    expect(answerOf(caseWith({ program: newuts, caps: ["CAP_SYS_ADMIN"] })).results.u).toEqual(ret(0));
    for (const caps of ["none", ["CAP_SYS_PTRACE"]] as const)
      expect(answerOf(caseWith({ program: newuts, caps })).results.u).toEqual(ret(-1));
  });
});

describe("children", () => {
  test("run their list when the call has made them, and exit with what the case says", () => {
    const answer = answerOf(
      caseWith({
        regions: [RW],
        dump: [DUMP],
        program: [
          {
            ...sys("c", X.fork),
            child: [sys("c_pid", X.getpid), sys("c_up", X.getppid), { op: "nspid", of: "c" }],
            childExit: 7,
          },
          sys("w", X.wait4, { ret: "c" }, "0x10000004", 0, 0),
        ],
      }),
    );
    expect(answer.results).toEqual({ c: ret(2), c_pid: ret(2), c_up: ret(1), w: ret(2) });
    expect(answer.pids).toEqual({ c: [4, 2] });
    expect(answer.memory).toEqual({ main: [{ addr: 0x10000004, value: 0x700 }] });
  });

  test("of a call that failed never run", () => {
    const program = [{ ...sys("c", X.clone, 0x800), child: [sys("x", X.getpid)], childDump: true }];
    const answer = answerOf(caseWith({ regions: [RW], dump: [DUMP], program }));
    expect(answer.results).toEqual({ c: ret(-22), x: GONE });
    expect(answer.memory).toEqual({ main: [] });
  });

  test("run after a parent that does not wait, and are never reached when it ends first", () => {
    const program = [{ ...sys("c", X.fork), child: [sys("x", X.getpid)] }, sys("me", X.getpid)];
    expect(answerOf(caseWith({ program })).results).toEqual({ c: ret(2), x: GONE, me: ret(1) });
  });

  test("of vfork run first, on the same memory", () => {
    const vfork = {
      ...sys("c", X.vfork),
      child: [sys("s", X.clone, 0x100011, 0, "0x10000010")],
      childSharesVm: true,
    };
    const program = [vfork, sys("w", X.wait4, { ret: "c" }, 0, 0, 0)];
    const outcome = kernel.run(caseWith({ regions: [RW], dump: [DUMP], program }));
    expect(outcome).toEqual({ skipped: 's makes a task and has no list for it: add "child":[]' });
    const program2 = [
      { ...vfork, child: [{ ...sys("s", X.clone, 0x100011, 0, "0x10000010"), child: [] }] },
      program[1] as Operation,
    ];
    const answer = answerOf(caseWith({ regions: [RW], dump: [DUMP], program: program2 }));
    expect(answer.results).toEqual({ c: ret(2), s: ret(3), w: ret(2) });
    expect(answer.memory.main).toEqual([{ addr: 0x10000010, value: 3 }]);
  });

  test("of a fork have memory of their own, and are dumped before they exit", () => {
    const program = [
      {
        ...sys("c", X.fork),
        child: [{ ...sys("s", X.clone, 0x100011, 0, "0x10000ffc"), child: [] }],
        childDump: true,
      },
      sys("w", X.wait4, { ret: "c" }, 0, 0, 0),
    ];
    const answer = answerOf(caseWith({ regions: [RW], dump: [DUMP], program }));
    expect(answer.memory).toEqual({ c: [{ addr: 0x10000ffc, value: 3 }], main: [] });
  });

  test("die with their parent unless the case says otherwise", () => {
    const fork = (label: string, child: Operation[] = [], more: object = {}): Operation => ({
      ...sys(label, X.fork),
      child,
      ...more,
    });
    const wait = (of: string): Operation => sys(`w_${of}`, X.wait4, { ret: of }, 0, 0, 0);
    // While a waits for d, b comes to its wait for e; then a exits, and e has not run yet.
    const play = (more: object): Answer["results"] =>
      answerOf(
        caseWith({
          program: [
            fork("a", [fork("b", [fork("e"), wait("e")], more), fork("d"), wait("d")]),
            wait("a"),
            sys("any", X.wait4, -1, 0, 0, 0),
          ],
        }),
      ).results;
    expect(play({})).toMatchObject({ e: ret(5), w_e: GONE, w_d: ret(4), w_a: ret(2), any: ret(3) });
    for (const spared of ["noPdeathsig", "childSharesVm"])
      expect(play({ [spared]: true })).toMatchObject({ e: ret(5), w_e: ret(5), w_d: ret(4), any: ret(3) });
  });
});

test("a task starts with what its maker had the kernel write for it", () => {
  const program = [
    { ...sys("c", X.clone, 0x1000011, 0, 0, "0x10000008"), child: [], childDump: true },
    sys("w", X.wait4, { ret: "c" }, 0, 0, 0),
  ];
  const { memory } = answerOf(caseWith({ regions: [RW], dump: [DUMP], program }));
  expect(memory).toEqual({ c: [{ addr: 0x10000008, value: 2 }], main: [] });
});

test("a task that is gone has no pids any more", () => {
  const program: Operation[] = [
    { ...sys("c", X.fork), child: [] },
    { op: "nspid", of: "main" },
    { op: "nspid", of: "c" },
  ];
  expect(Object.keys(answerOf(caseWith({ program })).pids)).toEqual(["main", "c"]);
  program.splice(1, 0, sys("w", X.wait4, { ret: "c" }, 0, 0, 0));
  expect(Object.keys(answerOf(caseWith({ program })).pids)).toEqual(["main"]);
});

test("each case has its own era, and pages their own rights", () => {
  const each = new EmulatedKernel();
  const set = {
    addr: "0x10000000",
    size: 4096,
    prot: "--x",
    fill: "00",
    data: [{ off: 0, hex: "01000000000000000001001000000000" }],
  };
  const program = [{ ...sys("c", 297, 0x20000011, 0, 0, 0, 0, "0x10000000"), child: [] }];
  const result = (profile: string, prot: string): unknown => {
    const outcome = each.run(caseWith({ profile, program, regions: [{ ...set, prot }] }));
    return isSkipped(outcome) ? outcome : outcome.results.c;
  };
  expect(result("cwp-v2-newpid", "--x")).toEqual(ret(2));
  expect(result("cwp-v2", "--x")).toEqual(ret(-22));
  expect(result("cwp-v2-newpid", "r--")).toEqual(ret(2));
  expect(result("cwp-v2-newpid", "-w-")).toEqual(ret(2));
  expect(result("cwp-v2-newpid", "---")).toEqual(ret(-14));
});

describe("ends", () => {
  test("nobody runs on when the main task has ended", () => {
    const program = [{ ...sys("c", X.fork), child: [sys("x", X.getpid)] }];
    expect(answerOf(caseWith({ nsInit: false, program })).results).toEqual({ c: ret(3), x: GONE });
  });

  test("a main task that exits by itself has not completed", () => {
    const answer = answerOf(caseWith({ program: [sys("x", X.exit_group, 3), sys("y", X.getpid)] }));
    expect(answer).toMatchObject({
      results: { x: GONE, y: GONE },
      mainCompleted: false,
      mainWaitStatus: 0x300,
    });
  });

  test("a main task that is killed has not completed", () => {
    const answer = answerOf(
      caseWith({ nsInit: false, program: [sys("k", X.kill, 2, 9), sys("y", X.getpid)] }),
    );
    expect(answer).toMatchObject({ results: { k: GONE, y: GONE }, mainCompleted: false, mainWaitStatus: 9 });
  });

  test("a main task that waits for ever has no wait status", () => {
    const inner = { ...sys("d", X.fork), child: [sys("dd", X.wait4, -1, 0, 0, 0)] };
    const program = [{ ...sys("c", X.fork), child: [] }, sys("w", X.wait4, 99, 0, 0, 0)];
    expect(answerOf(caseWith({ program }))).toMatchObject({ results: { w: ret(-10) }, mainWaitStatus: 0 });
    const stopped = [
      { ...sys("c", X.fork), child: [sys("k", X.kill, 2, 19), inner] },
      sys("w", X.wait4, { ret: "c" }, 0, 0, 0),
    ];
    expect(answerOf(caseWith({ program: stopped }))).toMatchObject({
      results: { c: ret(2), d: GONE, w: GONE },
      mainCompleted: false,
      mainWaitStatus: null,
    });
  });
});

describe("registers", () => {
  const regs = {
    bx: "0x1111111122222222",
    "8": 1,
    cx: 2,
    dx: "0xffffffffffffffff",
    sp: "0x10000800",
  } as const;

  test("are set before entry, and asked for after the return", () => {
    const program = [{ ...sys("x", -1), regs, flags: "0x602", captureRegs: true } as const];
    const { x } = answerOf(caseWith({ program })).regs;
    expect(x).toMatchObject({
      bx: 0x1111111122222222n,
      "8": 1n,
      dx: 2n ** 64n - 1n,
      sp: 0x10000800n,
      flags: 0x602n,
    });
    expect(x).toMatchObject({ ax: 2n ** 64n - 38n, cx: x?.ip, "11": 0x602n });
    const { x: int80 } = answerOf(caseWith({ arch: "int80", program })).regs;
    expect(int80).toMatchObject({ ax: 2n ** 64n - 38n, cx: 2n, bx: 0x1111111122222222n });
    const { x: i386 } = answerOf(caseWith({ arch: "i386", program })).regs;
    expect(i386).toMatchObject({ ax: 2n ** 32n - 38n, cx: 2n, bx: 0x22222222n, dx: 2n ** 32n - 1n });
    expect(Object.keys(i386 ?? {})).toEqual(["ax", "bx", "cx", "dx", "si", "di", "bp", "sp", "flags", "ip"]);
  });

  test("of a child are those it starts with", () => {
    const program = [
      { ...sys("c", X.fork), regs, child: [], captureChildRegs: true, captureRegs: true },
      sys("w", X.wait4, { ret: "c" }, 0, 0, 0),
    ];
    const { c, "child:c": child } = answerOf(caseWith({ program })).regs;
    expect(c).toMatchObject({ ax: 2n, bx: 0x1111111122222222n });
    expect(child).toEqual({ ...c, ax: 0n });
  });

  test("arguments win over registers, and have all their bits", () => {
    const program = [
      { ...sys("k", X.kill, "0x100000001", 0), regs: { di: 99 } },
      { ...sys("i", 1000000, "0x123456789abcdef0"), captureRegs: true },
    ];
    const answer = answerOf(caseWith({ program }));
    expect(answer.results.k).toEqual(ret(0));
    expect(answer.regs.i?.di).toBe(0x123456789abcdef0n);
  });
});

describe("calls that are not there", () => {
  const unsupported = (
    nr: number | string,
    arch: Vector["arch"] = "x86_64",
  ): readonly string[] | undefined => {
    const answer = answerOf(caseWith({ arch, program: [sys("x", nr)] }));
    return answer.unsupported;
  };

  test("are named when a kernel of the era has them, and are an answer when none has", () => {
    expect(unsupported(165)).toEqual(["mount"]);
    expect(unsupported("0xffffffff000000a5")).toEqual(["mount"]);
    expect(unsupported(21, "i386")).toEqual(["mount"]);
    expect(unsupported(21, "int80")).toEqual(["mount"]);
    for (const nobodys of [-1, "0xffffffffffffffff", 174, 400, 1_000_000, "0x40000000"])
      expect(unsupported(nobodys), String(nobodys)).toBeUndefined();
    expect(unsupported(17, "i386")).toBeUndefined();
    expect(unsupported(439), "faccessat2 came long after 2.6.31").toBeUndefined();
  });
});

test("memory that was not mapped at the start counts as zeros, and as unchanged where it cannot be read", () => {
  const program = [{ ...sys("s", X.clone, 0x100011, 0, "0x10000ffc"), child: [] }];
  const dump = [{ addr: "0x0ffff000", size: 12288 }];
  const regions = [
    { ...RW, size: 4096 },
    { addr: "0x10001000", size: 4096, prot: "---", fill: "bb" },
  ];
  const answer = answerOf(caseWith({ regions, dump, program }));
  expect(answer.memory).toEqual({ main: [{ addr: 0x10000ffc, value: 2 }] });
});

test("a profile nobody knows is a reason not to run", () => {
  expect(new EmulatedKernel().run(caseWith({ profile: "toString" }))).toEqual({
    skipped: "trapgate has no profile toString",
  });
});

describe("laws", () => {
  const word = fc.oneof(
    fc.constantFrom<number | string>(
      0,
      1,
      2,
      17,
      -1,
      "0x10000000",
      "0x10000ffc",
      "0x13370000",
      "0x8000000000000000",
    ),
    fc.integer({ min: -5, max: 0x7fffffff }),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((n) => `0x${n.toString(16)}`),
  );
  const nr = fc.oneof(
    fc.constantFrom(...Object.values(X), ...Object.values(NR.i386)),
    fc.integer({ min: -2, max: 460 }),
  );
  let labels = 0;
  const operation = (depth: number): fc.Arbitrary<Operation> =>
    fc
      .record({
        nr,
        args: fc.array(word, { maxLength: 6 }),
        child: depth === 0 ? fc.constant([]) : fc.array(operation(depth - 1), { maxLength: 3 }),
        captureRegs: fc.boolean(),
        childDump: fc.boolean(),
      })
      .map((parts) => ({ op: "sys" as const, label: `l${labels++}`, ...parts }));
  const vector = fc
    .record({
      arch: fc.constantFrom<Vector["arch"]>("x86_64", "i386", "int80"),
      nsLevel: fc.integer({ min: 0, max: 3 }),
      caps: fc.constantFrom<Vector["caps"]>("all", "none", ["CAP_SYS_ADMIN"]),
      program: fc.array(operation(2), { maxLength: 6 }),
      init: fc.boolean(),
    })
    .map(({ init, ...parts }) =>
      caseWith({ ...parts, nsInit: init && parts.nsLevel > 0, regions: [RW], dump: [DUMP] }),
    );

  test("no case throws or breaks the kernel down, and one case has one answer, whatever was run before it", () => {
    fc.assert(
      fc.property(vector, (random) => {
        const first = kernel.run(random);
        if (!isSkipped(first)) expect(first.defect).toBeUndefined();
        expect(kernel.run(random)).toEqual(first);
        const traced = kernel.run(random, () => {});
        expect(traced).toEqual(first);
      }),
      { numRuns: 150 },
    );
  });
});
