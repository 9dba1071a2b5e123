export { addressOf, hiOf, loOf } from "./address.ts";
export * from "./calls/index.ts";
export { CompiledSyscall, compileSyscall } from "./compile.ts";
export * from "./ctype.ts";
export * from "./data-model.ts";
export { DeclarationError } from "./declaration-error.ts";
export * from "./errno.ts";
export { FieldAccessor } from "./field-accessor.ts";
export * from "./flags.ts";
export type { LadderDecl, LadderRow, Rung, RungRow } from "./ladder.ts";
export { LADDERS, type Ladders } from "./ladders/index.ts";
export * from "./numbers.ts";
export { type Direction, type ReadPtr, type UserPtr, userPtr, type WritePtr } from "./pointer.ts";
export { Registry, type RegistryParts, type TableEra } from "./registry.ts";
export { signalName, signalNumber } from "./signal.ts";
export {
  alignOf,
  type FieldLayout,
  type Hole,
  layoutOf,
  type StructDecl,
  StructLayout,
  type StructLookup,
  sizeOf,
} from "./struct.ts";
export * from "./structs/index.ts";
export type { ArgOrder, ArgsOf, CheckRelations, RungsOf, SyscallDecl, ValueOf } from "./syscall.ts";
export { Types, type TypeTable } from "./types.ts";
export { kernelVersion } from "./version.ts";
export type { Word64 } from "./word64.ts";
