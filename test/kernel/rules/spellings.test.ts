import { describe, expect, test } from "vitest";
import { CLONE } from "../../../src/abi/structs/index.ts";
import { BASE, ERAS, TITLE } from "../support/eras.ts";
import { expectFailure, Lab, NUMBERS, numbersOf, SET } from "../support/lab.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe.each(BASE)(`The wishes of rules §9.1 in the spelling of 2009, ${TITLE}`, (era) => {
  const WISHES: readonly (readonly [wish: string, pids: readonly number[], own: (number | null)[]])[] = [
    ["own level 99", [99], [null, null, 99]],
    ["level 1 = 77, own = 99, with two numbers", [77, 99], [null, 77, 99]],
    ["level 1 = 77, own = 99, with three", [0, 77, 99], [null, 77, 99]],
    ["level 0 = 500, 77, 99", [500, 77, 99], [500, 77, 99]],
    ["level 0 = 500, level 1 free, own = 99: a gap", [500, 0, 99], [500, null, 99]],
    ["level 1 = 77, own free", [77, 0], [null, 77, null]],
    ["everything free, in one zero", [0], [null, null, null]],
    ["everything free, in three", [0, 0, 0], [null, null, null]],
  ];

  test.each(WISHES)("A-20 A-21 A-23 %s", (_wish, pids, own) => {
    const lab = new Lab(era, { level: 2 });
    const next = lab.inits.map((init) => init.task.pidNs.lastPid + 1);
    expect(numbersOf(lab.child({ pids }))).toEqual(own.map((nr, level) => nr ?? next[level]));
  });

  test("A-08 everything free through the new call: n = 0", () => {
    const lab = new Lab(era, { level: 2 });
    const next = lab.inits.map((init) => init.task.pidNs.lastPid + 1);
    expect(numbersOf(lab.child({ pids: [], array: 0 }))).toEqual(next);
  });

  test("A-14 A-25 A-27 a new namespace under an own number of 99", () => {
    const lab = new Lab(era, { level: 2 });
    const flags = CLONE.NEWPID;
    if (era.profile === "cwp-v2") {
      expectFailure(lab, lab.clone({ flags, pids: [99] }), "EINVAL", "newpid-with-pids");
      return;
    }
    const pids = era.profile === "cwp-v2-newpid" ? [99, 1] : [99];
    expect(numbersOf(lab.child({ flags, pids })).slice(2)).toEqual([99, 1]);
  });
});

describe.each(ERAS)(`Byte images of rules §9.2, ${TITLE}`, (era) => {
  test("A-20 the set and the array as they lie in memory", () => {
    const lab = new Lab(era, { level: 2 });
    const [address, image] =
      era.arch === "i386"
        ? [0x0804_9000, "0300000000900408"]
        : [0x7ffe_0000_1000, `03000000${"aa".repeat(4)}00100000fe7f0000`];
    lab.caller.map(4096, 3, address);
    lab.caller.write(SET, new Uint8Array(16).fill(0xaa));
    lab.caller.write(SET, Buffer.from(image, "hex"));
    lab.caller.write(address, Buffer.from("000000004d00000063000000", "hex"));
    expect(lab.clone({ set: SET })).toBe(99);
    expect(lab.caller.child(99).task.nrIn(lab.caller.task.pidNs.parent ?? lab.caller.task.pidNs)).toBe(77);
  });

  test("A-20 what a test writes has the same image; the hole is not the kernel's business", () => {
    const lab = new Lab(era, { level: 2 });
    lab.prepare({ pids: [0, 77, 99] });
    expect(hex(lab.caller.read(NUMBERS, 12))).toBe("000000004d00000063000000");
    const bytes = lab.caller.read(SET, era.arch === "i386" ? 8 : 16);
    const pointer = Buffer.alloc(era.arch === "i386" ? 4 : 8);
    pointer.writeUInt32LE(NUMBERS);
    expect(hex(bytes)).toBe(`03000000${era.arch === "i386" ? "" : "00000000"}${pointer.toString("hex")}`);
    if (era.arch === "i386") return;
    lab.caller.write(SET + 4, new Uint8Array(4).fill(0xff));
    expect(lab.clone({ set: SET })).toBe(99);
  });
});
