import { describe, expect, test } from "vitest";
import { CLONE } from "../../../src/abi/structs/index.ts";
import { BASE, TITLE, V2_NEWPID, V3 } from "../support/eras.ts";
import { dropCapabilities, expectFailure, Lab, nest, numbersOf } from "../support/lab.ts";

const THREAD = CLONE.THREAD | CLONE.SIGHAND | CLONE.VM;

describe.each(BASE)(`The array, ${TITLE}`, (era) => {
  /** A caller at level 2, as in the RFC, and what the kernel would choose at each level. */
  function atLevel2(): { lab: Lab; next: readonly number[] } {
    const lab = new Lab(era, { level: 2 });
    return { lab, next: lab.inits.map((init) => init.task.pidNs.lastPid + 1) };
  }

  test("A-20 the order is oldest namespace first, slot 0 of a full array the initial one", () => {
    const { lab, next } = atLevel2();
    expect(numbersOf(lab.child({ pids: [0, 77, 99] }))).toEqual([next[0], 77, 99]);
    expect(numbersOf(lab.child({ pids: [500, 78, 100] }))).toEqual([500, 78, 100]);
  });

  test("A-21 a short array serves the youngest levels", () => {
    const { lab, next } = atLevel2();
    expect(numbersOf(lab.child({ pids: [99] }))).toEqual([next[0], next[1], 99]);
  });

  test("A-22 a short array of two serves the two youngest", () => {
    const { lab, next } = atLevel2();
    expect(numbersOf(lab.child({ pids: [77, 99] }))).toEqual([next[0], 77, 99]);
  });

  test("A-23 a slot of 0 leaves the choice to the kernel, and the capability is needed all the same", () => {
    const { lab, next } = atLevel2();
    expect(numbersOf(lab.child({ pids: [0] }))).toEqual(next);
    expect(numbersOf(lab.child({ pids: [0, 0, 0] }))).toEqual(next.map((nr) => nr + 1));
    expect(numbersOf(lab.child({ pids: [0, 77, 0] }))).toEqual([(next[0] ?? 0) + 2, 77, (next[2] ?? 0) + 2]);
    dropCapabilities(lab.caller);
    expectFailure(lab, lab.clone({ pids: [0] }), "EPERM", "not-capable");
  });

  test("A-24 the depth is that of the caller's own struct pid: at level L, L + 1 numbers", () => {
    const lab = new Lab(era, { level: 4 });
    for (const [level, guest] of lab.inits.entries()) {
      const pids = Array.from({ length: level + 1 }, (_, i) => 200 + 10 * level + i);
      expect(numbersOf(lab.child({ pids }, guest))).toEqual(pids);
      lab.clone({ pids: [...pids, 7] }, guest);
      expect(lab.rung).toBe("count-too-deep");
    }
  });

  test("A-24 a child of a deeper namespace's init is as deep as its struct pid", () => {
    const lab = new Lab(era, { level: 1 });
    const deeper = nest(lab.caller);
    const grandchild = lab.fork(deeper);
    expect(numbersOf(lab.child({ pids: [31, 32, 33] }, grandchild))).toEqual([31, 32, 33]);
  });

  test("A-28 the result is the child's number in the caller's own namespace", () => {
    const { lab } = atLevel2();
    expect(lab.clone({ pids: [77, 99] })).toBe(99);
    expect(lab.caller.child(99).task.nrIn(lab.inits[1]?.task.pidNs ?? lab.machine.rootPidNs)).toBe(77);
    const [init, middle] = lab.inits;
    if (init === undefined || middle === undefined) throw new Error("two levels at least");
    expect(lab.clone({ pids: [600, 601] }, middle)).toBe(601);
    expect(lab.clone({ pids: [602] }, init)).toBe(602);
  });

  test("A-29 a thread's tid can be chosen; its tgid stays", () => {
    const { lab } = atLevel2();
    const leader = lab.child({ pids: [70, 71, 72] });
    const thread = lab.child({ pids: [55, 56], flags: THREAD }, leader);
    expect(thread.task.groupLeader).toBe(leader.task);
    expect(thread.call("gettid")).toBe(56);
    expect(thread.call("getpid")).toBe(72);
    expect(leader.call("getpid")).toBe(72);
    expect(numbersOf(thread).slice(1)).toEqual([55, 56]);
  });

  test("A-30 the numbers apply to ancestors, never to a descendant of the caller's namespace", () => {
    const { lab } = atLevel2();
    const [init, middle] = lab.inits;
    if (init === undefined || middle === undefined) throw new Error("two levels at least");
    const below = nest(lab.caller);
    const child = lab.child({ pids: [501, 77, 99] });
    expect(lab.machine.find(init.task.pidNs, 501)).toBe(child.task);
    expect(lab.machine.find(middle.task.pidNs, 77)).toBe(child.task);
    expect(lab.machine.find(lab.caller.task.pidNs, 99)).toBe(child.task);
    expect(child.task.nrIn(below.task.pidNs)).toBe(0);
    expect([...below.task.pidNs.pids()]).toEqual([below.task.pid]);
  });
});

