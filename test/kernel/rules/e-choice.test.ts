import { describe, expect, test } from "vitest";
import { ECLONE, type Era, TITLE } from "../support/eras.ts";
import { expectFailure, Lab, numbersOf } from "../support/lab.ts";

/** A lab whose caller's own namespace has chosen numbers up to `last` by itself. */
function wrapped(era: Era, last: number, pidMax?: number): Lab {
  const lab = new Lab(era, { level: 1, ...(pidMax === undefined ? {} : { pidMax }) });
  lab.caller.task.pidNs.lastPid = last;
  return lab;
}

describe.each(ECLONE)(`Choosing one number, ${TITLE}`, (era) => {
  test("E-40 a slot of 0 is the kernel's choice, and moves last_pid", () => {
    const lab = new Lab(era, { level: 1 });
    const { pidNs } = lab.caller.task;
    for (let i = 0; i < 3; i++) {
      const next = pidNs.lastPid + 1;
      expect(lab.clone({ pids: [0] })).toBe(next);
      expect(pidNs.lastPid).toBe(next);
    }
  });

  test("E-40 with every number in use the kernel's choice is EBUSY, and never pid 0", () => {
    const lab = new Lab(era, { pidMax: 301 });
    for (let nr = 2; nr <= 300; nr++) expect(lab.clone()).toBe(nr);
    for (const wish of [{}, { pids: [0] }]) expectFailure(lab, lab.clone(wish), "EBUSY", "pid-exhausted");
    // Plain calls answer the same: the errno is the tree's.
    expectFailure(lab, lab.plain(), "EBUSY", "pid-exhausted");
    expectFailure(lab, lab.caller.call("fork"), "EBUSY", "pid-exhausted");
    lab.bury(lab.caller.child(300));
    expect(lab.clone()).toBe(300);
  });

  test("E-41 a number not below pid_max is EINVAL", () => {
    const lab = new Lab(era, { level: 1, pidMax: 400 });
    for (const nr of [400, 401, 32_768, 0x7fff_ffff])
      for (const pids of [[nr], [nr, 0]]) expectFailure(lab, lab.clone({ pids }), "EINVAL", "pid-beyond-max");
    expect(lab.clone({ pids: [399] })).toBe(399);
  });

  test("E-42 a negative number is EINVAL", () => {
    const lab = new Lab(era, { level: 1 });
    for (const nr of [-1, -300, -0x8000_0000])
      for (const pids of [[nr], [nr, 0]]) expectFailure(lab, lab.clone({ pids }), "EINVAL", "pid-negative");
  });

  test("E-44 a number below 300 is EINVAL once that namespace's last_pid has come to 300", () => {
    for (const last of [300, 301, 5000]) {
      const lab = wrapped(era, last);
      for (const nr of [2, 200, 299]) expectFailure(lab, lab.clone({ pids: [nr] }), "EINVAL", "pid-reserved");
      expect(lab.clone({ pids: [4000] })).toBe(4000);
      expect(lab.clone({ pids: [300] })).toBe(300);
    }
  });

  test("E-44 before that it is free to be asked for", () => {
    const lab = wrapped(era, 299);
    for (const nr of [2, 200, 299]) expect(lab.clone({ pids: [nr] })).toBe(nr);
  });

  test("E-44 it is each namespace's own last_pid that counts", () => {
    const lab = wrapped(era, 300);
    expectFailure(lab, lab.clone({ pids: [77, 200] }), "EINVAL", "pid-reserved");
    expect(numbersOf(lab.child({ pids: [77, 400] }))).toEqual([77, 400]);
    lab.caller.task.pidNs.lastPid = 5;
    lab.machine.rootPidNs.lastPid = 300;
    expectFailure(lab, lab.clone({ pids: [78, 200] }), "EINVAL", "pid-reserved");
    expect(numbersOf(lab.child({ pids: [78 + 300, 200] }))).toEqual([378, 200]);
  });

  test("E-45 a number in use is EBUSY: the caller's own, a zombie's, one held by a group", () => {
    const lab = new Lab(era, { level: 1 });
    expectFailure(lab, lab.clone({ pids: [1] }), "EBUSY", "pid-taken");
    const child = lab.child({ pids: [60] });
    expectFailure(lab, lab.clone({ pids: [60] }), "EBUSY", "pid-taken");
    child.call("setsid");
    const member = lab.fork(child);
    child.call("exit", { error_code: 0 });
    expectFailure(lab, lab.clone({ pids: [60] }), "EBUSY", "pid-taken");
    expect(lab.caller.call("wait4", { upid: 60 })).toBe(60);
    expectFailure(lab, lab.clone({ pids: [60] }), "EBUSY", "pid-taken");
    // Its parent has gone: the namespace's init reaps it.
    const nr = member.task.tid;
    member.call("exit", { error_code: 0 });
    expect(lab.caller.call("wait4", { upid: nr })).toBe(nr);
    expect(lab.clone({ pids: [60] })).toBe(60);
  });

  test("E-47 a chosen number does not move last_pid", () => {
    const lab = new Lab(era, { level: 1 });
    const { pidNs } = lab.caller.task;
    const before = pidNs.lastPid;
    expect(lab.clone({ pids: [500] })).toBe(500);
    expect(pidNs.lastPid).toBe(before);
    expect(lab.clone()).toBe(before + 1);
  });

  test("E-48 one number: beyond pid_max speaks before taken, reserved before taken", () => {
    const lab = new Lab(era, { level: 1 });
    lab.child({ pids: [500] });
    lab.child({ pids: [200] });
    lab.machine.rootPidNs.pidMax = 400;
    expectFailure(lab, lab.clone({ pids: [500] }), "EINVAL", "pid-beyond-max");
    lab.caller.task.pidNs.lastPid = 300;
    expectFailure(lab, lab.clone({ pids: [200] }), "EINVAL", "pid-reserved");
    // A negative number is below 300 too.
    expectFailure(lab, lab.clone({ pids: [-1] }), "EINVAL", "pid-negative");
  });

  test("A-47 A-48 levels are served innermost first; a failure gives the inner numbers back", () => {
    const lab = new Lab(era, { level: 1 });
    for (let i = 0; i < 2; i++) {
      expectFailure(lab, lab.clone({ pids: [1, 50] }), "EBUSY", "pid-taken");
      expectFailure(lab, lab.clone({ pids: [-1, 1] }), "EBUSY", "pid-taken");
      expectFailure(lab, lab.clone({ pids: [1, -1] }), "EINVAL", "pid-negative");
    }
    expect(lab.clone({ pids: [50] })).toBe(50);
  });
});

