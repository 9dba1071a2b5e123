import { describe, expect, test } from "vitest";
import { CLONE } from "../../../src/abi/structs/index.ts";
import { Guest } from "../../../src/kernel/index.ts";
import { PAGE_SIZE, PROT_NONE } from "../../../src/mm/index.ts";
import { ARGS, expectRefused, FULL, high, knownSize, Lab3 } from "../support/clone3.ts";
import { clone3Eras, clone3ErasBefore, TITLE } from "../support/eras.ts";
import { ARENA, HOLE, KERNEL_ADDRESS, NUMBERS, SCRATCH } from "../support/lab.ts";

describe.each(clone3Eras())(`Ladder C, the struct, ${TITLE}`, (era) => {
  const bad = KERNEL_ADDRESS[era.arch];
  const known = knownSize(era.profile);

  test("C-01 a size above a page is E2BIG, and nothing is read", () => {
    const lab = new Lab3(era);
    for (const size of [PAGE_SIZE + 1, 5000, 0x7fff_ffff, 0xffff_ffff]) {
      expectRefused(lab, { size }, "E2BIG", "size-too-large");
      expect(lab.log.entries).toEqual([]);
    }
    if (era.arch === "x86_64") expectRefused(lab, { size: (1n << 63n) + 88n }, "E2BIG", "size-too-large");
  });

  test("C-02 a size below 64 is EINVAL, and nothing is read", () => {
    const lab = new Lab3(era);
    for (const size of [0, 1, 56, 63]) {
      expectRefused(lab, { size }, "EINVAL", "size-too-small");
      expect(lab.log.entries).toEqual([]);
    }
  });

  test("C-03 a tail of which one byte cannot be read is EFAULT", () => {
    const lab = new Lab3(era);
    const at = HOLE - known;
    lab.clone3({ at, asItIs: true, size: known });
    expect(lab.clone3({ at: ARGS, size: PAGE_SIZE - 0x400 })).toBeGreaterThan(0);
    lab.caller.write(at, lab.caller.read(ARGS, known));
    for (const size of [known + 1, known + 8, 4000])
      expectRefused(lab, { at, asItIs: true, size }, "EFAULT", "tail-unreadable");
    expect(lab.clone3({ at, asItIs: true, size: known })).toBeGreaterThan(0);
  });

  test("C-04 a tail with a byte that is not 0 is E2BIG, wherever it is", () => {
    const lab = new Lab3(era);
    for (const at of [known, known + 7, known + 100]) {
      lab.caller.write(ARGS + at, Uint8Array.of(1));
      expectRefused(lab, { size: at + 1, asItIs: true }, "E2BIG", "tail-not-zero");
      expectRefused(lab, { size: at + 50, asItIs: true }, "E2BIG", "tail-not-zero");
      lab.caller.write(ARGS + at, Uint8Array.of(0));
    }
    expect(lab.clone3({ size: known + 200 })).toBeGreaterThan(0);
  });

  test("C-05 a head of which one byte cannot be read is EFAULT, and so is NULL", () => {
    const lab = new Lab3(era);
    for (let there = 0; there < 64; there++)
      expectRefused(lab, { at: HOLE - there, asItIs: true, size: 64 }, "EFAULT", "struct-unreadable");
    for (const at of [0, HOLE, bad])
      for (const size of [64, known])
        expectRefused(lab, { at, asItIs: true, size }, "EFAULT", "struct-unreadable");
  });

  test("C-06 every size from 64 to a page will do; what is missing is 0", () => {
    const lab = new Lab3(era);
    for (const size of [64, 65, 71, 72, 79, 80, 87, 88, 89, 96, 4095, 4096]) {
      const at = ARENA + PAGE_SIZE;
      lab.caller.write(at, new Uint8Array(PAGE_SIZE));
      lab.caller.write(at + 32, Uint8Array.of(17));
      expect(lab.caller.errno(lab.clone3({ at, asItIs: true, size })), `${size}`).toBeNull();
    }
    // Half a field is as good as none.
    const at = HOLE - 65;
    lab.caller.write(at, new Uint8Array(65));
    if (known > 64) {
      lab.caller.write(at + 64, Uint8Array.of(0x80));
      expectRefused(lab, { at, asItIs: true, size: 65 }, "EINVAL", "tid-count-zero");
    }
  });

  test("C-21 the child's stack pointer is stack + stack_size", () => {
    const lab = new Lab3(era);
    const child = lab.child3({ flags: CLONE.VM, stack: 0x10000, stackSize: 0x4000 }).task;
    expect(child.regs.get("sp")).toBe(0x14000n);
    const forked = new Lab3(era);
    forked.caller.task.regs.set("sp", 0x7000);
    expect(forked.child3().task.regs.get("sp")).toBe(0x7000n);
  });

  test("N-13 the struct is the same for a 32-bit task, and so is the number", () => {
    const lab = new Lab3(era, { bits: 32, level: 1 });
    expect(lab.machine.numberOf("clone3", lab.caller.task.path)).toBe(435);
    if (era.profile !== "clone3-53") expect(lab.clone3({ tids: [77] })).toBe(77);
    const child = lab.child3({ stack: 0x10000, stackSize: 0x1000 });
    expect(child.task.regs.get("sp")).toBe(0x11000n);
  });

  test("U-15 U-17 the tail is read before the head, the array after both, no byte twice", () => {
    const lab = new Lab3(era, { level: 1 });
    lab.clone3({ size: known + 8, ...(known > 64 ? { tids: [77] } : {}) });
    expect(lab.log.entries.map(({ address, length }) => [address, length])).toEqual([
      [ARGS + known, 8],
      [ARGS, known],
      ...(known > 64 ? [[NUMBERS, 4]] : []),
    ]);
  });
});

