import { describe, expect, test } from "vitest";
import { CLONE } from "../../../src/abi/structs/index.ts";
import { census, withoutCursors } from "../support/census.ts";
import { ERAS, TITLE } from "../support/eras.ts";
import { expectFailure, Lab, numbersOf } from "../support/lab.ts";

describe.each(ERAS)(`Choosing one number, ${TITLE}`, (era) => {
  test("A-40 a slot of 0 goes to the ordinary allocator: the number after last_pid", () => {
    const lab = new Lab(era, { level: 1 });
    const { pidNs } = lab.caller.task;
    for (let i = 0; i < 5; i++) {
      const next = pidNs.lastPid + 1;
      expect(lab.clone({ pids: [0] })).toBe(next);
      expect(pidNs.lastPid).toBe(next);
    }
    pidNs.lastPid = 4000;
    expect(lab.clone({ pids: [0] })).toBe(4001);
  });

  test("A-41 a negative number is EINVAL", () => {
    const lab = new Lab(era, { level: 1 });
    for (const nr of [-1, -5, -300, -0x8000_0000]) {
      expectFailure(lab, lab.clone({ pids: [nr] }), "EINVAL", "pid-negative");
      expectFailure(lab, lab.clone({ pids: [nr, 0] }), "EINVAL", "pid-negative");
    }
  });

  test("A-42 a number not below pid_max is EINVAL; pid_max is one number for the whole machine", () => {
    const standard = new Lab(era, { level: 1 });
    expect(standard.clone({ pids: [32_767] })).toBe(32_767);
    expectFailure(standard, standard.clone({ pids: [32_768] }), "EINVAL", "pid-beyond-max");
    const small = new Lab(era, { level: 2, pidMax: 400 });
    expect(numbersOf(small.child({ pids: [399, 398, 397] }))).toEqual([399, 398, 397]);
    for (const pids of [[400], [401, 0], [400, 0, 0], [0x7fff_ffff]]) {
      expectFailure(small, small.clone({ pids }), "EINVAL", "pid-beyond-max");
    }
    small.machine.rootPidNs.pidMax = 350;
    expectFailure(small, small.clone({ pids: [350] }), "EINVAL", "pid-beyond-max");
    expect(small.clone({ pids: [349] })).toBe(349);
  });

  test("A-44 a number some task has is EBUSY, at whatever level", () => {
    const lab = new Lab(era, { level: 2 });
    const child = lab.child({ pids: [500, 77, 99] });
    for (const pids of [[99], [77, 0], [500, 0, 0], [500, 77, 99], [1], [0, 1, 0], [1, 0, 0]]) {
      expectFailure(lab, lab.clone({ pids }), "EBUSY", "pid-taken");
    }
    // 99 is a number of level 2 alone.
    expect(lab.clone({ pids: [99, 501] })).toBe(501);
    // A zombie keeps its numbers until it is reaped.
    child.call("exit", { error_code: 0 });
    expect(child.task.state).toBe("zombie");
    expectFailure(lab, lab.clone({ pids: [99] }), "EBUSY", "pid-taken");
    expect(lab.caller.call("wait4", { upid: 99 })).toBe(99);
    expect(numbersOf(lab.child({ pids: [500, 77, 99] }))).toEqual([500, 77, 99]);
  });

  test("A-44 a thread's number is taken like any other", () => {
    const lab = new Lab(era);
    const flags = CLONE.THREAD | CLONE.SIGHAND | CLONE.VM;
    const leader = lab.child({ pids: [40] });
    const thread = lab.child({ pids: [41], flags }, leader);
    expectFailure(lab, lab.clone({ pids: [41] }), "EBUSY", "pid-taken");
    thread.call("exit", { error_code: 0 });
    expect(lab.clone({ pids: [41] })).toBe(41);
  });

  test("A-44 a number that only a process group or a session still uses is EBUSY", () => {
    const lab = new Lab(era, { level: 1 });
    const group = lab.child({ pids: [60] });
    expect(group.call("setpgid", { pid: 0, pgid: 0 })).toBe(0);
    const member = lab.fork(group);
    lab.bury(group);
    expectFailure(lab, lab.clone({ pids: [60] }), "EBUSY", "pid-taken");
    expect(member.call("setpgid", { pid: 0, pgid: 0 })).toBe(0);
    expect(lab.clone({ pids: [60] })).toBe(60);

    const session = lab.child({ pids: [61] });
    expect(session.call("setsid")).toBe(61);
    const inSession = lab.fork(session);
    expect(inSession.call("setpgid", { pid: 0, pgid: 0 })).toBe(0);
    lab.bury(session);
    expect(inSession.call("getsid", { pid: 0 })).toBe(61);
    expectFailure(lab, lab.clone({ pids: [61] }), "EBUSY", "pid-taken");
    lab.bury(inSession);
    expect(lab.clone({ pids: [61] })).toBe(61);
  });

  test("A-45 a chosen number does not move last_pid", () => {
    const lab = new Lab(era, { level: 1 });
    const { pidNs } = lab.caller.task;
    const before = pidNs.lastPid;
    expect(lab.clone({ pids: [500] })).toBe(500);
    expect(lab.clone({ pids: [7] })).toBe(7);
    expect(pidNs.lastPid).toBe(before);
    expect(lab.fork().task.tid).toBe(before + 1);
    // Where the kernel chose, at the level above, the cursor did move.
    const [outer] = numbersOf(lab.child({ pids: [8] }));
    expect(lab.machine.rootPidNs.lastPid).toBe(outer);
  });

  test("A-45 the ordinary allocator steps over a number that was chosen", () => {
    const lab = new Lab(era);
    const next = lab.machine.rootPidNs.lastPid + 1;
    expect(lab.clone({ pids: [next] })).toBe(next);
    expect(lab.clone()).toBe(next + 1);
  });

  test("A-46 numbers 1 to 299 may be asked for, before and after the cursor has wrapped", () => {
    const lab = new Lab(era, { pidMax: 310 });
    expect(lab.clone({ pids: [200] })).toBe(200);
    expect(lab.clone({ pids: [299] })).toBe(299);
    for (let i = 0; i < 320; i++) lab.bury(lab.fork());
    expect(lab.machine.rootPidNs.lastPid).toBeGreaterThanOrEqual(300);
    for (const nr of [2, 5, 201, 298]) expect(lab.clone({ pids: [nr] })).toBe(nr);
    expectFailure(lab, lab.clone({ pids: [1] }), "EBUSY", "pid-taken");
  });

  test("A-47 levels are served innermost first, and the first failure wins", () => {
    const lab = new Lab(era, { level: 2 });
    lab.child({ pids: [500, 77, 99] });
    const wrong = { negative: -1, taken: 0, beyond: 32_768 };
    const errno = { negative: "EINVAL", taken: "EBUSY", beyond: "EINVAL" } as const;
    const rung = { negative: "pid-negative", taken: "pid-taken", beyond: "pid-beyond-max" } as const;
    const kinds = ["negative", "taken", "beyond"] as const;
    for (const inner of kinds) {
      for (const outer of kinds) {
        const taken = [500, 77, 99];
        const at = (kind: (typeof kinds)[number], level: number): number =>
          kind === "taken" ? (taken[level] ?? 0) : wrong[kind];
        for (const pids of [
          [at(outer, 1), at(inner, 2)],
          [at(outer, 0), 0, at(inner, 2)],
          [at(outer, 0), at(inner, 1), 0],
          [at(outer, 0), at(outer, 1), at(inner, 2)],
        ]) {
          expectFailure(lab, lab.clone({ pids }), errno[inner], rung[inner]);
        }
      }
    }
  });

  test("A-48 after a failure the inner numbers are free again", () => {
    const lab = new Lab(era, { level: 2 });
    const wish = { pids: [1, 66, 88] };
    lab.prepare(wish);
    const before = census(lab.machine);
    for (let i = 0; i < 3; i++) expectFailure(lab, lab.clone(wish), "EBUSY", "pid-taken");
    expect(census(lab.machine)).toEqual(before);
    expect(numbersOf(lab.child({ pids: [66, 88] })).slice(1)).toEqual([66, 88]);
  });

  test("A-48 a last_pid that moved at an inner level stays moved", () => {
    const lab = new Lab(era, { level: 2 });
    const [root, middle, own] = lab.inits.map((init) => init.task.pidNs);
    if (root === undefined || middle === undefined || own === undefined) throw new Error("three levels");
    const cursors = (): number[] => [root.lastPid, middle.lastPid, own.lastPid];
    const [a = 0, b = 0, c = 0] = cursors();
    const wish = { pids: [1, 0, 0] };
    lab.prepare(wish);
    const before = census(lab.machine);
    expectFailure(lab, lab.clone(wish), "EBUSY", "pid-taken");
    expect(cursors()).toEqual([a, b + 1, c + 1]);
    expect(withoutCursors(census(lab.machine))).toEqual(withoutCursors(before));
    expect(numbersOf(lab.child())).toEqual([a + 1, b + 2, c + 2]);
  });

  // rules.md §3.5: the 2.6.30 base gave ENOMEM, the series' own patch 2 gives EAGAIN on the exit that does not run into
  // Q-03; the series is what these profiles are. Pid 0 is never handed out (Q-03: do not copy).
  test("A-49 with all numbers in use the kernel finds none: EAGAIN, and never pid 0", () => {
    const lab = new Lab(era, { pidMax: 301 });
    for (let nr = 2; nr <= 300; nr++) expect(lab.clone()).toBe(nr);
    expectFailure(lab, lab.clone(), "EAGAIN", "pid-exhausted");
    expectFailure(lab, lab.clone({ pids: [0] }), "EAGAIN", "pid-exhausted");
    expectFailure(lab, lab.clone({ pids: [300] }), "EBUSY", "pid-taken");
    expectFailure(lab, lab.clone({ pids: [301] }), "EINVAL", "pid-beyond-max");
    expect(lab.machine.find(lab.machine.rootPidNs, 0)).toBeNull();
    expect([...lab.machine.rootPidNs.pids()].map((pid) => pid.numbers[0])).toEqual([...Array(301).keys()]);
    lab.bury(lab.caller.child(300));
    expect(lab.clone()).toBe(300);
  });

  test("A-49 a namespace that is full does not care that its parents are not", () => {
    const lab = new Lab(era, { level: 1, pidMax: 330 });
    const { pidNs } = lab.caller.task;
    // Below 300 the kernel chooses nothing once it has wrapped, so 30 numbers are all there is.
    pidNs.lastPid = 329;
    for (let nr = 300; nr < 330; nr++) expect(lab.clone()).toBe(nr);
    expectFailure(lab, lab.clone(), "EAGAIN", "pid-exhausted");
    expect(lab.clone({ pids: [2] })).toBe(2);
    expect(lab.caller.errno(lab.inits[0]?.call("fork") ?? null)).toBeNull();
  });
});

