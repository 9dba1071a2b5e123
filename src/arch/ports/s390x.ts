import { LP64BE } from "../../abi/data-model.ts";
import type { Convention } from "../convention.ts";
import { EntryPath } from "../entry-path.ts";
import { type PtRegsLayout, regsLayout, sameRegisters } from "../pt-regs.ts";

/** s390x: a number below 256 may stand in the instruction itself; with 0 there, the low half of r1 is the number. */
export const CONVENTION_S390X: Convention = {
  table: "s390x",
  model: LP64BE,
  instruction: "svc 0",
  number: "r1",
  args: ["r2", "r3", "r4", "r5", "r6", "r7"],
  result: "r2",
  errors: "negative",
  errnos: "generic",
  pairs: "whole",
  clobbers: [],
  cloneOrder: "backwards2",
  numberHalf: "low",
};

/** `struct user_pt_regs` of s390, and the first argument as it was. Source: arch/s390/include/asm/ptrace.h. */
export const PT_REGS_S390X: PtRegsLayout = regsLayout({
  arch: "s390x",
  wordSize: 8,
  littleEndian: false,
  order: ["args", "psw_mask", "psw_addr", ...Array.from({ length: 16 }, (_, i) => `r${i}`), "orig_gpr2"],
  aliases: { ...sameRegisters("r", "gpr", 16), sp: "r15", pc: "psw_addr" },
  sp: "r15",
  ip: "psw_addr",
  kept: "orig_gpr2",
  // The thread pointer is in access registers 0 and 1.
  tls: null,
});

/** `svc 0`. */
export const S390X_SVC: EntryPath = new EntryPath("s390x/svc", CONVENTION_S390X, PT_REGS_S390X);