describe.each(V3)(`The array with CLONE_NEWPID, ${TITLE}`, (era) => {
  test("A-25 the new namespace's number is the kernel's choice, 1; the count refers to existing levels", () => {
    const lab = new Lab(era, { level: 2 });
    const flags = CLONE.NEWPID;
    const next = lab.inits.map((init) => init.task.pidNs.lastPid + 1);
    const child = lab.child({ flags, pids: [99] });
    expect(numbersOf(child)).toEqual([next[0], next[1], 99, 1]);
    expect(child.call("getpid")).toBe(1);
    expect(numbersOf(lab.child({ flags, pids: [77, 98] })).slice(1)).toEqual([77, 98, 1]);
    expect(numbersOf(lab.child({ flags, pids: [500, 78, 97] }))).toEqual([500, 78, 97, 1]);
    expect(numbersOf(lab.child({ flags, pids: [0, 0, 0] })).at(-1)).toBe(1);
  });

  test("A-26 pid 1 of the new namespace cannot be asked for", () => {
    const lab = new Lab(era, { level: 2 });
    for (const last of [1, 0, 5]) {
      const pids = [500, 77, 99, last];
      expectFailure(lab, lab.clone({ flags: CLONE.NEWPID, pids }), "EINVAL", "count-too-deep");
    }
    const top = new Lab(era);
    expectFailure(top, top.clone({ flags: CLONE.NEWPID, pids: [9, 1] }), "EINVAL", "count-too-deep");
  });
});

// Never coded in 2009: Oren Laadan's wish, carried out. rules.md does not say which rung a wrong last number has; the
// value is known once the array has been read, so it is A-14's place: after A-12, before the capability.
describe.each(V2_NEWPID)(`The array with CLONE_NEWPID, ${TITLE}`, (era) => {
  const flags = CLONE.NEWPID;

  test("A-27 the depth counts one more, and the last number is 1 or 0", () => {
    const lab = new Lab(era, { level: 2 });
    const next = lab.inits.map((init) => init.task.pidNs.lastPid + 1);
    expect(numbersOf(lab.child({ flags, pids: [1] }))).toEqual([...next, 1]);
    expect(numbersOf(lab.child({ flags, pids: [99, 1] })).slice(2)).toEqual([99, 1]);
    expect(numbersOf(lab.child({ flags, pids: [98, 0] })).slice(2)).toEqual([98, 1]);
    expect(numbersOf(lab.child({ flags, pids: [500, 77, 97, 1] }))).toEqual([500, 77, 97, 1]);
    expect(numbersOf(lab.child({ flags, pids: [501, 78, 96, 0] }))).toEqual([501, 78, 96, 1]);
    expectFailure(lab, lab.clone({ flags, pids: [1, 500, 77, 97, 1] }), "EINVAL", "count-too-deep");
  });

  test("A-27 any other last number is EINVAL, before the capability is asked for", () => {
    const lab = new Lab(era, { level: 1 });
    for (const last of [2, 99, -1, 0x7fff_ffff, -0x8000_0000]) {
      expectFailure(lab, lab.clone({ flags, pids: [last] }), "EINVAL", "newpid-not-init");
      expectFailure(lab, lab.clone({ flags, pids: [50, last] }), "EINVAL", "newpid-not-init");
    }
    dropCapabilities(lab.caller);
    expectFailure(lab, lab.clone({ flags, pids: [2] }), "EINVAL", "newpid-not-init");
    expectFailure(lab, lab.clone({ flags, pids: [1] }), "EPERM", "not-capable");
  });

  test("A-27 without CLONE_NEWPID nothing counts one more", () => {
    const lab = new Lab(era, { level: 1 });
    expectFailure(lab, lab.clone({ pids: [7, 8, 1] }), "EINVAL", "count-too-deep");
    expect(lab.clone({ pids: [8, 9] })).toBe(9);
  });
});
