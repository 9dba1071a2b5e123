export { addressOf, hiOf, loOf, signedAddressOf } from "./address.ts";
export type { ArgDescriptor, Pointee, PointerDescriptor } from "./arg-descriptor.ts";
export * from "./calls/index.ts";
export { CompiledSyscall, compileSyscall } from "./compile.ts";
export * from "./ctype.ts";
export * from "./data-model.ts";
export { DeclarationError } from "./declaration-error.ts";
export * from "./errno.ts";
export { ERRNO_ALIASES, LOCAL_ERRNOS } from "./errno-family.ts";
export { FieldAccessor, type FieldWidth } from "./field-accessor.ts";
export type { Place, Shape } from "./field-path.ts";
export * from "./flags.ts";
export type { LadderDecl, LadderRow, Rung, RungRow } from "./ladder.ts";
export { LADDERS, type Ladders } from "./ladders/index.ts";
export {
  type AbsentNumber,
  MAX_SYSCALL_NUMBER,
  type NumberSpec,
  type Numbers,
  type PlainSpec,
  type RemarkedNumber,
  type ResolvedNumber,
  resolveNumber,
  specOf,
  TABLES,
  type TableId,
} from "./numbers.ts";
export { type Direction, type ReadPtr, type UserPtr, userPtr, type WritePtr } from "./pointer.ts";
export { Registry, type RegistryJson, type RegistryParts, type TableEra } from "./registry.ts";
export { RESTART, type RestartName } from "./restart.ts";
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
export type {
  ArgOrder,
  ArgsOf,
  CheckedDecl,
  CheckRelations,
  RungsOf,
  SyscallDecl,
  ValueOf,
} from "./syscall.ts";
export { Types, type TypeTable } from "./types.ts";
export { kernelVersion } from "./version.ts";
export type { Word64 } from "./word64.ts";
