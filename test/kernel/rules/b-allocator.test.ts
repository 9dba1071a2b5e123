import { describe, expect, test } from "vitest";
import { CLONE } from "../../../src/abi/structs/index.ts";
import { boot, PROFILES } from "../../../src/kernel/index.ts";
import { BASE, exhausted, TITLE } from "../support/eras.ts";
import { expectFailure, Lab, nest } from "../support/lab.ts";

describe.each(BASE)(`The allocator of the time, ${TITLE}`, (era) => {
  test("B-30 the next number is last_pid + 1, kept per namespace", () => {
    const lab = new Lab(era, { level: 1 });
    const [outer, inner] = lab.inits;
    if (outer === undefined || inner === undefined) throw new Error("two levels");
    expect([lab.fork(inner).task.tid, lab.fork(inner).task.tid]).toEqual([2, 3]);
    const root = lab.machine.rootPidNs.lastPid;
    expect(lab.fork(outer).task.tid).toBe(root + 1);
    expect(lab.fork(inner).task.tid).toBe(4);
    // A number that is free again is not taken as long as there are higher ones.
    lab.bury(inner.child(4), inner);
    expect(lab.fork(inner).task.tid).toBe(5);
  });

  test("B-30 at pid_max it starts again at 300, stepping over what is taken", () => {
    const lab = new Lab(era, { pidMax: 305 });
    lab.machine.rootPidNs.lastPid = 302;
    const next = (): number | null => lab.clone();
    expect([next(), next(), next(), next()]).toEqual([303, 304, 300, 301]);
    lab.bury(lab.caller.child(303));
    expect([next(), next()]).toEqual([302, 303]);
    expectFailure(lab, lab.clone(), exhausted(era), "pid-exhausted");
    lab.bury(lab.caller.child(301));
    expect(next()).toBe(301);
  });

  test("B-30 a cursor that a smaller pid_max has left behind starts again at 300", () => {
    const lab = new Lab(era, { pidMax: 1000 });
    lab.machine.rootPidNs.lastPid = 900;
    lab.machine.rootPidNs.pidMax = 400;
    expect(lab.clone()).toBe(300);
  });

  test("B-31 pid_max is 32768 by default, with a ceiling by word size and a floor of 301", () => {
    const lab = new Lab(era);
    expect(lab.machine.rootPidNs.pidMax).toBe(32_768);
    expect(PROFILES[era.profile]?.pidMax).toEqual({
      initial: 32_768,
      floor: 301,
      ceiling32: 32_768,
      ceiling64: 4_194_304,
    });
    const ceiling = era.arch === "i386" ? 32_768 : 4_194_304;
    for (const pidMax of [301, ceiling]) {
      expect(boot({ ...era, frames: 8, pidMax }).rootPidNs.pidMax).toBe(pidMax);
    }
    for (const pidMax of [300, 0, -1, 301.5, Number.NaN, ceiling + 1]) {
      expect(() => boot({ ...era, frames: 8, pidMax })).toThrow(RangeError);
    }
  });

  test("B-31 the highest number is pid_max − 1", () => {
    const lab = new Lab(era, { pidMax: 301 });
    lab.machine.rootPidNs.lastPid = 299;
    expect(lab.clone()).toBe(300);
    expectFailure(lab, lab.clone(), exhausted(era), "pid-exhausted");
  });

  test("B-32 a fresh namespace's first task is 1, and the next is 2", () => {
    const lab = new Lab(era, { level: 1 });
    const init = nest(lab.caller);
    expect(init.call("getpid")).toBe(1);
    expect(init.call("fork")).toBe(2);
    expect(nest(init).call("gettid")).toBe(1);
    expect(init.call("fork")).toBe(4);
  });

  test("B-33 a number is free again when its task, its group and its session have all let go", () => {
    const lab = new Lab(era);
    const { rootPidNs } = lab.machine;
    const taken = (): boolean => {
      const result = lab.clone({ pids: [60] });
      if (result === 60) lab.bury(lab.caller.child(60));
      return result !== 60;
    };
    const leader = lab.child({ pids: [60] });
    expect(leader.call("setsid")).toBe(60);
    const inBoth = lab.fork(leader);
    const inSession = lab.fork(leader);
    expect(inSession.call("setpgid", { pid: 0, pgid: 0 })).toBe(0);
    expect(taken()).toBe(true);
    leader.call("exit_group", { error_code: 0 });
    expect(taken()).toBe(true);
    expect(lab.caller.call("wait4", { upid: 60 })).toBe(60);
    // No task is 60 any more, but a group and a session are.
    expect(lab.machine.find(rootPidNs, 60)).toBeNull();
    expect(taken()).toBe(true);
    lab.bury(inBoth);
    expect(taken()).toBe(true);
    expect(inSession.errno(inSession.call("setsid"))).toBe("EPERM");
    lab.bury(inSession);
    expect(taken()).toBe(false);
  });

  test("B-33 the numbers at every level go together", () => {
    const lab = new Lab(era, { level: 2 });
    const child = lab.child({ pids: [500, 77, 99] });
    expect(child.call("setsid")).toBe(99);
    const heir = lab.fork(child, CLONE.FILES);
    lab.bury(child);
    for (const pids of [[99], [77, 0], [500, 0, 0]]) {
      expectFailure(lab, lab.clone({ pids }), "EBUSY", "pid-taken");
    }
    lab.bury(heir);
    expect(lab.clone({ pids: [500, 77, 99] })).toBe(99);
  });
});
