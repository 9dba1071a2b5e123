import { describe, expect, test } from "vitest";
import { CLONE } from "../../../src/abi/structs/index.ts";
import { SIG } from "../../../src/kernel/index.ts";
import { ECLONE, TITLE } from "../support/eras.ts";
import {
  dropCapabilities,
  expectFailure,
  HOLE,
  KERNEL_ADDRESS,
  Lab,
  NUMBERS,
  numbersOf,
  SCRATCH,
  SET,
} from "../support/lab.ts";

/** Bytes of eclone's struct. */
const SIZE = 48;

describe.each(ECLONE)(`Ladder E, ${TITLE}`, (era) => {
  const bad = KERNEL_ADDRESS[era.arch];

  test("E-01 any size but 48, as a signed 32-bit number, is EINVAL, and nothing is read", () => {
    const lab = new Lab(era, { level: 1 });
    for (const size of [0, 47, 49, 40, 56, 64, 88, -1, -48, 0x7fff_ffff, -0x8000_0000]) {
      expectFailure(lab, lab.clone({ size, pids: [9] }), "EINVAL", "args-size");
      expect(lab.log.entries).toEqual([]);
    }
    if (era.arch === "i386") return;
    // An int argument is the low half of its register (N-07).
    expect(lab.clone({ size: 0xdead_beef_0000_0030n, pids: [9] })).toBe(9);
    expectFailure(lab, lab.clone({ size: 0x30_0000_0000n, pids: [9] }), "EINVAL", "args-size");
  });

  test("E-02 a struct of which one byte cannot be read is EFAULT, and so is NULL", () => {
    const lab = new Lab(era, { level: 1 });
    for (let there = 0; there < SIZE; there++)
      expectFailure(lab, lab.clone({ set: HOLE - there }), "EFAULT", "args-unreadable");
    for (const set of [0, HOLE, bad])
      expectFailure(lab, lab.clone({ set, pids: [9] }), "EFAULT", "args-unreadable");
  });

  test("E-02 a struct that ends where the page ends is read", () => {
    const lab = new Lab(era, { level: 1 });
    lab.prepare({ pids: [9] });
    lab.caller.write(HOLE - SIZE, lab.caller.read(SET, SIZE));
    expect(lab.clone({ set: HOLE - SIZE, pids: [9] })).toBe(9);
  });

  test("E-03 reserved0 or clone_flags_high that is not 0 is EINVAL", () => {
    const lab = new Lab(era, { level: 1 });
    for (const reserved of [1, 0xdead_beef, 0x8000_0000])
      expectFailure(lab, lab.clone({ reserved, pids: [9] }), "EINVAL", "reserved-set");
    for (const flagsHigh of [1n, 1n << 1n, 1n << 31n, 1n << 32n, 1n << 33n, 1n << 63n])
      expectFailure(lab, lab.clone({ flagsHigh, pids: [9] }), "EINVAL", "flags-high-set");
    expectFailure(lab, lab.clone({ reserved: 1, flagsHigh: 1 }), "EINVAL", "reserved-set");
  });

  test("E-04 child_stack_size that is not 0 is EINVAL, with or without a stack", () => {
    const lab = new Lab(era, { level: 1 });
    for (const newsp of [0, SCRATCH])
      for (const stackSize of [1, 8192, 0xffff_ffff])
        expectFailure(lab, lab.clone({ stackSize, newsp, pids: [9] }), "EINVAL", "stack-size-set");
  });

  test("E-05 Q-09 a 32-bit kernel looks at the low word of the stack size alone; a 64-bit one at both", () => {
    const lab = new Lab(era, { level: 1 });
    const wish = { stackSize: 1n << 32n, pids: [9] };
    if (era.arch === "i386") expect(lab.clone(wish)).toBe(9);
    else expectFailure(lab, lab.clone(wish), "EINVAL", "stack-size-set");
  });

  test("E-05 Q-09 a 32-bit kernel cuts stack and pointers to 32 bits", () => {
    const lab = new Lab(era, { level: 1 });
    const high = 1n << 32n;
    const child = lab.child({
      flags: CLONE.PARENT_SETTID | CLONE.CHILD_SETTID | CLONE.VM,
      newsp: high + BigInt(SCRATCH) + 256n,
      parentTid: high + BigInt(SCRATCH),
      childTid: high + BigInt(SCRATCH) + 4n,
      pids: [40],
    });
    child.call("gettid");
    const cut = era.arch === "i386";
    expect(child.task.regs.get("sp")).toBe(BigInt(SCRATCH) + 256n + (cut ? 0n : high));
    expect([0, 4].map((at) => lab.caller.readInt(SCRATCH + at))).toEqual(cut ? [40, 40] : [0, 0]);
  });

  test("E-06 NEWUSER with THREAD is EINVAL, without its capabilities EPERM", () => {
    const lab = new Lab(era, { level: 1 });
    expectFailure(lab, lab.clone({ flags: CLONE.NEWUSER | CLONE.THREAD }), "EINVAL", "newuser-thread");
    for (const missing of ["SYS_ADMIN", "SETUID", "SETGID"]) {
      dropCapabilities(
        lab.caller,
        ["SYS_ADMIN", "SETUID", "SETGID"].filter((cap) => cap !== missing),
      );
      expectFailure(lab, lab.clone({ flags: CLONE.NEWUSER }), "EPERM", "newuser-not-capable");
    }
    dropCapabilities(lab.caller, ["SYS_ADMIN", "SETUID", "SETGID"]);
    expect(lab.child({ flags: CLONE.NEWUSER, pids: [31] }).task.cred.uid).toBe(0);
  });

  test("E-07 nr_pids 0 is a plain clone: the array is not read, no capability is needed", () => {
    const lab = new Lab(era, { level: 1 });
    dropCapabilities(lab.caller);
    for (const array of [0, HOLE, bad, NUMBERS]) {
      const next = lab.caller.task.pidNs.lastPid + 1;
      expect(lab.clone({ pids: [9], array, count: 0 })).toBe(next);
      expect(lab.log.entries.map(({ address, length }) => [address, length])).toEqual([[SET, SIZE]]);
    }
  });

  test("E-08 more numbers than the caller has levels is EINVAL", () => {
    for (const level of [0, 1, 3]) {
      const lab = new Lab(era, { level });
      const pids = Array.from({ length: level + 1 }, (_, i) => 70 + i);
      for (const count of [level + 2, 33, 1000, 0x7fff_ffff])
        expectFailure(lab, lab.clone({ pids, count }), "EINVAL", "count-too-deep");
      expect(lab.clone({ pids })).toBe(70 + level);
    }
  });

  test("E-08 the depth is the caller's own, whether or not the child gets a namespace", () => {
    const lab = new Lab(era, { level: 1 });
    const flags = CLONE.NEWPID;
    expectFailure(lab, lab.clone({ pids: [7, 8, 1], flags }), "EINVAL", "count-too-deep");
    expect(numbersOf(lab.child({ pids: [400, 41], flags }))).toEqual([400, 41, 1]);
  });

  test("E-09 no memory for the kernel's copy of the numbers is ENOMEM", () => {
    const lab = new Lab(era, { level: 1 });
    lab.prepare({ pids: [9] });
    lab.plan().failAllocation("1", "kalloc");
    expectFailure(lab, lab.clone({ pids: [9] }), "ENOMEM", "array-no-memory");
    expect(lab.clone({ pids: [9] })).toBe(9);
  });

  test("E-10 an array of which one byte cannot be read is EFAULT, NULL with a count too", () => {
    const lab = new Lab(era, { level: 2 });
    for (let there = 0; there < 12; there++)
      expectFailure(lab, lab.clone({ pids: [0, 77, 99], array: HOLE - there }), "EFAULT", "array-unreadable");
    for (const array of [0, HOLE, bad])
      expectFailure(lab, lab.clone({ pids: [99], array }), "EFAULT", "array-unreadable");
    lab.caller.writeInts(HOLE - 12, [0, 77, 99]);
    expect(lab.clone({ pids: [0, 77, 99], array: HOLE - 12 })).toBe(99);
  });

  test("E-11 numbers, even if all are 0, take CAP_SYS_ADMIN: EPERM", () => {
    const lab = new Lab(era, { level: 1 });
    dropCapabilities(lab.caller);
    for (const pids of [[9], [0], [0, 0], [-1]])
      expectFailure(lab, lab.clone({ pids }), "EPERM", "not-capable");
    dropCapabilities(lab.caller, ["SYS_ADMIN"]);
    expect(lab.clone({ pids: [9] })).toBe(9);
  });

  test("E-13 then the ladder of copy_process: a rung of it speaks before the choice of numbers", () => {
    const lab = new Lab(era, { level: 1 });
    const wrong = [
      [CLONE.NEWNS | CLONE.FS, "newns-fs"],
      [CLONE.THREAD | CLONE.VM, "thread-without-sighand"],
      [CLONE.SIGHAND, "sighand-without-vm"],
      [CLONE.PARENT, "parent-by-init"],
      [CLONE.NEWIPC | CLONE.SYSVSEM, "newipc-sysvsem"],
      [CLONE.NEWPID | CLONE.THREAD | CLONE.SIGHAND | CLONE.VM, "newpid-thread"],
    ] as const;
    for (const [flags, rung] of wrong) {
      expectFailure(lab, lab.clone({ flags }), "EINVAL", rung);
      // 1 is taken: EBUSY would come later.
      expectFailure(lab, lab.clone({ flags, pids: [1] }), "EINVAL", rung);
    }
  });

  test("E-14 flags_low has 32 bits: what stands above it in the register is ignored", () => {
    const lab = new Lab(era, { level: 1 });
    const args = lab.prepare({ pids: [44] });
    if (era.arch === "i386") {
      expect(lab.caller.call("eclone", args)).toBe(44);
      return;
    }
    const flags_low = (0xdead_beefn << 32n) | BigInt(SIG.USR1);
    expect(lab.caller.call("eclone", { ...args, flags_low })).toBe(44);
    expect(lab.caller.child(44).task.exitSignal).toBe(SIG.USR1);
  });

  test("E-15 the array goes from the oldest namespace to the youngest; a short one serves the youngest", () => {
    const lab = new Lab(era, { level: 6 });
    const next = lab.inits.map((init) => init.task.pidNs.lastPid + 1);
    expect(numbersOf(lab.child({ pids: [504, 505, 506] }))).toEqual([...next.slice(0, 4), 504, 505, 506]);
    expect(numbersOf(lab.child({ pids: [0, 605, 0] })).slice(4)).toEqual([next[4], 605, next[6]]);
  });

  test("E-15 with NEWPID the new namespace's number is the kernel's own, 1", () => {
    const lab = new Lab(era, { level: 1 });
    const child = lab.child({ flags: CLONE.NEWPID, pids: [99] });
    expect(numbersOf(child).slice(1)).toEqual([99, 1]);
    expect(child.task.pidNs.lastPid).toBe(1);
  });

  test("E-16 the result is the child's number in the caller's namespace", () => {
    const lab = new Lab(era, { level: 2 });
    expect(lab.clone({ pids: [501, 77, 99] })).toBe(99);
    expect(lab.clone({ pids: [602, 78] }, lab.inits[1])).toBe(78);
  });

  test("U-17 U-18 the struct is read once and the array once, before anything is made", () => {
    const lab = new Lab(era, { level: 2 });
    expect(lab.clone({ pids: [0, 77, 99] })).toBe(99);
    expect(lab.log.entries.map(({ access, address, length }) => [access, address, length])).toEqual([
      ["read", SET, SIZE],
      ["read", NUMBERS, 12],
    ]);
  });
});

// E-12: the mask as it is lets everything through. The mask as it was meant is Q-14 switched off.
describe("Ladder E", () => {
  test("E-12 flags above bit 31 of a native clone pass: the mask refuses nothing", () => {
    const lab = new Lab({ arch: "x86_64", profile: "eclone" }, { level: 1 });
    for (let bit = 32n; bit < 64n; bit++) {
      const made = lab.caller.call("clone", { flags: (1n << bit) | BigInt(SIG.CHLD) });
      expect(lab.caller.errno(made)).toBeNull();
      lab.bury(lab.caller.child(made));
    }
  });
});
