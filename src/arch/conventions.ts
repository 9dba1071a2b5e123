import { ILP32, ILP32BE, LP64BE, X32 } from "../abi/data-model.ts";
import type { TableId } from "../abi/numbers.ts";
import { CONVENTION_I386, CONVENTION_IA32, CONVENTION_X86_64, type Convention } from "./convention.ts";
import { CONVENTION_ARM64 } from "./ports/arm64.ts";
import { CONVENTION_POWERPC64 } from "./ports/powerpc64.ts";
import { CONVENTION_RISCV64 } from "./ports/riscv64.ts";
import { CONVENTION_S390X } from "./ports/s390x.ts";

/** What most architectures have in common: a negative result is an error, and nothing else is lost. */
const PLAIN = { errors: "negative", errnos: "generic", clobbers: [], cloneOrder: "backwards" } as const;

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
  arm64: CONVENTION_ARM64,
  riscv64: CONVENTION_RISCV64,
  s390: { ...CONVENTION_S390X, table: "s390", model: ILP32BE, pairs: "consecutive" },
  s390x: CONVENTION_S390X,
  powerpc: {
    ...CONVENTION_POWERPC64,
    table: "powerpc",
    model: ILP32BE,
    args: [...CONVENTION_POWERPC64.args, "r9"],
    pairs: "even",
  },
  powerpc64: CONVENTION_POWERPC64,
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
    ...CONVENTION_RISCV64,
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
