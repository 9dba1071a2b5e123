import { ILP32, ILP32BE, LP64, LP64BE, X32 } from "../abi/data-model.ts";
import type { TableId } from "../abi/numbers.ts";
import { CONVENTION_I386, CONVENTION_IA32, CONVENTION_X86_64, type Convention } from "./convention.ts";

/** What most architectures have in common: a negative result is an error, and nothing else is lost. */
const PLAIN = { errors: "negative", errnos: "generic", clobbers: [], cloneOrder: "backwards" } as const;

const ARM64: Convention = {
  ...PLAIN,
  table: "arm64",
  model: LP64,
  instruction: "svc 0",
  number: "w8",
  args: ["x0", "x1", "x2", "x3", "x4", "x5"],
  result: "x0",
  pairs: "whole",
};

const RISCV64: Convention = {
  ...PLAIN,
  table: "riscv64",
  model: LP64,
  instruction: "ecall",
  number: "a7",
  args: ["a0", "a1", "a2", "a3", "a4", "a5"],
  result: "a0",
  pairs: "whole",
};

const S390X: Convention = {
  ...PLAIN,
  table: "s390x",
  model: LP64BE,
  // A number below 256 may stand in the instruction itself.
  instruction: "svc 0",
  number: "r1",
  args: ["r2", "r3", "r4", "r5", "r6", "r7"],
  result: "r2",
  pairs: "whole",
  cloneOrder: "backwards2",
};

const POWERPC64: Convention = {
  ...PLAIN,
  table: "powerpc64",
  model: LP64BE,
  instruction: "sc",
  number: "r0",
  args: ["r3", "r4", "r5", "r6", "r7", "r8"],
  result: "r3",
  errors: "ppc-cr0-so",
  pairs: "whole",
  clobbers: ["r0", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "ctr", "cr0", "xer"],
};

const MIPS_N64: Convention = {
  ...PLAIN,
  table: "mips_n64",
  model: LP64BE,
  instruction: "syscall",
  number: "v0",
  args: ["a0", "a1", "a2", "a3", "a4", "a5"],
  result: "v0",
  errors: "mips-a3",
  errnos: "mips",
  pairs: "whole",
  clobbers: ["at", "v1", "a3", "t0", "t1", "t2", "t3", "t8", "t9", "hi", "lo"],
};

/**
 * The convention of every table. Where an architecture runs in both byte orders the model is the one its headers call
 * the plain name: powerpc64, mips and s390 big, arm little endian; the registers are the same in the other.
 * Source: rules §8; syscall(2); glibc's list of architectures with aligned register pairs.
 */
export const CONVENTIONS: Readonly<Record<TableId, Convention>> = {
  x86_64: CONVENTION_X86_64,
  x32: { ...CONVENTION_X86_64, table: "x32", model: X32 },
  i386: CONVENTION_I386,
  ia32: CONVENTION_IA32,
  arm: {
    ...PLAIN,
    table: "arm",
    model: ILP32,
    instruction: "svc 0",
    number: "r7",
    args: ["r0", "r1", "r2", "r3", "r4", "r5", "r6"],
    result: "r0",
    pairs: "even",
  },
  arm64: ARM64,
  riscv64: RISCV64,
  s390: { ...S390X, table: "s390", model: ILP32BE, pairs: "consecutive" },
  s390x: S390X,
  powerpc: {
    ...POWERPC64,
    table: "powerpc",
    model: ILP32BE,
    args: [...POWERPC64.args, "r9"],
    pairs: "even",
  },
  powerpc64: POWERPC64,
  mips_o32: {
    ...MIPS_N64,
    table: "mips_o32",
    model: ILP32BE,
    args: ["a0", "a1", "a2", "a3", "16(sp)", "20(sp)", "24(sp)", "28(sp)"],
    pairs: "even",
  },
  mips_n32: { ...MIPS_N64, table: "mips_n32", model: ILP32BE },
  mips_n64: MIPS_N64,
  sparc64: {
    ...PLAIN,
    table: "sparc64",
    model: LP64BE,
    instruction: "t 0x6d",
    number: "g1",
    args: ["o0", "o1", "o2", "o3", "o4", "o5"],
    result: "o0",
    errors: "sparc-carry",
    errnos: "sparc",
    pairs: "whole",
  },
  loongarch64: {
    ...RISCV64,
    table: "loongarch64",
    instruction: "syscall 0",
    clobbers: ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8"],
  },
  parisc: {
    ...PLAIN,
    table: "parisc",
    model: ILP32BE,
    instruction: "ble 0x100(%sr2, %r0)",
    number: "r20",
    args: ["r26", "r25", "r24", "r23", "r22", "r21"],
    result: "r28",
    errnos: "parisc",
    pairs: "consecutive",
    clobbers: ["r1", "r2", "r31"],
  },
};
