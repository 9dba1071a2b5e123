import { LP64 } from "../../abi/data-model.ts";
import type { Convention } from "../convention.ts";
import { EntryPath } from "../entry-path.ts";
import { type PtRegsLayout, regsLayout, sameRegisters } from "../pt-regs.ts";

/** arm64: the low half of x8 is the number. */
export const CONVENTION_ARM64: Convention = {
  table: "arm64",
  model: LP64,
  instruction: "svc 0",
  number: "w8",
  args: ["x0", "x1", "x2", "x3", "x4", "x5"],
  result: "x0",
  errors: "negative",
  errnos: "generic",
  pairs: "whole",
  clobbers: [],
  cloneOrder: "backwards",
  numberHalf: "low",
};

/** `struct user_pt_regs` of arm64, and the first argument as it was. Source: arch/arm64/include/asm/ptrace.h. */
export const PT_REGS_ARM64: PtRegsLayout = regsLayout({
  arch: "arm64",
  wordSize: 8,
  littleEndian: true,
  order: [...Array.from({ length: 31 }, (_, i) => `x${i}`), "sp", "pc", "pstate", "orig_x0"],
  aliases: { ...sameRegisters("x", "w", 31), lr: "x30", fp: "x29" },
  sp: "sp",
  ip: "pc",
  kept: "orig_x0",
  // tpidr_el0 is no general register.
  tls: null,
});

/** `svc 0` of a 64-bit program. */
export const ARM64_SVC: EntryPath = new EntryPath("arm64/svc", CONVENTION_ARM64, PT_REGS_ARM64);
