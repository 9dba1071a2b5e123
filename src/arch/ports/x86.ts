import { type PtRegsLayout, regsLayout } from "../pt-regs.ts";

/** Registers that carry their width in their name. */
const NAMED = ["ax", "bx", "cx", "dx", "si", "di", "bp", "sp", "ip"];

/** `struct pt_regs` of x86_64: 21 words. Source: arch/x86/include/asm/ptrace.h. */
export const PT_REGS_X86_64: PtRegsLayout = regsLayout({
  arch: "x86_64",
  wordSize: 8,
  littleEndian: true,
  // biome-ignore format: the kernel's order, a few to the line
  order: ["r15", "r14", "r13", "r12", "bp", "bx", "r11", "r10", "r9", "r8", "ax", "cx", "dx", "si", "di", "orig_ax",
    "ip", "cs", "flags", "sp", "ss"],
  aliases: {
    ...Object.fromEntries(
      NAMED.flatMap((r) => [
        [`r${r}`, r],
        [`e${r}`, r],
      ]),
    ),
    orig_rax: "orig_ax",
    orig_eax: "orig_ax",
    rflags: "flags",
    eflags: "flags",
  },
  sp: "sp",
  ip: "ip",
  kept: "orig_ax",
  tls: null,
});

/** `struct pt_regs` of i386: 17 words. Source: arch/x86/include/asm/ptrace.h. */
export const PT_REGS_I386: PtRegsLayout = regsLayout({
  arch: "i386",
  wordSize: 4,
  littleEndian: true,
  // biome-ignore format: the kernel's order, a few to the line
  order: ["bx", "cx", "dx", "si", "di", "bp", "ax", "ds", "es", "fs", "gs", "orig_ax", "ip", "cs", "flags", "sp", "ss"],
  aliases: {
    ...Object.fromEntries(NAMED.map((r) => [`e${r}`, r])),
    orig_eax: "orig_ax",
    eflags: "flags",
  },
  sp: "sp",
  ip: "ip",
  kept: "orig_ax",
  tls: null,
});
