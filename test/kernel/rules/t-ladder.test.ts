import { describe, expect, test } from "vitest";
import { CLONE } from "../../../src/abi/structs/index.ts";
import { CAP, SIG } from "../../../src/kernel/index.ts";
import { FaultPlan } from "../../../src/mm/index.ts";
import { expectRefused, Lab3 } from "../support/clone3.ts";
import { clone3Eras, clone3ErasBefore, type Era, TITLE } from "../support/eras.ts";
import {
  become,
  dropCapabilities,
  expectFailure,
  HOLE,
  KERNEL_ADDRESS,
  nest,
  numbersOf,
  SCRATCH,
} from "../support/lab.ts";

const SET_TID = clone3Eras("clone3-55");
const BEFORE_7 = clone3ErasBefore("clone3-7x").filter(({ profile }) => profile !== "clone3-53");
const SEVEN = clone3Eras("clone3-7x");
const OWN_PID_MAX = clone3Eras("clone3-614");

/** The ceiling of pid_max: what a namespace of 6.14 starts with. */
function ceiling({ arch }: Era): number {
  return arch === "i386" ? 32768 : 4_194_304;
}

describe.each(SET_TID)(`Ladder T, ${TITLE}`, (era) => {
  test("T-01 more numbers than the child's namespace has levels are EINVAL; NEWPID adds one", () => {
    for (const level of [0, 1, 3]) {
      const lab = new Lab3(era, { level });
      const tids = Array.from({ length: level + 2 }, (_, i) => 600 + i);
      expectRefused(lab, { tids }, "EINVAL", "pid-count-too-deep");
      expectRefused(lab, { flags: CLONE.NEWPID, tids: [1, ...tids] }, "EINVAL", "pid-count-too-deep");
      expect(lab.clone3({ tids: tids.slice(0, -1) })).toBe(600);
      const above = tids.slice(0, -1).map((tid) => tid + 100);
      const nested = lab.child3({ flags: CLONE.NEWPID, tids: [1, ...above] });
      expect(numbersOf(nested)).toEqual([...above.toReversed(), 1]);
    }
  });

  test("T-02 no memory for the pid object is ENOMEM, after T-01 and before the numbers", () => {
    const lab = new Lab3(era);
    lab.usePlan(new FaultPlan().failAllocation(1, "pid"));
    expectRefused(lab, { tids: [7, 8] }, "EINVAL", "pid-count-too-deep");
    expectRefused(lab, { tids: [-1] }, "ENOMEM", "pid-object-no-memory");
  });

  test("P-24 numbers are looked at after copy_thread", () => {
    const lab = new Lab3(era);
    const tls = era.arch === "i386" ? HOLE : KERNEL_ADDRESS.x86_64;
    const [errno, rung] = era.arch === "i386" ? ["EFAULT", "tls-unreadable"] : ["EPERM", "tls-base"];
    for (const tids of [[7, 8], [-1], [1]])
      expectRefused(lab, { flags: CLONE.SETTLS, tls, tids }, String(errno), String(rung));
  });

  test("T-03 T-14 a number below 1 is EINVAL, and 0 is never the kernel's choice", () => {
    const lab = new Lab3(era, { level: 1 });
    for (const tids of [[0], [-1], [-0x8000_0000], [50, 0], [50, -1]])
      expectRefused(lab, { tids }, "EINVAL", "pid-below-one");
    expect(lab.clone3({ tids: [50, 51] })).toBe(50);
  });

  test("T-04 a number at pid_max is EINVAL", () => {
    const lab = new Lab3(era, { pidMax: 1000 });
    for (const tid of [1000, 1001, 0x7fff_ffff])
      expectRefused(lab, { tids: [tid] }, "EINVAL", "pid-beyond-max");
    expect(lab.clone3({ tids: [999] })).toBe(999);
  });

  test("T-05 T-13 T-20 the first task of a namespace is 1: any other number is EINVAL", () => {
    const lab = new Lab3(era, { level: 1 });
    expectRefused(lab, { flags: CLONE.NEWPID, tids: [42] }, "EINVAL", "pid-without-init");
    expectRefused(lab, { flags: CLONE.NEWPID, tids: [42, 43] }, "EINVAL", "pid-without-init");
    const made = lab.child3({ flags: CLONE.NEWPID, tids: [1] });
    expect(made.task.tid).toBe(1);
    lab.caller.call("unshare", { unshare_flags: CLONE.NEWPID });
    expectRefused(lab, { tids: [42] }, "EINVAL", "pid-without-init");
    // A failed attempt leaves the namespace as it was.
    expect(lab.child3({ tids: [1] }).task.signal.unkillable).toBe(true);
    expect(numbersOf(lab.child3({ tids: [42] })).at(-1)).toBe(42);
  });

  test("T-06 without the capability over the namespace's owner it is EPERM", () => {
    const alone = era.profile === "clone3-55" || era.profile === "clone3-57";
    for (const [caps, passes] of [
      [[], false],
      [["SETUID", "KILL", "SYS_PTRACE", "SYS_RESOURCE"], false],
      [["SYS_ADMIN"], true],
      [["CHECKPOINT_RESTORE"], !alone],
    ] as const) {
      const lab = new Lab3(era, { level: 1 });
      dropCapabilities(lab.caller, caps);
      for (const tids of [[77], [78, 79]]) {
        if (passes) expect(lab.clone3({ tids })).toBe(tids[0]);
        else expectRefused(lab, { tids }, "EPERM", "pid-not-capable");
      }
      expect(lab.clone3()).toBeGreaterThan(0);
    }
  });

  test("T-06 T-23 whoever makes a user namespace may choose in the pid namespace it owns, and no level above", () => {
    const lab = new Lab3(era, { level: 1 });
    become(lab.caller, 1000, []);
    const flags = CLONE.NEWUSER | CLONE.NEWPID;
    const made = lab.child3({ flags, tids: [1] });
    expect(made.task.tid).toBe(1);
    expectRefused(lab, { flags, tids: [1, 77] }, "EPERM", "pid-not-capable");
    // Inside, the owner of the outer levels is somebody else too.
    const result = lab.clone3({ tids: [50] }, made);
    expect(made.errno(result)).toBeNull();
    const outer = lab.clone3({ tids: [51, 52] }, made);
    expect([made.errno(outer), lab.rung]).toEqual(["EPERM", "pid-not-capable"]);
  });

  test("T-07 a number in use is EEXIST: a task's, a zombie's, a thread's, a group's or a session's", () => {
    const lab = new Lab3(era, { level: 1 });
    const taken = (tid: number): void => expectRefused(lab, { tids: [tid] }, "EEXIST", "pid-taken");
    taken(1);
    const child = lab.child3({ tids: [60] });
    taken(60);
    const thread = lab.made(
      lab.clone3({ flags: CLONE.THREAD | CLONE.SIGHAND | CLONE.VM, exitSignal: 0, tids: [61] }, child),
      child,
    );
    taken(61);
    thread.call("exit");
    expect(lab.clone3({ tids: [61] })).toBe(61);
    child.call("setsid");
    const member = lab.made(lab.plain({}, child), child);
    child.call("exit_group");
    taken(60);
    lab.caller.call("wait4", { upid: 60 });
    // The leader is gone; its number is the group's and the session's still.
    expect(lab.machine.find(lab.caller.task.pidNs, 60)).toBeNull();
    taken(60);
    member.call("exit_group");
    lab.caller.call("wait4", { upid: member.task.tid });
    expect(lab.clone3({ tids: [60] })).toBe(60);
  });

  test("T-08 no number left for the kernel's choice is EAGAIN", () => {
    const lab = new Lab3(era, { pidMax: 301 });
    const { map } = lab.caller.task.pidNs;
    for (let nr = 2; nr < 301; nr++) map.set(nr);
    expectRefused(lab, {}, "EAGAIN", "pid-exhausted");
    expectFailure(lab, lab.plain(), "EAGAIN", "pid-exhausted");
    map.clear(300);
    expect(lab.clone3()).toBe(300);
  });

  test("T-10 P-27 in a namespace whose init has gone every task is ENOMEM", () => {
    const lab = new Lab3(era);
    lab.caller.call("unshare", { unshare_flags: CLONE.NEWPID });
    const init = lab.child3();
    lab.bury(init);
    const first = lab.next;
    expectRefused(lab, {}, "ENOMEM", "namespace-dying");
    expectRefused(lab, { tids: [1] }, "ENOMEM", "namespace-dying");
    expectRefused(lab, { tids: [42] }, "ENOMEM", "namespace-dying");
    expectRefused(lab, { tids: [0] }, "EINVAL", "pid-below-one");
    expectRefused(lab, { flags: CLONE.PIDFD, pidfd: 0 }, "ENOMEM", "namespace-dying");
    // The numbers outside are used up all the same.
    expect(lab.next).toBe(first + 4);
  });

  test("T-15 levels beyond the array are the kernel's choice", () => {
    const lab = new Lab3(era, { level: 2 });
    const [outer, middle] = lab.inits.map(({ task }) => task.pidNs.lastPid + 1);
    expect(numbersOf(lab.child3({ tids: [500] }))).toEqual([outer, middle, 500]);
    expect(numbersOf(lab.child3({ tids: [501, 601] }))).toEqual([(outer ?? 0) + 1, 601, 501]);
    expect(numbersOf(lab.child3({ tids: [502, 602, 702] }))).toEqual([702, 602, 502]);
  });

  test("T-16 the kernel's choice goes on from its last, and after the highest from 300 on", () => {
    const lab = new Lab3(era, { pidMax: 310 });
    const ns = lab.caller.task.pidNs;
    ns.lastPid = 308;
    expect([lab.clone3(), lab.clone3(), lab.clone3()]).toEqual([309, 300, 301]);
  });

  test("T-16 while it has not come to 300, it goes on from 1 again", () => {
    const lab = new Lab3(era, { pidMax: 301 });
    const ns = lab.caller.task.pidNs;
    for (let nr = 10; nr < 301; nr++) ns.map.set(nr);
    ns.lastPid = 8;
    expect([lab.clone3(), lab.clone3(), lab.clone3()]).toEqual([9, 2, 3]);
  });

  test("T-17 a chosen number does not move the cursor, and is passed over", () => {
    const lab = new Lab3(era, { level: 1 });
    expect(lab.next).toBe(2);
    lab.clone3({ tids: [500] });
    lab.clone3({ tids: [3] });
    expect([lab.clone3(), lab.clone3()]).toEqual([2, 4]);
  });

  test("T-18 a failure gives the inner numbers back; before the first task the cursor too", () => {
    const lab = new Lab3(era, { level: 1 });
    const taken = lab.child3({ tids: [90] }).task.tid;
    expectRefused(lab, { flags: CLONE.NEWPID, tids: [1, taken] }, "EEXIST", "pid-taken");
    lab.caller.call("unshare", { unshare_flags: CLONE.NEWPID });
    for (const tids of [
      [1, -1],
      [1, taken],
    ]) {
      const result = lab.clone3({ tids });
      expect(lab.caller.errno(result)).not.toBeNull();
    }
    const outer = lab.caller.task.pidNs;
    const { pidMax } = lab.machine.rootPidNs;
    // No number outside: the kernel's choice inside was 1, and will be again.
    for (let nr = 1; nr < pidMax; nr++) lab.machine.rootPidNs.map.set(nr);
    expectRefused(lab, {}, "EAGAIN", "pid-exhausted");
    for (let nr = 300; nr < pidMax; nr++) lab.machine.rootPidNs.map.clear(nr);
    expect(lab.child3().task.tid).toBe(1);
    expect(outer.dying).toBe(false);
  });

  test("T-18 a first task that fails after it got its numbers closes the namespace", () => {
    const lab = new Lab3(era, { level: 1 });
    lab.caller.call("unshare", { unshare_flags: CLONE.NEWPID });
    expectRefused(lab, { flags: CLONE.PIDFD, pidfd: 8 }, "EFAULT", "pidfd-unwritable");
    // Since 7.0 the kernel's next choice, 2, is looked at first.
    if (era.profile === "clone3-7x") expectRefused(lab, {}, "EINVAL", "pid-without-init");
    else expectRefused(lab, {}, "ENOMEM", "namespace-dying");
  });

  test("T-19 NEWPID, {1, X}: the child is 1 inside and X outside, and the call returns X", () => {
    const lab = new Lab3(era, { level: 1 });
    const result = lab.clone3({ flags: CLONE.NEWPID, tids: [1, 77] });
    expect(result).toBe(77);
    expect(numbersOf(lab.made(result)).slice(1)).toEqual([77, 1]);
  });

  test("T-21 a number that has come free may be asked for at once", () => {
    const lab = new Lab3(era, { level: 1 });
    for (let i = 0; i < 3; i++) lab.bury(lab.child3({ tids: [88] }));
  });

  test("T-22 a thread's number can be chosen: the tid is it, the tgid stays", () => {
    const lab = new Lab3(era, { level: 1 });
    const flags = CLONE.THREAD | CLONE.SIGHAND | CLONE.VM;
    const { task } = lab.child3({ flags, exitSignal: 0, tids: [77] });
    expect([task.tid, task.tgid]).toEqual([77, 1]);
  });
});

