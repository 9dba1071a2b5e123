import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Vector } from "../../../src/conform/index.ts";
import { caseWith } from "../cases.ts";
import { answerOf, children, kernel, leftovers, retOf, sys } from "./machine.ts";

const SIGKILL = 9;
const SIGSTOP = 19;
const SIGSEGV = 11;
const PAUSE = sys("p", "pause");

let bystander: ChildProcess;
beforeAll(async () => {
  bystander = spawn("sleep", ["1000"], { stdio: "ignore" });
  await once(bystander, "spawn");
});
afterAll(async () => {
  expect(bystander.exitCode, "somebody outside is alive").toBeNull();
  bystander.kill("SIGKILL");
  await kernel.close();
});
afterEach(async () => {
  expect(leftovers()).toEqual([]);
  const next = await kernel.run(caseWith());
  expect("skipped" in next || retOf(next, "me") === 1, "the next case is answered").toBe(true);
});

const LEVELS: readonly Partial<Vector>[] = [
  { nsLevel: 0, nsInit: false },
  { nsLevel: 1, nsInit: true },
  { nsLevel: 1, nsInit: false },
  { nsLevel: 3, nsInit: false },
];

describe("a case that kills", () => {
  test("everybody it sees, reaches nobody outside", async (context) => {
    for (const nsInit of [true, false]) {
      const program = [
        ...children(3, [PAUSE]),
        sys("k", "kill", [-1, SIGKILL]),
        sys("w", "wait4", [-1, 0, 0, 0]),
      ];
      const answer = await answerOf(caseWith({ nsInit, program }), context);
      expect(retOf(answer, "k")).toBe(0);
      expect(retOf(answer, "w")).toBe(nsInit ? 2 : 3);
      expect(answer.mainCompleted).toBe(true);
    }
  });

  test("its process group, reaches nobody outside", async (context) => {
    for (const level of LEVELS.slice(1)) {
      const program = [...children(3, [PAUSE]), sys("k", "kill", [0, SIGKILL]), sys("me", "getpid")];
      const answer = await answerOf(caseWith({ ...level, program }), context);
      // An init does not die of what it sends itself.
      expect(answer.mainCompleted).toBe(level.nsInit);
      expect(answer.mainWaitStatus).toBe(level.nsInit ? 0 : SIGKILL);
    }
  });

  test("the init it has been made by, does not", async (context) => {
    const program = [sys("k", "kill", [1, SIGKILL]), sys("me", "getpid")];
    const answer = await answerOf(caseWith({ nsInit: false, program }), context);
    expect([retOf(answer, "k"), retOf(answer, "me"), answer.mainWaitStatus]).toEqual([0, 2, 0]);
  });

  test("on level 0, is not run", async () => {
    const program = [sys("k", "kill", [0, 0])];
    expect(await kernel.run(caseWith({ nsLevel: 0, nsInit: false, program }))).toEqual({
      skipped: "kill on level 0 reaches everybody",
    });
  });
});

describe("a case that does not end is put down", () => {
  test("at every level, with all it has made", async (context) => {
    for (const level of LEVELS) {
      const list = level.nsLevel === 0 ? children(3, [PAUSE]) : children(20, [PAUSE]);
      const answer = await answerOf(caseWith({ ...level, program: [...list, PAUSE] }), context);
      expect(answer.mainCompleted).toBe(false);
      expect(answer.mainWaitStatus).toBeNull();
      expect(answer.results.p).toEqual({ notReached: true });
    }
  });

  test("when it waits for a child that shares its memory", async (context) => {
    for (const level of LEVELS) {
      const program = [sys("v", "vfork", [], { child: [PAUSE], childSharesVm: true })];
      expect((await answerOf(caseWith({ ...level, program }), context)).mainWaitStatus).toBeNull();
    }
  });

  test("when it has stopped", async (context) => {
    const program = [sys("me", "getpid"), sys("k", "kill", [{ ret: "me" }, SIGSTOP])];
    expect((await answerOf(caseWith({ nsInit: false, program }), context)).mainWaitStatus).toBeNull();
  });

  test("but not while it sleeps for less than the patience there is", async (context) => {
    const regions = [
      { addr: 0x10000000, size: 4096, prot: "rw-", fill: "00", data: [{ off: 8, hex: "80f0fa02" }] },
    ];
    const program = [sys("n", "nanosleep", [0x10000000, 0])];
    const answer = await answerOf(caseWith({ regions, program }), context);
    expect(retOf(answer, "n")).toBe(0);
  });
});

describe("what a case leaves behind ends with it", () => {
  test("a task that has fled: another session, another parent, no death signal", async (context) => {
    for (const level of LEVELS) {
      const loose = { noPdeathsig: true as const };
      const inner = sys("ff", "fork", [], { child: [sys("s2", "setsid"), PAUSE], ...loose });
      const program = [
        sys("f", "fork", [], { child: [sys("s", "setsid"), inner], ...loose }),
        sys("w", "wait4", [-1, 0, 0, 0]),
      ];
      const answer = await answerOf(caseWith({ ...level, program }), context);
      expect(retOf(answer, "w")).toBe(retOf(answer, "f"));
      expect(answer.mainWaitStatus).toBe(0);
    }
  });
});

describe("a case that breaks what it runs on", () => {
  test("has no descriptors but its own", async (context) => {
    const program = [
      ...[3, 4, 5].map((fd) => sys(`write${fd}`, "write", [fd, 0, 1])),
      ...[0, 1, 2, 0].map((fd, i) => sys(`close${i}`, "close", [fd])),
    ];
    const answer = await answerOf(caseWith({ program }), context);
    expect(program.map(({ label }) => retOf(answer, label))).toEqual([-9, -9, -9, 0, 0, 0, -9]);
  });

  test("takes away the memory under its own feet", async (context) => {
    const program = [sys("m", "munmap", [0, "0x7ffffffff000"]), sys("me", "getpid")];
    const answer = await answerOf(caseWith({ nsInit: false, program }), context);
    expect([retOf(answer, "m"), answer.mainWaitStatus]).toEqual([null, SIGSEGV]);
  });
});
