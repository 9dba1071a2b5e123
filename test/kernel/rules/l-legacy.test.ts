import { describe, expect, test } from "vitest";
import { CLONE, CLONE_HIGH } from "../../../src/abi/structs/index.ts";
import { ENTRY_PATHS } from "../../../src/arch/entry.ts";
import { SIG } from "../../../src/kernel/index.ts";
import { ARGS, Lab3 } from "../support/clone3.ts";
import { clone3Eras, TITLE } from "../support/eras.ts";
import { expectFailure, HOLE, KERNEL_ADDRESS, SCRATCH } from "../support/lab.ts";

const THREAD = CLONE.THREAD | CLONE.SIGHAND | CLONE.VM;

describe.each(clone3Eras())(`clone today, ${TITLE}`, (era) => {
  const bad = KERNEL_ADDRESS[era.arch];

  test("L-01 flags are the low 32 bits without the signal byte; the upper half is ignored", () => {
    const lab = new Lab3(era);
    expect(lab.made(lab.plain({ signal: SIG.USR1 })).task.exitSignal).toBe(SIG.USR1);
    if (era.arch === "i386") return;
    const words = [CLONE_HIGH.CLEAR_SIGHAND, CLONE_HIGH.INTO_CGROUP, 0x40, 0xffff_ffff];
    for (const upper of words) {
      const flags = (BigInt(upper) << 32n) | BigInt(SIG.CHLD);
      expect(lab.caller.errno(lab.caller.call("clone", { flags }))).toBeNull();
    }
  });

  test("L-02 the pidfd goes where the parent's tid would, so PIDFD and PARENT_SETTID are EINVAL", () => {
    const lab = new Lab3(era);
    expect(lab.plain({ flags: CLONE.PIDFD, parentTid: SCRATCH })).toBeGreaterThan(0);
    expect(lab.caller.readInt(SCRATCH)).toBe(0);
    const flags = CLONE.PIDFD | CLONE.PARENT_SETTID;
    for (const parentTid of [SCRATCH, 0])
      expectFailure(lab, lab.plain({ flags, parentTid }), "EINVAL", "pidfd-is-parent-tid");
  });

  test("L-03 DETACHED is ignored unless PIDFD is there", () => {
    const lab = new Lab3(era);
    expect(lab.made(lab.plain({ flags: CLONE.DETACHED })).task.exitSignal).toBe(SIG.CHLD);
    const result = lab.plain({ flags: CLONE.DETACHED | CLONE.PIDFD, parentTid: SCRATCH });
    expectFailure(lab, result, "EINVAL", "pidfd-detached");
  });

  test("L-04 the stack pointer is not looked at; 0 is the caller's own", () => {
    const lab = new Lab3(era);
    lab.caller.task.regs.set("sp", 0x7000);
    expect(lab.made(lab.plain()).task.regs.get("sp")).toBe(0x7000n);
    for (const newsp of [1, HOLE, bad])
      expect(lab.made(lab.plain({ newsp })).task.regs.get("sp")).toBe(BigInt(newsp));
  });

  test("L-05 the signal byte is never a flag: NEWTIME cannot be said", () => {
    const lab = new Lab3(era);
    const { time } = lab.caller.task.nsproxy;
    const result = lab.plain({ signal: 0x80 });
    if (era.profile === "clone3-7x") expectFailure(lab, result, "EINVAL", "exit-signal-invalid");
    else expect(lab.made(result).task.nsproxy.time).toBe(time);
  });

  test("P-29 the parent's tid is written after success, and a fault there changes nothing", () => {
    const lab = new Lab3(era, { level: 1 });
    const flags = CLONE.PARENT_SETTID;
    for (const parentTid of [0, HOLE, HOLE - 2, bad]) {
      expect(lab.clone3({ flags, parentTid })).toBeGreaterThan(0);
      expect(lab.plain({ flags, parentTid })).toBeGreaterThan(0);
    }
    lab.caller.writeInts(SCRATCH, [-7]);
    const nr = lab.clone3({ flags, parentTid: SCRATCH });
    expect(lab.caller.readInt(SCRATCH)).toBe(nr);
    // The child was made before: its copy of the memory has the old word.
    expect(lab.made(nr).readInt(SCRATCH)).toBe(-7);
  });

  test("P-30 the child's tid is written by the child, and a fault there changes nothing", () => {
    const lab = new Lab3(era, { level: 1 });
    const flags = CLONE.CHILD_SETTID;
    for (const childTid of [0, HOLE, bad]) {
      const child = lab.child3({ flags, childTid });
      expect(child.call("gettid")).toBe(child.task.tid);
    }
    lab.caller.writeInts(SCRATCH, [-7]);
    const child = lab.child3({ flags, childTid: SCRATCH });
    child.call("gettid");
    expect([lab.caller.readInt(SCRATCH), child.readInt(SCRATCH)]).toEqual([-7, child.task.tid]);
  });

  test("P-32 the exit signal: a thread has none, a sibling that of the caller's leader, others what was passed", () => {
    const lab = new Lab3(era);
    const child = lab.made(lab.plain({ signal: SIG.USR1 }));
    const thread = lab.made(lab.clone3({ flags: THREAD, exitSignal: 0 }, child), child);
    expect(thread.task.exitSignal).toBe(-1);
    for (const maker of [child, thread]) {
      // What clone passes is not heard.
      const sibling = lab.made(lab.plain({ flags: CLONE.PARENT, signal: SIG.TERM }, maker), maker);
      expect(sibling.task.exitSignal).toBe(SIG.USR1);
      const silent = lab.made(lab.clone3({ flags: CLONE.PARENT, exitSignal: 0 }, maker), maker);
      expect(silent.task.exitSignal).toBe(SIG.USR1);
    }
    expect(lab.child3({ exitSignal: 0 }).task.exitSignal).toBe(0);
  });

  test("P-07 P-25 a pidfd is closed by execve, and not in the table of a child with a copy of its own", () => {
    const lab = new Lab3(era);
    const child = lab.child3({ flags: CLONE.PIDFD, pidfd: SCRATCH });
    const { files } = lab.caller.task;
    expect([files.getCloseOnExec(0), child.task.files.lookup(0)]).toEqual([true, null]);
    const sharing = lab.child3({ flags: CLONE.PIDFD | CLONE.FILES, pidfd: SCRATCH });
    expect(lab.caller.readInt(SCRATCH)).toBe(1);
    expect(sharing.task.files).toBe(files);
    expect(files.lookup(1)).not.toBeNull();
  });

  test("fork and vfork are clone with flags of their own; vfork waits until the child has let go of the memory", () => {
    const lab = new Lab3(era);
    const forked = lab.made(lab.caller.call("fork"));
    expect([forked.task.exitSignal, forked.task.mm === lab.caller.task.mm]).toEqual([SIG.CHLD, false]);
    const child = lab.fork();
    expect(child.call("vfork")).toBeNull();
    const grandchild = [...lab.machine.tasks].find(({ vforkParent }) => vforkParent === child.task);
    expect([grandchild?.mm === child.task.mm, child.task.state]).toEqual([true, "blocked"]);
    lab.machine.kill(grandchild as NonNullable<typeof grandchild>);
    lab.machine.settle();
    expect(child.result).toBe(grandchild?.pidNumbers()[0]);
  });
});