describe.each(BEFORE_7)(`One level after the other, ${TITLE}`, (era) => {
  test("T-09 an inner level is finished before the next outer one is looked at", () => {
    const lab = new Lab3(era, { level: 1 });
    expectRefused(lab, { tids: [1, 0] }, "EEXIST", "pid-taken");
    expectRefused(lab, { tids: [-1, 1] }, "EINVAL", "pid-below-one");
    lab.caller.call("unshare", { unshare_flags: CLONE.NEWPID });
    expectRefused(lab, { tids: [42, 0] }, "EINVAL", "pid-without-init");
  });
});

describe.each(SEVEN)(`In two phases, ${TITLE}`, (era) => {
  test("T-11 what is asked for is judged at every level before any number is taken", () => {
    const lab = new Lab3(era, { level: 1 });
    expectRefused(lab, { tids: [1, 0] }, "EINVAL", "pid-below-one");
    expectRefused(lab, { tids: [1, 0x7fff_ffff] }, "EINVAL", "pid-beyond-max");
    const child = lab.child3();
    become(child, 1000, []);
    const result = lab.clone3({ tids: [1, 77] }, child);
    expect([child.errno(result), lab.rung]).toEqual(["EPERM", "pid-not-capable"]);
  });

  test("T-12 then all levels are served, the innermost first: EEXIST or EAGAIN", () => {
    const lab = new Lab3(era, { level: 1 });
    expectRefused(lab, { tids: [1, 1] }, "EEXIST", "pid-taken");
    expectRefused(lab, { tids: [50, 1] }, "EEXIST", "pid-taken");
    const root = lab.machine.rootPidNs;
    for (let nr = 1; nr < root.pidMax; nr++) root.map.set(nr);
    expectRefused(lab, { tids: [1] }, "EEXIST", "pid-taken");
    expectRefused(lab, { tids: [50] }, "EAGAIN", "pid-exhausted");
    expect(lab.caller.task.pidNs.map.has(50)).toBe(false);
  });

  test("T-13 a number other than 1 in a namespace without init is given back after it was taken", () => {
    const lab = new Lab3(era, { level: 1 });
    lab.caller.call("unshare", { unshare_flags: CLONE.NEWPID });
    const inner = lab.caller.task.nsproxy.pidNs;
    inner.map.set(42);
    expectRefused(lab, { tids: [42] }, "EEXIST", "pid-taken");
    inner.map.clear(42);
    expectRefused(lab, { tids: [42] }, "EINVAL", "pid-without-init");
    expect([inner.map.has(42), inner.live]).toEqual([false, 0]);
    // Also where the kernel chose it.
    inner.map.set(1);
    expectRefused(lab, {}, "EINVAL", "pid-without-init");
    inner.map.clear(1);
    inner.lastPid = 0;
    expect(lab.child3().task.tid).toBe(1);
  });
});

