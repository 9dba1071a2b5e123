import { describe, expect, test } from "vitest";
import { Assembler, Label } from "../../../src/conform/live/asm/assembler.ts";
import type { Bits } from "../../../src/conform/live/asm/encodings.ts";

const BASE = 0x400000;

function bytes(bits: Bits, write: (a: Assembler) => void): string {
  const assembler = new Assembler(bits, BASE);
  write(assembler);
  return Buffer.from(assembler.finish()).toString("hex");
}

/** As GNU as encodes them. */
const KNOWN: readonly (readonly [
  what: string,
  write: (a: Assembler) => void,
  x86_64: string | null,
  i386: string | null,
])[] = [
  ["mov $1, %eax", (a) => a.set("ax", 1), "b801000000", "b801000000"],
  ["movabs $-1, %rdi", (a) => a.set("di", -1), "48bfffffffffffffffff", "bfffffffff"],
  ["movabs $0x100000000, %r15", (a) => a.set("15", 0x1_0000_0000), "49bf0000000001000000", null],
  ["mov $7, %r8d", (a) => a.set("8", 7), "41b807000000", null],
  ["mov %rbx, %rbp", (a) => a.copy("bp", "bx"), "4889dd", "89dd"],
  ["mov %r9, %rax", (a) => a.copy("ax", "9"), "4c89c8", null],
  ["mov 0x401000(%rip), %rcx", (a) => a.load("cx", 0x401000), "488b0df90f0000", "8b0d00104000"],
  ["mov 0x401000(%rip), %r10d", (a) => a.load32("10", 0x401000), "448b15f90f0000", null],
  ["mov %rdx, 0x401000(%rip)", (a) => a.store(0x401000, "dx"), "488915f90f0000", "891500104000"],
  ["mov %rsi, 8(%rbp)", (a) => a.store({ base: "bp", off: 8 }, "si"), "4889b508000000", "89b508000000"],
  ["movl $3, 0x401000(%rip)", (a) => a.put32(0x401000, 3), "c705f60f000003000000", "c7050010400003000000"],
  [
    "movl $3, 4(%rbx)",
    (a) => a.put32({ base: "bx", off: 4 }, 3),
    "c7830400000003000000",
    "c7830400000003000000",
  ],
  [
    "cmpl $0, 0x401000(%rip)",
    (a) => a.compare32(0x401000, 0),
    "813df60f000000000000",
    "813d0010400000000000",
  ],
  ["cmp $-4095, %rax", (a) => a.arithmetic("cmp", "ax", -4095), "4881f801f0ffff", "81f801f0ffff"],
  ["add $8, %r12", (a) => a.arithmetic("add", "12", 8), "4981c408000000", null],
  ["sub %rax, %rbp", (a) => a.combine("sub", "bp", "ax"), "4829c5", "29c5"],
  ["jmp *%rax", (a) => a.jumpTo("ax"), "ffe0", "ffe0"],
  ["push $0x202", (a) => a.push(0x202), "6802020000", "6802020000"],
  ["pop %rcx", (a) => a.pop("cx"), "59", "59"],
  ["pop %r9", (a) => a.pop("9"), "4159", null],
  ["movq %rcx, %xmm0", (a) => a.hideCx(), "66480f6ec1", "660f6ec1"],
  ["movq %xmm0, %rcx", (a) => a.bringCx(), "66480f7ec1", "660f7ec1"],
  ["syscall", (a) => a.bare("syscall"), "0f05", null],
  ["int $0x80", (a) => a.bare("int 0x80"), "cd80", "cd80"],
  ["rep movsb", (a) => a.bare("rep movsb"), "f3a4", "f3a4"],
];

describe("the assembler writes what GNU as does", () => {
  for (const [what, write, x86_64, i386] of KNOWN)
    test(what, () => {
      if (x86_64 !== null) expect(bytes(64, write)).toBe(x86_64);
      if (i386 !== null) expect(bytes(32, write)).toBe(i386);
    });
});

describe("the assembler", () => {
  test("jumps back and ahead", () => {
    const hex = bytes(64, (a) => {
      const ahead = new Label();
      const back = a.place();
      a.jump("jae", ahead);
      a.jump("jmp", back);
      a.place(ahead);
    });
    expect(hex).toBe("0f8305000000e9f5ffffff");
  });

  test("tells zero from anything else without a flag", () => {
    const hex = bytes(32, (a) => {
      const zero = new Label();
      a.jumpIfCxZero(zero);
      a.bare("ud2");
      a.place(zero);
    });
    expect(hex).toBe("e305e905000000e9020000000f0b");
  });

  test("says where data lies, and refuses what it cannot write", () => {
    const a = new Assembler(32, BASE);
    a.bare("cld");
    expect(a.words(1, 2)).toBe(BASE + 1);
    expect(a.data([9])).toBe(BASE + 9);
    expect(a.here).toBe(BASE + 10);
    expect(() => a.set("8", 1)).toThrow("no such register");
    expect(() => new Assembler(64, BASE).load("ax", 2 ** 40)).toThrow("too far away");
    expect(() => a.load("ax", { base: "sp", off: 0 })).toThrow("no base");
    a.jump("jmp", new Label());
    expect(() => a.finish()).toThrow("1 jumps lead nowhere");
  });
});