// One page of the map holds every number of a 32-bit kernel, and it comes with the namespace.
describe("Choosing one number, x86_64 eclone", () => {
  test("E-46 no memory for a page of the map is ENOMEM", () => {
    const lab = new Lab({ arch: "x86_64", profile: "eclone" }, { level: 1, pidMax: 4_194_304 });
    lab.prepare({ pids: [40_000] });
    lab.plan().failAllocation("1", "pidmap");
    expectFailure(lab, lab.clone({ pids: [40_000] }), "ENOMEM", "pid-no-memory");
    expect(lab.clone({ pids: [40_000] })).toBe(40_000);
  });
});

describe.each(ECLONE)(`What is taken from user space, ${TITLE}`, (era) => {
  test("what the series' own tests saw", () => {
    const lab = new Lab(era);
    const flags = 0x0130_0000;
    const [parentTid, childTid] = [0x1000_1000, 0x1000_1004];
    const child = lab.child({ flags, parentTid, childTid, pids: [377] });
    expect(child.call("getpid")).toBe(377);
    expect([lab.caller.readInt(parentTid), child.readInt(childTid)]).toEqual([377, 377]);
    expectFailure(lab, lab.clone({ pids: [1] }), "EBUSY", "pid-taken");
    expectFailure(lab, lab.clone({ pids: [9], reserved: 0xdead_beef }), "EINVAL", "reserved-set");
    expectFailure(lab, lab.clone({ pids: [9], flagsHigh: 1n << 33n }), "EINVAL", "flags-high-set");
    expectFailure(lab, lab.clone({ pids: [377, 399] }), "EINVAL", "count-too-deep");
    const nested = new Lab(era, { level: 1 });
    expect(numbersOf(nested.child({ pids: [377, 399] }))).toEqual([377, 399]);
  });
});