describe.each(OWN_PID_MAX)(`pid_max by namespace, ${TITLE}`, (era) => {
  test("T-04 T-24 a namespace starts at the ceiling; its own pid_max binds it, and each level's the numbers there", () => {
    const lab = new Lab3(era, { level: 1, pidMax: 1000 });
    expect(lab.caller.task.pidNs.pidMax).toBe(ceiling(era));
    expectRefused(lab, { tids: [ceiling(era)] }, "EINVAL", "pid-beyond-max");
    expect(lab.clone3({ tids: [ceiling(era) - 1, 999] })).toBe(ceiling(era) - 1);
    expectRefused(lab, { tids: [5000, 1000] }, "EINVAL", "pid-beyond-max");
    lab.caller.task.pidNs.pidMax = 400;
    expectRefused(lab, { tids: [400] }, "EINVAL", "pid-beyond-max");
  });
});

describe.each(clone3ErasBefore("clone3-614").filter(({ profile }) => profile !== "clone3-53"))(
  `One pid_max, ${TITLE}`,
  (era) => {
    test("T-04 before about 6.14 one pid_max binds every level", () => {
      const lab = new Lab3(era, { level: 1, pidMax: 1000 });
      lab.caller.task.pidNs.pidMax = 400;
      expect(lab.clone3({ tids: [999] })).toBe(999);
      expectRefused(lab, { tids: [1000] }, "EINVAL", "pid-beyond-max");
    });
  },
);