describe.each(clone3Eras().filter(({ arch }) => arch === "x86_64"))(
  `int 0x80 of a 64-bit task, ${TITLE}`,
  (era) => {
    test("P-22 CLONE_SETTLS through a 32-bit entry wants a descriptor, whatever the task is", () => {
      const lab = new Lab3(era);
      const path = ENTRY_PATHS["x86_64/int80"];
      lab.caller.writeInts(SCRATCH, [12, 0x1000, 0xfffff, 0x51]);
      const call = (tls: number): number | null => {
        lab.fresh();
        return lab.caller.call("clone", { flags: CLONE.SETTLS | SIG.CHLD, tls }, path);
      };
      expect(lab.made(call(SCRATCH)).task.tls?.[0]).toEqual([12, 0x1000, 0xfffff, 0x51]);
      expectFailure(lab, call(HOLE), "EFAULT", "tls-unreadable");
    });

    test("N-13 clone3 has the same struct there", () => {
      const lab = new Lab3(era);
      lab.clone3({ flags: CLONE.PARENT_SETTID, parentTid: SCRATCH });
      const nr = lab.caller.call("clone3", { uargs: ARGS, size: 64 }, ENTRY_PATHS["x86_64/int80"]);
      expect(lab.caller.readInt(SCRATCH)).toBe(nr);
    });
  },
);