describe.each(clone3ErasBefore("clone3-55"))(`Before set_tid, ${TITLE}`, (era) => {
  test("C-04 fields the era does not know have to be 0", () => {
    const lab = new Lab3(era);
    expect(lab.clone3({ size: FULL })).toBeGreaterThan(0);
    for (const wish of [{ tids: [42] }, { count: 1 }, { cgroup: 3 }])
      expectRefused(lab, { ...wish, size: FULL }, "E2BIG", "tail-not-zero");
    // The field is not looked at where the size does not reach it.
    expect(lab.clone3({ tids: [42], size: 64 })).toBe(lab.next - 1);
  });
});

describe.each(clone3Eras("clone3-55"))(`Ladder C, the array, ${TITLE}`, (era) => {
  const bad = KERNEL_ADDRESS[era.arch];

  test("C-07 more than 32 numbers are EINVAL, whatever set_tid is", () => {
    const lab = new Lab3(era);
    for (const count of [33, 64, 1 << 20, 1n << 32n, (1n << 64n) - 1n])
      for (const setTid of [0, NUMBERS, HOLE])
        expectRefused(lab, { setTid, count }, "EINVAL", "tid-count-above-32");
  });

  test("C-08 a number of tids without an array is EINVAL", () => {
    const lab = new Lab3(era);
    for (const count of [1, 2, 32]) expectRefused(lab, { setTid: 0, count }, "EINVAL", "tids-null");
  });

  test("C-09 an array without a number of tids is EINVAL, never read", () => {
    const lab = new Lab3(era);
    for (const setTid of [NUMBERS, HOLE, bad, 1])
      expectRefused(lab, { setTid, count: 0 }, "EINVAL", "tid-count-zero");
    // A struct of 72 bytes has the pointer and not the number.
    lab.clone3({ tids: [42] });
    expectRefused(lab, { tids: [43], size: 72 }, "EINVAL", "tid-count-zero");
    expect(lab.clone3({ tids: [43], size: 64 })).toBe(lab.next - 1);
  });

  test("C-13 an array of which one byte cannot be read is EFAULT", () => {
    const lab = new Lab3(era, { level: 2 });
    for (const [setTid, count] of [
      [HOLE, 1],
      [HOLE - 3, 1],
      [HOLE - 4, 2],
      [HOLE - 11, 3],
      [HOLE - 4, 32],
      [bad, 1],
    ] as const)
      expectRefused(lab, { setTid, count }, "EFAULT", "tids-unreadable");
    lab.caller.writeInts(HOLE - 8, [77, 78]);
    expect(lab.clone3({ setTid: HOLE - 8, count: 2 })).toBe(77);
  });

  test("C-13 the whole array is copied, though the child has fewer levels", () => {
    const lab = new Lab3(era);
    expectRefused(lab, { setTid: HOLE - 4, count: 32 }, "EFAULT", "tids-unreadable");
    expectRefused(lab, { setTid: SCRATCH, count: 32 }, "EINVAL", "pid-count-too-deep");
  });

  test("C-25 a 32-bit kernel cuts pointers, stack, size and tls in silence; set_tid is compared with NULL before", () => {
    const lab = new Lab3(era, { level: 1 });
    const over = 1n << 32n;
    if (era.arch === "x86_64") {
      expectRefused(lab, { stack: over, stackSize: 0 }, "EINVAL", "stack-size-zero");
      expectRefused(lab, { setTid: over + BigInt(NUMBERS), count: 1 }, "EFAULT", "tids-unreadable");
      return;
    }
    const child = lab.child3({ stack: over, stackSize: 0 });
    expect(child.task.regs.get("sp")).toBe(lab.caller.task.regs.get("sp"));
    expectRefused(lab, { setTid: over, count: 1 }, "EFAULT", "tids-unreadable");
    lab.caller.writeInts(NUMBERS, [88]);
    expect(lab.clone3({ setTid: over + BigInt(NUMBERS), count: 1 })).toBe(88);
    const nr = lab.clone3({ flags: CLONE.PARENT_SETTID, parentTid: over + BigInt(SCRATCH) });
    expect(lab.caller.readInt(SCRATCH)).toBe(nr);
  });

  test("C-26 a 64-bit kernel cuts nothing for a 32-bit task", () => {
    if (era.arch === "i386") return;
    const lab = new Lab3(era, { bits: 32, level: 1 });
    const over = 1n << 32n;
    expectRefused(lab, { setTid: over + BigInt(NUMBERS), count: 1 }, "EFAULT", "tids-unreadable");
    expectRefused(lab, { stack: over, stackSize: 0 }, "EINVAL", "stack-size-zero");
    // The way back into the program is what cuts the stack pointer.
    const child = lab.child3({ stack: over + 0x1000n, stackSize: 0x1000 });
    expect(child.task.regs.get("sp")).toBe(0x2000n);
  });
});

