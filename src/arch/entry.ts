import type { ArchName } from "./arch-name.ts";
import { CONVENTION_I386, CONVENTION_IA32, CONVENTION_SYSENTER, CONVENTION_X86_64 } from "./convention.ts";
import { EntryPath, type EntryPathName } from "./entry-path.ts";
import { ARM64_SVC } from "./ports/arm64.ts";
import { POWERPC64_SC } from "./ports/powerpc64.ts";
import { RISCV64_ECALL } from "./ports/riscv64.ts";
import { S390X_SVC } from "./ports/s390x.ts";
import { PT_REGS_I386, PT_REGS_X86_64 } from "./ports/x86.ts";

/** Every way in, by name. */
export const ENTRY_PATHS: Readonly<Record<EntryPathName, EntryPath>> = {
  "x86_64/syscall": new EntryPath("x86_64/syscall", CONVENTION_X86_64, PT_REGS_X86_64),
  "x86_64/int80": new EntryPath("x86_64/int80", CONVENTION_IA32, PT_REGS_X86_64),
  "ia32/int80": new EntryPath("ia32/int80", CONVENTION_IA32, PT_REGS_X86_64),
  "i386/int80": new EntryPath("i386/int80", CONVENTION_I386, PT_REGS_I386),
  "i386/sysenter": new EntryPath("i386/sysenter", CONVENTION_SYSENTER, PT_REGS_I386, true),
  "arm64/svc": ARM64_SVC,
  "riscv64/ecall": RISCV64_ECALL,
  "s390x/svc": S390X_SVC,
  "powerpc64/sc": POWERPC64_SC,
};

/** The way in of each kernel's own programs. */
export const NATIVE_PATHS: Readonly<Record<ArchName, EntryPath>> = {
  x86_64: ENTRY_PATHS["x86_64/syscall"],
  i386: ENTRY_PATHS["i386/int80"],
  arm64: ARM64_SVC,
  riscv64: RISCV64_ECALL,
  s390x: S390X_SVC,
  powerpc64: POWERPC64_SC,
};
