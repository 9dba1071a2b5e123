import { describe, expect, test } from "vitest";
import { layoutOf } from "../../../src/abi/struct.ts";
import { CLONE, target_pid_set } from "../../../src/abi/structs/index.ts";
import { SIG } from "../../../src/kernel/index.ts";
import { PAGE_SIZE, PROT_NONE } from "../../../src/mm/index.ts";
import { ERAS, TITLE, V2 } from "../support/eras.ts";
import {
  become,
  dropCapabilities,
  expectFailure,
  HOLE,
  KERNEL_ADDRESS,
  Lab,
  NUMBERS,
  numbersOf,
  SET,
  writeSet,
} from "../support/lab.ts";

const THREAD = CLONE.THREAD | CLONE.SIGHAND | CLONE.VM;

describe.each(ERAS)(`Ladder A, ${TITLE}`, (era) => {
  const bytesOfSet = era.arch === "i386" ? 8 : 16;

  test("A-01 a number beyond the table is ENOSYS, whatever the arguments", () => {
    const lab = new Lab(era);
    const bad = KERNEL_ADDRESS[era.arch];
    for (const nr of [9999, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]) {
      const result = lab.caller.syscall(nr, [CLONE.NEWUSER | CLONE.THREAD, bad, bad, bad, bad, bad]);
      expectFailure(lab, result, "ENOSYS", "not-implemented");
    }
    expect(lab.machine.tasks.size).toBe(1);
  });

  test("A-02 newsp 0 gives the child the caller's stack pointer", () => {
    const lab = new Lab(era);
    lab.caller.task.regs.set("sp", 0x0804_2ff0);
    expect(lab.child({ pids: [70] }).task.regs.get("sp")).toBe(0x0804_2ff0n);
    expect(lab.child({ pids: [71], newsp: 0x0807_0000 }).task.regs.get("sp")).toBe(0x0807_0000n);
    expect(lab.caller.task.regs.get("sp")).toBe(0x0804_2ff0n);
  });

  test("A-03 NEWUSER with THREAD is EINVAL, for root too", () => {
    const lab = new Lab(era);
    for (const flags of [CLONE.NEWUSER | CLONE.THREAD, CLONE.NEWUSER | THREAD]) {
      expectFailure(lab, lab.clone({ flags }), "EINVAL", "newuser-thread");
      expectFailure(lab, lab.clone({ flags, pids: [9] }), "EINVAL", "newuser-thread");
    }
    dropCapabilities(lab.caller);
    const flags = CLONE.NEWUSER | CLONE.THREAD;
    expectFailure(lab, lab.clone({ flags }), "EINVAL", "newuser-thread");
  });

  test("A-04 NEWUSER takes all of CAP_SYS_ADMIN, CAP_SETUID and CAP_SETGID", () => {
    const needed = ["SYS_ADMIN", "SETUID", "SETGID"];
    for (const missing of [...needed, null]) {
      const lab = new Lab(era);
      become(
        lab.caller,
        1000,
        needed.filter((cap) => cap !== missing),
      );
      const result = lab.clone({ flags: CLONE.NEWUSER });
      if (missing !== null) expectFailure(lab, result, "EPERM", "newuser-not-capable");
      else expect(lab.made(result).task.cred.userNs.parent).toBe(lab.machine.rootUserNs);
    }
    const root = new Lab(era);
    dropCapabilities(root.caller);
    expectFailure(root, root.clone({ flags: CLONE.NEWUSER }), "EPERM", "newuser-not-capable");
  });

  // The rule's log line, "at most 100 times", has no counterpart: the emulated kernel has no log.
  test("A-05 CLONE_STOPPED starts the child with SIGSTOP, and SIGCONT starts it", () => {
    const lab = new Lab(era);
    const child = lab.child({ flags: CLONE.STOPPED | CLONE.CHILD_SETTID, childTid: NUMBERS, pids: [50] });
    expect(child.task.state).toBe("stopped");
    expect(child.task.pending.has(SIG.STOP)).toBe(true);
    expect(child.readInt(NUMBERS)).toBe(50); // The wish's own array: the child has not run yet.
    child.writeInts(NUMBERS, [0]);
    expect(() => child.call("getpid")).toThrow(RangeError);
    expect(lab.caller.call("kill", { pid: 50, sig: SIG.CONT })).toBe(0);
    expect(child.task.state).toBe("running");
    expect(child.task.pending.has(SIG.STOP)).toBe(false);
    expect(child.call("getpid")).toBe(50);
    expect(child.readInt(NUMBERS)).toBe(50);
    lab.bury(child);
  });

  test("A-05 a stopped child can be killed without being continued", () => {
    const lab = new Lab(era);
    const child = lab.child({ flags: CLONE.STOPPED });
    expect(lab.caller.call("kill", { pid: child.task.tid, sig: SIG.KILL })).toBe(0);
    expect(child.task.state).toBe("zombie");
    expect(lab.caller.call("wait4", { upid: -1, stat_addr: SET })).toBe(child.task.tid);
    expect(lab.caller.readInt(SET)).toBe(SIG.KILL);
  });

  test("A-06 a NULL set is a plain clone and takes no capability", () => {
    const lab = new Lab(era, { level: 1 });
    const next = lab.caller.task.pidNs.lastPid + 1;
    dropCapabilities(lab.caller);
    const child = lab.child();
    expect(child.task.tid).toBe(next);
    expect(lab.log.entries).toEqual([]);
  });

  test("A-07 a set that cannot be read, even in part, is EFAULT", () => {
    const lab = new Lab(era);
    for (let cut = 1; cut <= bytesOfSet; cut++) {
      const at = HOLE - bytesOfSet + cut;
      if (cut <= bytesOfSet - 4) lab.caller.writeInts(at, [0]);
      expectFailure(lab, lab.clone({ set: at }), "EFAULT", "set-unreadable");
    }
    for (const set of [1, 8, HOLE, KERNEL_ADDRESS[era.arch], era.arch === "i386" ? 0xffff_fffc : -4n]) {
      expectFailure(lab, lab.clone({ set }), "EFAULT", "set-unreadable");
    }
    lab.caller.task.mm?.protect(HOLE - PAGE_SIZE, PAGE_SIZE, PROT_NONE);
    expectFailure(lab, lab.clone({ set: HOLE - PAGE_SIZE }), "EFAULT", "set-unreadable");
  });

  test("A-07 a set that ends exactly at an unmapped page is read", () => {
    const lab = new Lab(era);
    const at = HOLE - bytesOfSet;
    lab.caller.writeInts(NUMBERS, [44]);
    writeSet(lab.caller, at, 1, NUMBERS);
    expect(lab.clone({ set: at })).toBe(44);
    expect(layoutOf(target_pid_set, lab.caller.task.path.model).size).toBe(bytesOfSet);
  });

  test("A-08 a count of 0 is a plain clone: the array is not read, and no capability is needed", () => {
    const lab = new Lab(era, { level: 2 });
    dropCapabilities(lab.caller);
    for (const array of [0, 3, HOLE, KERNEL_ADDRESS[era.arch]]) {
      const next = lab.caller.task.pidNs.lastPid + 1;
      const child = lab.child({ pids: [77], count: 0, array });
      expect(child.task.tid).toBe(next);
      expect(lab.log.entries.map(({ address, length }) => ({ address, length }))).toEqual([
        { address: SET, length: bytesOfSet },
      ]);
    }
  });

  test("A-08 a call gives the kernel stack back, whatever else it touched", () => {
    const lab = new Lab(era);
    for (let i = 0; i < 100; i++) lab.bury(lab.child({ pids: [77], count: 0 }));
    expect(lab.machine.oopses).toEqual([]);
  });

  test("A-09 a negative count is EINVAL", () => {
    const lab = new Lab(era, { level: 1 });
    for (const count of [-1, -2, -1000, -0x8000_0000]) {
      expectFailure(lab, lab.clone({ pids: [9], count }), "EINVAL", "count-negative");
      expect(lab.log.entries).toHaveLength(1);
    }
  });

  test("A-10 a count above the caller's depth, its level + 1, is EINVAL", () => {
    for (let level = 0; level < 4; level++) {
      const lab = new Lab(era, { level });
      for (const count of [level + 2, level + 3, 1000, 0x7fff_ffff]) {
        expectFailure(lab, lab.clone({ pids: [9], count }), "EINVAL", "count-too-deep");
      }
      const pids = Array.from({ length: level + 1 }, (_, i) => 60 + i);
      expect(lab.clone({ pids })).toBe(60 + level);
    }
  });

  test("A-11 no memory for the kernel's array is ENOMEM, between the count and the array", () => {
    const lab = new Lab(era, { level: 1 });
    const refuse = (): void => void lab.plan().failAllocation("1+", "kalloc");
    refuse();
    expectFailure(lab, lab.clone({ pids: [5, 6] }), "ENOMEM", "array-no-memory");
    expectFailure(lab, lab.clone({ pids: [5], array: HOLE }), "ENOMEM", "array-no-memory");
    expect(lab.log.entries).toHaveLength(1);
    // Nothing is allocated before: these speak first, as ever.
    expectFailure(lab, lab.clone({ set: HOLE }), "EFAULT", "set-unreadable");
    expectFailure(lab, lab.clone({ pids: [5], count: -1 }), "EINVAL", "count-negative");
    expectFailure(lab, lab.clone({ pids: [5], count: 3 }), "EINVAL", "count-too-deep");
    // And where no array is wanted, nobody misses it.
    expect(lab.caller.errno(lab.clone({ pids: [5], count: 0 }))).toBeNull();
    expect(lab.caller.errno(lab.clone())).toBeNull();
  });

  test("A-12 an array that cannot be read, even in part, is EFAULT", () => {
    const lab = new Lab(era, { level: 2 });
    for (let count = 1; count <= 3; count++) {
      for (let cut = 1; cut <= count * 4; cut++) {
        const result = lab.clone({ pids: [1, 2, 3], count, array: HOLE - count * 4 + cut });
        expectFailure(lab, result, "EFAULT", "array-unreadable");
      }
    }
    for (const array of [0, HOLE, KERNEL_ADDRESS[era.arch]]) {
      expectFailure(lab, lab.clone({ pids: [1], array }), "EFAULT", "array-unreadable");
    }
    lab.caller.writeInts(HOLE - 12, [0, 77, 99]);
    expect(lab.clone({ pids: [1, 2, 3], array: HOLE - 12 })).toBe(99);
  });

  test("A-13 an array takes CAP_SYS_ADMIN, even one of zeros", () => {
    const lab = new Lab(era, { level: 1 });
    become(lab.caller, 1000, ["SYS_ADMIN"]);
    expect(lab.clone({ pids: [90] })).toBe(90);
    for (const caps of [[], ["SYS_RESOURCE", "KILL", "SETUID", "SETGID", "CHECKPOINT_RESTORE"]]) {
      become(lab.caller, 1000, caps);
      for (const pids of [[91], [0], [0, 0], [0, 91]]) {
        expectFailure(lab, lab.clone({ pids }), "EPERM", "not-capable");
      }
    }
    // Being root is not enough, and not being root does not matter.
    become(lab.caller, 0, []);
    expectFailure(lab, lab.clone({ pids: [91] }), "EPERM", "not-capable");
  });

  test("A-13 the check looks at the caller alone, not at user namespaces", () => {
    const lab = new Lab(era);
    const inside = lab.fork(lab.caller, CLONE.NEWUSER);
    expect(inside.task.cred.userNs.level).toBe(1);
    expect(lab.clone({ pids: [80] }, inside)).toBe(80);
    dropCapabilities(inside);
    lab.clone({ pids: [81] }, inside);
    expect(lab.rung).toBe("not-capable");
  });

  test("A-15 then comes copy_process, from its first rung on", () => {
    const lab = new Lab(era);
    const wish = { pids: [88] };
    const b = (flags: number): number | null => lab.clone({ ...wish, flags });
    expectFailure(lab, b(CLONE.NEWNS | CLONE.FS), "EINVAL", "newns-fs");
    expectFailure(lab, b(CLONE.THREAD | CLONE.VM), "EINVAL", "thread-without-sighand");
    expectFailure(lab, b(CLONE.SIGHAND), "EINVAL", "sighand-without-vm");
    lab.machine.securityTaskCreate = () => "EACCES";
    expectFailure(lab, b(0), "EACCES", "security-hook");
    lab.machine.securityTaskCreate = null;
    lab.plan().failAllocation("1", "mm_struct");
    expectFailure(lab, b(0), "ENOMEM", "copy-no-memory");
    expect(b(0)).toBe(88);
  });

  test("A-16 the numbers are chosen after copy_thread and before the proc mount", () => {
    const lab = new Lab(era);
    const tls = KERNEL_ADDRESS[era.arch];
    const taken = { pids: [lab.caller.task.tid] };
    const [errno, rung] = era.arch === "i386" ? ["EFAULT", "tls-unreadable"] : ["EPERM", "tls-base"];
    expectFailure(lab, lab.clone({ ...taken, flags: CLONE.SETTLS, tls }), errno, rung);
    if (era.profile === "cwp-v2") return; // A-14 keeps NEWPID and numbers apart.
    lab.plan().failAllocation("1+", "proc_mnt");
    const newpid = era.profile === "cwp-v2-newpid" ? { pids: [1, 0] } : taken;
    expectFailure(lab, lab.clone({ ...newpid, flags: CLONE.NEWPID }), "EBUSY", "pid-taken");
    const free = era.profile === "cwp-v2-newpid" ? { pids: [61, 1] } : { pids: [61] };
    expectFailure(lab, lab.clone({ ...free, flags: CLONE.NEWPID }), "ENOMEM", "proc-mount");
  });

  test("A-17 the kernel's array is freed on every path", () => {
    const lab = new Lab(era);
    const wishes = [
      { pids: [1] },
      { pids: [-1] },
      { pids: [7], array: HOLE },
      { pids: [7], flags: CLONE.SIGHAND },
      { pids: [7], flags: CLONE.NEWNS | CLONE.FS },
    ];
    const errnos = ["EBUSY", "EINVAL", "EFAULT", "EINVAL", "EINVAL"];
    // 64 KiB of kernel memory hold 4096 of the smallest arrays.
    const { tracer } = lab.machine;
    lab.machine.tracer = null;
    for (let i = 0; i < 4200; i++) {
      const result = lab.clone(wishes[i % wishes.length]);
      if (lab.caller.errno(result) !== errnos[i % errnos.length]) expect.fail(`call ${i} returned ${result}`);
    }
    lab.machine.tracer = tracer;
    for (let i = 0; i < 100; i++) lab.bury(lab.child({ pids: [7] }));
    expect(numbersOf(lab.caller)).toEqual([1]);
  });
});

// Where exactly the rung lies was elided in the source; rules.md §13 chooses: right after A-12, before the capability.
describe.each(V2)(`Ladder A, ${TITLE}`, (era) => {
  test("A-14 CLONE_NEWPID together with chosen pids is EINVAL", () => {
    const lab = new Lab(era, { level: 1 });
    const flags = CLONE.NEWPID;
    for (const pids of [[99], [0], [0, 0], [1], [77, 99]]) {
      expectFailure(lab, lab.clone({ flags, pids }), "EINVAL", "newpid-with-pids");
    }
    expectFailure(lab, lab.clone({ flags, pids: [9], array: HOLE }), "EFAULT", "array-unreadable");
    expectFailure(lab, lab.clone({ flags, pids: [9, 9, 9] }), "EINVAL", "count-too-deep");
    expect(lab.child({ flags }).task.tid).toBe(1);
    expect(lab.child({ flags, pids: [9], count: 0 }).task.tid).toBe(1);
    dropCapabilities(lab.caller);
    expectFailure(lab, lab.clone({ flags, pids: [9] }), "EINVAL", "newpid-with-pids");
    expectFailure(lab, lab.clone({ pids: [9] }), "EPERM", "not-capable");
  });
});