describe.each(clone3Eras("clone3-57"))(`CLONE_INTO_CGROUP, ${TITLE}`, (era) => {
  const INTO_CGROUP = high(33);

  test("C-12 with CLONE_INTO_CGROUP cgroup is a descriptor, and the struct has the field", () => {
    const lab = new Lab3(era);
    for (const cgroup of [1n << 31n, 1n << 32n, (1n << 64n) - 1n]) {
      expectRefused(lab, { flags: INTO_CGROUP, cgroup }, "EINVAL", "cgroup-number");
      expect(lab.clone3({ cgroup })).toBeGreaterThan(0);
    }
    for (const size of [64, 80, 87])
      expectRefused(lab, { flags: INTO_CGROUP, cgroup: 3, size }, "EINVAL", "cgroup-number");
  });
});

describe.each(clone3ErasBefore("clone3-57").filter(({ profile }) => profile === "clone3-55"))(
  `Before CLONE_INTO_CGROUP, ${TITLE}`,
  (era) => {
    test("C-04 C-14 cgroup has to be 0, and the flag is not known", () => {
      const lab = new Lab3(era);
      expectRefused(lab, { cgroup: 3, size: FULL }, "E2BIG", "tail-not-zero");
      expectRefused(lab, { flags: high(33) }, "EINVAL", "unknown-flag");
    });
  },
);

test("C-05 a page that is there but may not be read is as bad as none", () => {
  const lab = new Lab3({ arch: "x86_64", profile: "clone3-614" });
  const guest = new Guest(lab.machine, lab.machine.init);
  const page = guest.map(PAGE_SIZE, PROT_NONE);
  expectRefused(lab, { at: page, asItIs: true }, "EFAULT", "struct-unreadable");
});
