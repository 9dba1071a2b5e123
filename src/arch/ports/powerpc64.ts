import { LP64BE } from "../../abi/data-model.ts";
import { MAX_ERRNO } from "../../abi/errno.ts";
import type { Convention } from "../convention.ts";
import { EntryPath } from "../entry-path.ts";
import { indexOf, type PtRegs, type PtRegsLayout, regsLayout, sameRegisters } from "../pt-regs.ts";

/** powerpc64, big endian: all of r0 is the number; an errno is positive, beside a summary overflow bit that is set. */
export const CONVENTION_POWERPC64: Convention = {
  table: "powerpc64",
  model: LP64BE,
  instruction: "sc",
  number: "r0",
  args: ["r3", "r4", "r5", "r6", "r7", "r8"],
  result: "r3",
  errors: "ppc-cr0-so",
  errnos: "generic",
  pairs: "whole",
  clobbers: ["r0", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "ctr", "cr0", "xer"],
  cloneOrder: "backwards",
  numberHalf: "both",
};

/** `struct pt_regs` of powerpc: 44 words. Source: arch/powerpc/include/asm/ptrace.h. */
export const PT_REGS_POWERPC64: PtRegsLayout = regsLayout({
  arch: "powerpc64",
  wordSize: 8,
  littleEndian: false,
  // biome-ignore format: the kernel's order, a few to the line
  order: [...Array.from({ length: 32 }, (_, i) => `r${i}`), "nip", "msr", "orig_gpr3", "ctr", "link", "xer", "ccr",
    "softe", "trap", "dar", "dsisr", "result"],
  aliases: { ...sameRegisters("r", "gpr", 32), sp: "r1", pc: "nip", lr: "link", cr: "ccr" },
  sp: "r1",
  ip: "nip",
  kept: "orig_gpr3",
  tls: "r13",
});

/** The summary overflow bit of field 0, in the condition register's 32 bits. */
const CR0_SO = 0x1000_0000;

/** What a call may change beside the result: the kernel clears them on the way out (since 5.14; garbage before). */
const VOLATILE = CONVENTION_POWERPC64.clobbers.filter((name) => name !== "cr0");

/** `sc`: the way out tells an errno by cr0.SO. Source: Documentation/arch/powerpc/syscall64-abi.rst. */
class PowerpcPath extends EntryPath {
  private readonly crIndex: number = indexOf(PT_REGS_POWERPC64, "ccr");
  private readonly volatile: readonly number[] = VOLATILE.map((name) => indexOf(PT_REGS_POWERPC64, name));

  override finish(regs: PtRegs, result: number): void {
    const failed = result < 0 && result >= -MAX_ERRNO;
    super.finish(regs, failed ? -result : result);
    this.leave(regs, failed);
  }

  override finishWords(regs: PtRegs, lo: number, hi: number): void {
    // A value among the last 4095 is taken for an errno, whatever was meant.
    const negative = lo | 0;
    if (hi === 0xffff_ffff && negative < 0 && negative >= -MAX_ERRNO) this.finish(regs, negative);
    else {
      super.finishWords(regs, lo, hi);
      this.leave(regs, false);
    }
  }

  override result(regs: PtRegs): number {
    const value = super.result(regs);
    return ((regs.u32[regs.base + this.crIndex] as number) & CR0_SO) === 0 ? value : -value;
  }

  private leave({ u32, base }: PtRegs, failed: boolean): void {
    const cr = u32[base + this.crIndex] as number;
    u32[base + this.crIndex] = failed ? cr | CR0_SO : cr & ~CR0_SO;
    for (const at of this.volatile) {
      u32[base + at] = 0;
      u32[base + at + 1] = 0;
    }
  }
}

/** `sc` of a 64-bit program. */
export const POWERPC64_SC: EntryPath = new PowerpcPath(
  "powerpc64/sc",
  CONVENTION_POWERPC64,
  PT_REGS_POWERPC64,
);