test("T-24 pid_max is 301 to 32768 on a 32-bit kernel, to 4194304 on a 64-bit one, and 32768 at first", () => {
  for (const { arch, profile } of clone3Eras()) {
    expect(new Lab3({ arch, profile }).machine.rootPidNs.pidMax).toBe(32768);
    expect(() => new Lab3({ arch, profile }, { pidMax: 300 })).toThrow(RangeError);
    expect(() => new Lab3({ arch, profile }, { pidMax: ceiling({ arch, profile }) + 1 })).toThrow(RangeError);
  }
});

test("T-06 the owner of the level counts, not who lives in it", () => {
  const lab = new Lab3({ arch: "x86_64", profile: "clone3-614" });
  const inner = nest(lab.caller);
  become(inner, 1000, []);
  const user = lab.made(lab.plain({ flags: CLONE.NEWUSER, signal: SIG.CHLD }, inner), inner);
  expect(user.task.cred.effective.hi & (1 << (CAP.CHECKPOINT_RESTORE - 32))).not.toBe(0);
  const result = lab.clone3({ tids: [50] }, user);
  expect([user.errno(result), lab.rung]).toEqual(["EPERM", "pid-not-capable"]);
  expect(user.errno(lab.clone3({ flags: CLONE.PIDFD, pidfd: SCRATCH }, user))).toBeNull();
});
