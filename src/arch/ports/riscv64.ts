import { LP64 } from "../../abi/data-model.ts";
import type { Convention } from "../convention.ts";
import { EntryPath } from "../entry-path.ts";
import { type PtRegsLayout, regsLayout } from "../pt-regs.ts";

/** riscv64: all of a7 is the number. */
export const CONVENTION_RISCV64: Convention = {
  table: "riscv64",
  model: LP64,
  instruction: "ecall",
  number: "a7",
  args: ["a0", "a1", "a2", "a3", "a4", "a5"],
  result: "a0",
  errors: "negative",
  errnos: "generic",
  pairs: "whole",
  clobbers: [],
  cloneOrder: "backwards",
  numberHalf: "both",
};

/** x1 … x31 in the order of their numbers, which is that of the image. */
// biome-ignore format: the processor's order, a few to the line
const GENERAL = ["ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7",
  "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"];

/** `struct pt_regs` of riscv: 36 words. Source: arch/riscv/include/asm/ptrace.h. */
export const PT_REGS_RISCV64: PtRegsLayout = regsLayout({
  arch: "riscv64",
  wordSize: 8,
  littleEndian: true,
  order: ["epc", ...GENERAL, "status", "badaddr", "cause", "orig_a0"],
  aliases: { ...Object.fromEntries(GENERAL.map((name, i) => [`x${i + 1}`, name])), pc: "epc", fp: "s0" },
  sp: "sp",
  ip: "epc",
  kept: "orig_a0",
  tls: "tp",
});

/** `ecall` from user mode. */
export const RISCV64_ECALL: EntryPath = new EntryPath("riscv64/ecall", CONVENTION_RISCV64, PT_REGS_RISCV64);