// On a 32-bit kernel pid_max cannot exceed one page of the map, and the first page comes with the namespace.
describe.each(ERAS.filter((era) => era.arch === "x86_64"))(`Choosing one number, ${TITLE}`, (era) => {
  test("A-43 no memory for a page of the map is ENOMEM", () => {
    const lab = new Lab(era, { level: 1, pidMax: 4_194_304 });
    lab.plan().failAllocation("1", "pidmap");
    expectFailure(lab, lab.clone({ pids: [40_000] }), "ENOMEM", "pid-no-memory");
    expect(lab.clone({ pids: [40_000] })).toBe(40_000);
    lab.plan().failAllocation("1+", "pidmap");
    expect(lab.clone({ pids: [40_001] })).toBe(40_001);
    expect(lab.clone({ pids: [32_767] })).toBe(32_767);
    expectFailure(lab, lab.clone({ pids: [4_194_303] }), "ENOMEM", "pid-no-memory");
    // The two ends are looked at before any page is.
    expectFailure(lab, lab.clone({ pids: [4_194_304] }), "EINVAL", "pid-beyond-max");
    expectFailure(lab, lab.clone({ pids: [-1] }), "EINVAL", "pid-negative");
  });

  test("A-43 the kernel's own choice needs the page as well", () => {
    const lab = new Lab(era, { pidMax: 100_000 });
    lab.machine.rootPidNs.lastPid = 32_767;
    lab.plan().failAllocation("1", "pidmap");
    expectFailure(lab, lab.clone(), "ENOMEM", "pid-no-memory");
    expect(lab.clone()).toBe(32_768);
  });
});
