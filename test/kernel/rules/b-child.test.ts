import { describe, expect, test } from "vitest";
import { CLONE } from "../../../src/abi/structs/index.ts";
import type { CopyStep } from "../../../src/kernel/clone/step-names.ts";
import { type Guest, PROFILES, SIG } from "../../../src/kernel/index.ts";
import { PAGE_SIZE, PROT_NONE, PROT_READ } from "../../../src/mm/index.ts";
import { BASE, ECLONE, ERAS, TITLE, V3, variant } from "../support/eras.ts";
import { expectFailure, HOLE, KERNEL_ADDRESS, Lab, nest, numbersOf, SCRATCH } from "../support/lab.ts";

const THREAD = CLONE.THREAD | CLONE.SIGHAND | CLONE.VM;

describe.each(BASE)(`What the child is made with, ${TITLE}`, (era) => {
  const bad = [0, 1, HOLE, KERNEL_ADDRESS[era.arch]];

  test("B-17 PARENT_SETTID is written by the parent, with the number it sees", () => {
    const lab = new Lab(era, { level: 1 });
    const wish = { flags: CLONE.PARENT_SETTID, parentTid: SCRATCH, pids: [500, 99] };
    const child = lab.child(wish);
    expect(lab.caller.readInt(SCRATCH)).toBe(99);
    // The memory had been copied before: the child's own copy has no number in it.
    expect(child.readInt(SCRATCH)).toBe(0);
    const sharing = lab.child({ ...wish, pids: [98], flags: wish.flags | CLONE.VM });
    expect(sharing.readInt(SCRATCH)).toBe(98);
    expect(lab.child({ parentTid: SCRATCH }).task.tid).not.toBe(0);
    expect(lab.caller.readInt(SCRATCH)).toBe(98);
  });

  test("B-17 a fault there is ignored: the number is returned all the same", () => {
    const lab = new Lab(era, { level: 1 });
    for (const [i, parentTid] of bad.entries()) {
      expect(lab.clone({ flags: CLONE.PARENT_SETTID, parentTid, pids: [90 + i] })).toBe(90 + i);
      expect(lab.last).toMatchObject({ kind: "value", value: 90 + i });
    }
    lab.caller.task.mm?.protect(SCRATCH, PAGE_SIZE, PROT_READ);
    expect(lab.clone({ flags: CLONE.PARENT_SETTID, parentTid: SCRATCH, pids: [80] })).toBe(80);
    expect(lab.caller.readInt(SCRATCH)).toBe(0);
  });

  test("B-17 after a failure nothing is written", () => {
    const lab = new Lab(era);
    const flags = CLONE.PARENT_SETTID | CLONE.CHILD_SETTID;
    lab.clone({ flags, parentTid: SCRATCH, childTid: SCRATCH + 4, pids: [1] });
    expect(lab.rung).toBe("pid-taken");
    expect([...lab.caller.read(SCRATCH, 8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test("B-18 CHILD_SETTID is written by the child, in its own memory, when it first runs", () => {
    const lab = new Lab(era, { level: 1 });
    const child = lab.child({ flags: CLONE.CHILD_SETTID, childTid: SCRATCH, pids: [77, 99] });
    expect(child.call("getpid")).toBe(99);
    expect(child.readInt(SCRATCH)).toBe(99);
    expect(lab.caller.readInt(SCRATCH)).toBe(0);
    const inside = lab.child({ flags: CLONE.CHILD_SETTID | CLONE.NEWPID, childTid: SCRATCH });
    inside.call("getpid");
    expect(inside.readInt(SCRATCH)).toBe(1);
    const sharing = lab.child({ flags: CLONE.CHILD_SETTID | CLONE.VM, childTid: SCRATCH, pids: [55] });
    sharing.call("getpid");
    expect(lab.caller.readInt(SCRATCH)).toBe(55);
  });

  test("B-18 a fault there is ignored", () => {
    const lab = new Lab(era);
    for (const childTid of bad) {
      const child = lab.child({ flags: CLONE.CHILD_SETTID, childTid });
      expect(child.call("gettid")).toBe(child.task.tid);
      lab.bury(child);
    }
    lab.caller.task.mm?.protect(SCRATCH, PAGE_SIZE, PROT_NONE);
    const child = lab.child({ flags: CLONE.CHILD_SETTID, childTid: SCRATCH });
    expect(child.call("gettid")).toBe(child.task.tid);
    expect(lab.machine.oopses).toEqual([]);
  });

  test("B-19 the exit signal is the low byte, unchecked; what is no signal is not sent", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    const handler = { handler: 0x4000, restart: true } as const;
    for (let sig = 1; sig <= 64; sig++) parent.task.sighand.set(sig, handler);
    for (const signal of [0, 1, SIG.USR1, SIG.CHLD, 34, 64, 65, 100, 255]) {
      const child = lab.child({ signal, pids: [50] }, parent);
      expect(child.task.exitSignal).toBe(signal);
      lab.fresh();
      child.call("exit_group", { error_code: 3 });
      const sent = lab.records.filter((r) => r.kind === "signal").map((r) => r.signal);
      expect(sent).toEqual(signal >= 1 && signal <= 64 ? [signal] : []);
      expect(parent.call("wait4", { upid: 50, options: 0x4000_0000 })).toBe(50);
    }
  });

  test("B-19 an exit signal of SIGKILL is sent like any other", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    const child = lab.child({ signal: SIG.KILL }, parent);
    child.call("exit", { error_code: 0 });
    expect(parent.task.state).toBe("zombie");
  });

  test("B-19 THREAD has no exit signal, whatever the byte says", () => {
    const lab = new Lab(era);
    const leader = lab.fork();
    for (const signal of [0, SIG.CHLD, SIG.USR1]) {
      const thread = lab.child({ flags: THREAD, signal }, leader);
      expect(thread.task.exitSignal).toBe(-1);
      lab.fresh();
      thread.call("exit", { error_code: 0 });
      expect(lab.records.some((r) => r.kind === "signal")).toBe(false);
      expect(thread.task.state).toBe("dead");
    }
    expect(leader.errno(leader.call("wait4", { upid: -1, options: 0x4000_0000 }))).toBe("ECHILD");
  });

  test("B-20 the unknown bit 0x1000 is ignored, and on x86_64 the whole high word", () => {
    const lab = new Lab(era);
    expect(lab.clone({ flags: 0x1000, pids: [45] })).toBe(45);
    expect(lab.caller.errno(lab.plain({ flags: 0x1000 }))).toBeNull();
    // eclone's flag word has 32 bits everywhere (E-14).
    if (era.arch === "i386" || lab.call === "eclone") return;
    const flags = 0xdead_beef_0000_0000n | BigInt(SIG.CHLD);
    const args = { ...lab.prepare({ pids: [46] }), flags };
    expect(lab.caller.call("clone_with_pids", args)).toBe(46);
    expect(lab.caller.child(46).task.exitSignal).toBe(SIG.CHLD);
  });

  test("B-21 the child returns 0 on the stack it was given, with every other register the caller's", () => {
    const lab = new Lab(era);
    const { regs, path } = lab.caller.task;
    const volatile = new Set(["ax", "orig_ax", "sp"]);
    if (era.arch === "x86_64") for (const name of ["cx", "r11"]) volatile.add(name);
    const kept = regs.names().filter((name) => !volatile.has(name) && !path.convention.args.includes(name));
    for (const [i, name] of kept.entries()) regs.set(name, 0x1111 * (i + 1));
    regs.set("sp", 0x0900_0000);
    const child = lab.child({ pids: [33], newsp: 0x0807_fff0, childTid: SCRATCH });
    expect(child.result).toBe(0);
    expect(child.task.regs.get("sp")).toBe(0x0807_fff0n);
    for (const name of kept) expect(child.task.regs.get(name), name).toBe(regs.get(name));
    for (const name of path.convention.args) expect(child.task.regs.get(name), name).toBe(regs.get(name));
    expect(regs.get("sp")).toBe(0x0900_0000n);
    if (era.arch === "i386") return;
    const high = lab.child({ newsp: 0x7fff_1234_5678n });
    expect(high.task.regs.get("sp")).toBe(0x7fff_1234_5678n);
  });

  test("B-22 VM without VFORK drops the alternate signal stack in the child", () => {
    const lab = new Lab(era);
    const parent = lab.fork();
    parent.task.altStackAddress = 0x7000;
    parent.task.altStackSize = 0x2000;
    const stackOf = (guest: Guest): number[] => [guest.task.altStackAddress, guest.task.altStackSize];
    expect(stackOf(lab.fork(parent))).toEqual([0x7000, 0x2000]);
    expect(stackOf(lab.fork(parent, CLONE.VM))).toEqual([0, 0]);
    expect(stackOf(lab.fork(parent, THREAD))).toEqual([0, 0]);
    expect(stackOf(parent)).toEqual([0x7000, 0x2000]);
    for (const flags of [CLONE.VFORK, CLONE.VFORK | CLONE.VM]) {
      expect(lab.plain({ flags }, parent)).toBeNull();
      const [child] = [...(parent.task.children ?? [])].slice(-1);
      if (child === undefined) throw new Error("vfork made no child");
      expect([child.altStackAddress, child.altStackSize]).toEqual([0x7000, 0x2000]);
      parent.child(child.tid).call("exit_group", { error_code: 0 });
    }
  });

  test("B-25 pid namespaces nest without a limit: 40 deep", () => {
    const lab = new Lab(era, { level: 40 });
    expect(lab.caller.task.pidNs.level).toBe(40);
    expect(lab.caller.call("getpid")).toBe(1);
    const pids = Array.from({ length: 41 }, (_, level) => 100 + level);
    expect(numbersOf(lab.child({ pids }))).toEqual(pids);
    expect(nest(lab.caller.child(140)).call("getppid")).toBe(0);
    expectFailure(lab, lab.clone({ pids: [...pids, 7] }), "EINVAL", "count-too-deep");
  });
});

describe.each(ERAS)(`Before 2.6.32, ${TITLE}`, (era) => {
  test("B-23 B-24 2.6.30 refuses neither: PARENT by a namespace's init, and NEWPID with PARENT", () => {
    const lab = new Lab(era, { level: 1 });
    const sibling = lab.child({ flags: CLONE.PARENT, pids: [44] });
    expect(sibling.task.realParent).toBe(lab.inits[0]?.task);
    const ordinary = lab.fork();
    const made = lab.plain({ flags: CLONE.NEWPID | CLONE.PARENT }, ordinary);
    expect(ordinary.errno(made)).toBeNull();
    expect(ordinary.child(made).task.realParent).toBe(lab.caller.task);
  });
});

// "Since 2.6.32": the two rungs exist in the ladder, and an era has them when its data say so.
describe.each([...V3, ...ECLONE])(`2.6.32's additions, ${TITLE}`, (era) => {
  function since2632(step: CopyStep, before: CopyStep): Lab {
    if (era.profile === "eclone") return new Lab(era, { level: 1 });
    const steps = PROFILES[era.profile]?.copyProcess ?? [];
    const at = steps.indexOf(before);
    const copyProcess = [...steps.slice(0, at), step, ...steps.slice(at)];
    return new Lab(era, { level: 1, profile: variant(era.profile, { copyProcess }) });
  }

  test("B-23 PARENT by a container's init is EINVAL", () => {
    const lab = since2632("parent-by-init", "security-hook");
    expectFailure(lab, lab.clone({ flags: CLONE.PARENT }), "EINVAL", "parent-by-init");
    expectFailure(lab, lab.plain({ flags: CLONE.PARENT, signal: 0 }), "EINVAL", "parent-by-init");
    const ordinary = lab.fork();
    expect(lab.fork(ordinary, CLONE.PARENT).task.realParent).toBe(lab.caller.task);
  });

  test("B-24 NEWPID with PARENT is EINVAL", () => {
    const lab = since2632("newpid-parent", "newpid-thread");
    const ordinary = lab.fork();
    const flags = CLONE.NEWPID | CLONE.PARENT;
    expectFailure(lab, lab.clone({ flags }, ordinary), "EINVAL", "newpid-parent");
    expect(ordinary.errno(lab.plain({ flags: CLONE.PARENT }, ordinary))).toBeNull();
    expect(ordinary.errno(lab.plain({ flags: CLONE.NEWPID }, ordinary))).toBeNull();
  });
});
