export * from "./convention.ts";
export { CONVENTIONS } from "./conventions.ts";
export { ENTRY_PATH_NAMES, ENTRY_PATHS, type EntryEra, EntryPath, type EntryPathName } from "./entry.ts";
export { PT_REGS_I386, PT_REGS_X86_64, PtRegs, type PtRegsLayout, RegsPool } from "./pt-regs.ts";
export { SyscallTable } from "./table.ts";
export { type ArgSource, type Args, argNames, argsView, rawWord } from "./words.ts";
