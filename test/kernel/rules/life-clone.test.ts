import { describe, expect, test } from "vitest";
import { CLONE, O, WAIT } from "../../../src/abi/structs/index.ts";
import { DEV_NULL } from "../../../src/kernel/file/dev-null.ts";
import { allocFile, type OpenFile } from "../../../src/kernel/file/open-file.ts";
import { SIG } from "../../../src/kernel/index.ts";
import { BASE, TITLE } from "../support/eras.ts";
import { Lab, nest, numbersOf, SCRATCH } from "../support/lab.ts";

const THREAD = CLONE.THREAD | CLONE.SIGHAND | CLONE.VM;

describe.each(BASE)(`What clone flags do, ${TITLE}`, (era) => {
  test("vfork blocks the parent until the child lets go of the memory", () => {
    const lab = new Lab(era, { level: 1 });
    for (const [name, args] of [
      ["vfork", {}],
      ["clone", { flags: CLONE.VFORK | CLONE.VM | SIG.CHLD }],
      ["clone", { flags: CLONE.VFORK | SIG.CHLD }],
      [lab.call, lab.prepare({ flags: CLONE.VFORK | CLONE.VM, pids: [55] })],
    ] as const) {
      expect(lab.caller.call(name, args)).toBeNull();
      expect(lab.caller.task.state).toBe("blocked");
      const child = [...lab.machine.tasks].at(-1);
      if (child === undefined) throw new Error("no child");
      const guest = lab.inits[0]?.child(child.pidNumbers()[0] ?? 0);
      guest?.call("getpid");
      expect(lab.caller.task.state).toBe("blocked");
      guest?.call("exit_group", { error_code: 0 });
      expect(lab.caller.task.state).toBe("running");
      expect(lab.caller.result).toBe(child.tid);
      expect(lab.caller.call("wait4", { upid: child.tid })).toBe(child.tid);
    }
  });

  test("nothing but the child ends a vfork's wait: signals come afterwards", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    expect(parent.call("vfork")).toBeNull();
    for (const sig of [SIG.TERM, SIG.KILL]) {
      expect(lab.caller.call("kill", { pid: parent.task.tid, sig })).toBe(0);
      expect(parent.task.state).toBe("blocked");
    }
    const child = lab.caller.child(3);
    child.call("exit", { error_code: 0 });
    expect(parent.task.state).toBe("zombie");
    expect(lab.caller.call("wait4", { upid: parent.task.tid, stat_addr: SCRATCH })).toBe(parent.task.tid);
    // The first that ends the group is the one that counts.
    expect(lab.caller.readInt(SCRATCH)).toBe(SIG.TERM);
    // The child, a zombie by then, went to init.
    expect(lab.caller.call("wait4", { upid: 3 })).toBe(3);
  });

  test("a vfork child that is killed releases its parent", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    expect(parent.call("vfork")).toBeNull();
    expect(lab.caller.call("kill", { pid: 3, sig: SIG.KILL })).toBe(0);
    expect(parent.task.state).toBe("running");
    expect(parent.result).toBe(3);
  });

  test("CLONE_PARENT makes a sibling: the caller's parent is its parent", () => {
    const lab = new Lab(era, { level: 1 });
    const one = lab.fork();
    const two = lab.child({ flags: CLONE.PARENT, pids: [60] }, one);
    expect(two.call("getppid")).toBe(1);
    expect(two.task.realParent).toBe(lab.caller.task);
    two.call("exit", { error_code: 0 });
    expect(one.errno(one.call("wait4", { upid: 60 }))).toBe("ECHILD");
    expect(lab.caller.call("wait4", { upid: 60 })).toBe(60);
  });

  test("CLONE_PARENT of a thread, and after the parent has gone, means the group's parent of that moment", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    const leader = lab.fork(parent);
    const thread = lab.fork(leader, THREAD);
    const before = lab.fork(thread, CLONE.PARENT);
    expect(before.task.realParent).toBe(parent.task);
    parent.call("exit", { error_code: 0 });
    const after = lab.fork(thread, CLONE.PARENT);
    expect(after.task.realParent).toBe(lab.caller.task);
    after.call("exit", { error_code: 0 });
    expect(lab.caller.call("wait4", { upid: after.task.tid })).toBe(after.task.tid);
  });

  test("CLONE_CHILD_CLEARTID zeroes the word at exit where the memory is shared", () => {
    const lab = new Lab(era);
    const flags = CLONE.CHILD_CLEARTID | CLONE.VM;
    lab.caller.writeInts(SCRATCH, [1234]);
    const child = lab.child({ flags, childTid: SCRATCH, pids: [50] });
    child.call("getpid");
    expect(lab.caller.readInt(SCRATCH)).toBe(1234);
    child.call("exit", { error_code: 0 });
    expect(lab.caller.readInt(SCRATCH)).toBe(0);

    lab.caller.writeInts(SCRATCH, [1234]);
    const thread = lab.child({ flags: THREAD | CLONE.CHILD_CLEARTID, childTid: SCRATCH, pids: [51] });
    thread.call("exit", { error_code: 0 });
    expect(lab.caller.readInt(SCRATCH)).toBe(0);
  });

  test("CLONE_CHILD_CLEARTID leaves memory alone that is not shared, or not writable, or of a killed task", () => {
    const lab = new Lab(era);
    lab.caller.writeInts(SCRATCH, [1234]);
    const own = lab.child({ flags: CLONE.CHILD_CLEARTID, childTid: SCRATCH });
    own.call("exit", { error_code: 0 });
    const bad = lab.child({ flags: CLONE.CHILD_CLEARTID | CLONE.VM, childTid: 16 });
    bad.call("exit", { error_code: 0 });
    const killed = lab.child({ flags: CLONE.CHILD_CLEARTID | CLONE.VM, childTid: SCRATCH });
    lab.caller.call("kill", { pid: killed.task.tid, sig: SIG.TERM });
    expect(killed.task.state).toBe("zombie");
    expect(lab.caller.readInt(SCRATCH)).toBe(1234);
    expect(lab.machine.oopses).toEqual([]);
  });

  // 2.6.30 mm_release looks at PF_SIGNALED, which a thread has that the group's exit_group killed.
  test("CLONE_CHILD_CLEARTID of a thread that another thread's exit_group ends is not honoured", () => {
    const lab = new Lab(era);
    const leader = lab.fork(lab.caller, CLONE.VM);
    lab.child({ flags: THREAD | CLONE.CHILD_CLEARTID, childTid: SCRATCH }, leader);
    lab.caller.writeInts(SCRATCH, [1234]);
    leader.call("exit_group", { error_code: 0 });
    expect(lab.caller.readInt(SCRATCH)).toBe(1234);
  });

  test("the three tid flags together, each in its own memory", () => {
    const lab = new Lab(era, { level: 1 });
    const flags = CLONE.PARENT_SETTID | CLONE.CHILD_SETTID | CLONE.CHILD_CLEARTID;
    const child = lab.child({ flags, parentTid: SCRATCH, childTid: SCRATCH + 4, pids: [77, 99] });
    expect([lab.caller.readInt(SCRATCH), lab.caller.readInt(SCRATCH + 4)]).toEqual([99, 0]);
    child.call("getpid");
    expect([child.readInt(SCRATCH), child.readInt(SCRATCH + 4)]).toEqual([0, 99]);
  });

  test("VM shares the memory, else the child has a copy", () => {
    const lab = new Lab(era);
    lab.caller.writeInts(SCRATCH, [1]);
    const sharing = lab.fork(lab.caller, CLONE.VM);
    const copy = lab.fork();
    expect(sharing.task.mm).toBe(lab.caller.task.mm);
    expect(copy.task.mm).not.toBe(lab.caller.task.mm);
    lab.caller.writeInts(SCRATCH, [2]);
    expect([sharing.readInt(SCRATCH), copy.readInt(SCRATCH)]).toEqual([2, 1]);
    copy.writeInts(SCRATCH, [3]);
    sharing.writeInts(SCRATCH, [4]);
    expect([lab.caller.readInt(SCRATCH), copy.readInt(SCRATCH)]).toEqual([4, 3]);
    const at = sharing.map(4096);
    expect(lab.caller.read(at, 1)).toHaveLength(1);
    expect(() => copy.read(at, 1)).toThrow(RangeError);
  });

  test("FILES, FS and SIGHAND share, else the child has a copy", () => {
    const lab = new Lab(era);
    const file = allocFile(lab.machine, DEV_NULL, O.RDWR) as OpenFile;
    lab.caller.task.files.install(0, file);
    lab.caller.task.sighand.set(SIG.USR1, "ignore");
    const plain = lab.fork();
    expect(plain.task.files).not.toBe(lab.caller.task.files);
    expect(plain.task.files.descriptors()).toEqual([0]);
    expect(plain.task.files.lookup(0)).toBe(file);
    expect(file.refs).toBe(2);
    expect(plain.task.fs).not.toBe(lab.caller.task.fs);
    expect(plain.task.sighand).not.toBe(lab.caller.task.sighand);
    expect(plain.task.sighand.get(SIG.USR1)).toBe("ignore");
    plain.task.fs.umask = 0o077;
    plain.task.sighand.set(SIG.USR1, "default");
    expect([lab.caller.task.fs.umask, lab.caller.task.sighand.get(SIG.USR1)]).toEqual([0o022, "ignore"]);

    const all = lab.fork(lab.caller, CLONE.FILES | CLONE.FS | CLONE.SIGHAND | CLONE.VM);
    expect(all.task.files).toBe(lab.caller.task.files);
    expect(all.task.fs).toBe(lab.caller.task.fs);
    expect(all.task.sighand).toBe(lab.caller.task.sighand);
    expect(file.refs).toBe(2);
    lab.bury(all);
    expect(file.refs).toBe(2);
    lab.bury(plain);
    expect(file.refs).toBe(1);
    expect([lab.caller.task.files.users, lab.caller.task.fs.users, lab.caller.task.sighand.users]).toEqual([
      1, 1, 1,
    ]);
  });

  test("a thread has its group's pid, group, session and limits; a process inherits copies", () => {
    const lab = new Lab(era, { level: 1 });
    const leader = lab.fork();
    expect(leader.call("setsid")).toBe(leader.task.tid);
    const thread = lab.fork(leader, THREAD);
    expect(thread.task.signal).toBe(leader.task.signal);
    for (const name of ["getpid", "getppid", "getpgrp"]) expect(thread.call(name)).toBe(leader.call(name));
    const child = lab.fork(thread);
    expect(child.call("getppid")).toBe(leader.task.tid);
    expect(child.call("getpgid", { pid: 0 })).toBe(leader.task.tid);
    expect(child.call("getsid", { pid: 0 })).toBe(leader.task.tid);
    expect(child.task.signal).not.toBe(leader.task.signal);
  });

  test("K-30 a namespace's first task is 1, its parent, group and session 0, and setsid makes them 1", () => {
    const lab = new Lab(era, { level: 1 });
    const init = nest(lab.caller);
    const who = (): (number | null)[] => [
      init.call("getpid"),
      init.call("getppid"),
      init.call("getpgrp"),
      init.call("getsid", { pid: 0 }),
    ];
    expect(who()).toEqual([1, 0, 0, 0]);
    expect(init.call("setsid")).toBe(1);
    expect(who()).toEqual([1, 0, 1, 1]);
    expect(init.call("getpgid", { pid: 1 })).toBe(1);
    const child = lab.fork(init);
    expect([child.call("getpgrp"), child.call("getsid", { pid: 1 })]).toEqual([1, 1]);
    // From outside the same group has another number.
    const outside = init.task.nrIn(lab.caller.task.pidNs);
    expect(lab.caller.call("getpgid", { pid: outside })).toBe(outside);
  });

  test("a number means something in its own namespace and above, nowhere else", () => {
    const lab = new Lab(era, { level: 2 });
    const child = lab.child({ pids: [500, 77, 99] });
    expect(numbersOf(child)).toEqual([500, 77, 99]);
    const [init, middle] = lab.inits;
    const signal = (guest: typeof init, pid: number): number | null =>
      guest?.call("kill", { pid, sig: 0 }) ?? null;
    expect([signal(init, 500), signal(middle, 77), signal(lab.caller, 99)]).toEqual([0, 0, 0]);
    for (const [guest, pid] of [
      [init, 99],
      [init, 77],
      [middle, 99],
      [middle, 500],
      [lab.caller, 500],
      [lab.caller, 77],
    ] as const) {
      expect(guest?.errno(signal(guest, pid))).toBe("ESRCH");
    }
    child.call("exit", { error_code: 0 });
    expect(lab.caller.call("wait4", { upid: 99, options: WAIT.WNOHANG })).toBe(99);
  });
});
