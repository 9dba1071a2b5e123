import { NATIVE_PATHS } from "../../arch/entry.ts";
import type { EntryPath } from "../../arch/entry-path.ts";
import type { PtRegs } from "../../arch/pt-regs.ts";
import { isX86, type PortArch, type SysOperation, type VectorArch } from "../vector.ts";
import { signedOf, wordOf } from "../words.ts";

const NAMES_32 = ["ax", "bx", "cx", "dx", "si", "di", "bp", "sp"] as const;
const NAMES_64 = ["8", "9", "10", "11", "12", "13", "14", "15"] as const;

const WIDE = [...NAMES_64.map(spelt), ...NAMES_32];

/** What of an image is the kernel's own affair, and no register of a program's. */
const INNER = new Set([
  "args",
  "psw_mask",
  "msr",
  "softe",
  "trap",
  "dar",
  "dsisr",
  "result",
  "status",
  "badaddr",
  "cause",
]);

/** Registers of a program that is no x86's, and where it goes on, by the names of its image. */
function portRegisters(arch: PortArch): readonly string[] {
  const { offsets, kept } = NATIVE_PATHS[arch].layout;
  return Object.keys(offsets).filter((name) => name !== kept && !INNER.has(name));
}

const PORT: Readonly<Record<PortArch, readonly string[]>> = {
  arm64: portRegisters("arm64"),
  riscv64: portRegisters("riscv64"),
  s390x: portRegisters("s390x"),
  powerpc64: portRegisters("powerpc64"),
};
const SPELT: Readonly<Record<VectorArch, readonly string[]>> = {
  x86_64: WIDE,
  int80: WIDE,
  i386: NAMES_32,
  ...PORT,
};

/** The registers of a program that a case may name, as the case format calls them. */
export function registerNames(arch: VectorArch): readonly string[] {
  if (!isX86(arch)) return PORT[arch];
  return arch === "i386" ? NAMES_32 : [...NAMES_64, ...NAMES_32];
}

/** `8` … `15` have an r in front in pt_regs. */
function spelt(name: string): string {
  return /^\d/.test(name) ? `r${name}` : name;
}

/** The flags a task has where a case says nothing: interrupts, and the bit that is always set. */
export const PLAIN_FLAGS = 0x202;

/**
 * Puts an operation's registers and flags into a task; of each what the program's registers can hold. What the operation
 * does not say of a register is 0; where a program goes on stays.
 */
export function loadRegisters(regs: PtRegs, operation: SysOperation, arch: VectorArch): void {
  const { ip } = regs.layout;
  for (const name of SPELT[arch]) if (name !== ip) regs.setWord(name, 0, 0);
  if (isX86(arch)) regs.setWord("flags", PLAIN_FLAGS, 0);
  for (const [name, word] of Object.entries(operation.regs ?? {}))
    regs.set(spelt(name), cut(wordOf(word), arch));
  if (operation.flags !== undefined) regs.set("flags", cut(wordOf(operation.flags), arch));
}

/** Every register of a task; `ip` is where it goes on, and flags are x86's. */
export function captureRegisters(regs: PtRegs, arch: VectorArch): Record<string, bigint> {
  const names = isX86(arch) ? [...registerNames(arch), "flags"] : registerNames(arch);
  const captured = Object.fromEntries(names.map((name) => [name, cut(regs.get(spelt(name)), arch)]));
  return { ...captured, ip: cut(regs.get(regs.layout.ip), arch) };
}

/** The result of a call as a signed number; an errno is negative, whatever register or flag tells it. */
export function resultOf(path: EntryPath, regs: PtRegs, bits: 32 | 64): bigint {
  const { result, errors } = path.convention;
  const value = path.result(regs);
  return errors !== "negative" && value < 0 ? BigInt(value) : signedOf(regs.get(result), bits);
}

/** A value as a register of the program can hold it. */
export function cut(value: bigint, arch: VectorArch): bigint {
  return BigInt.asUintN(arch === "i386" ? 32 : 64, value);
}
