import { type CType, isScalarName, pointerOf, SCALARS, type ScalarInfo, type ScalarName } from "./ctype.ts";
import type { Direction } from "./pointer.ts";
import type { StructDecl } from "./struct.ts";
import type { TypeTable } from "./types.ts";

/** What a pointer points at. */
export type Pointee =
  | { readonly kind: "scalar"; readonly name: ScalarName; readonly info: ScalarInfo }
  | { readonly kind: "struct"; readonly decl: StructDecl }
  | { readonly kind: "string"; readonly max: number | null };

/** The pointer an argument is. */
export interface PointerDescriptor {
  readonly direction: Direction;
  readonly pointee: Pointee;
  /** NULL means "not wanted". */
  readonly optional: boolean;
  /** Need not be written as a whole. */
  readonly partial?: true;
  /** The argument that counts the elements, or `argument.field` for one in the struct it points at. */
  readonly count: string | null;
  /** The argument that says the size in bytes. */
  readonly size: string | null;
}

/** One argument of a call with everything its type refers to looked up; plain data. */
export interface ArgDescriptor {
  readonly name: string;
  readonly type: CType;
  /** The scalar its word holds; null for a pointer. */
  readonly scalar: ScalarInfo | null;
  /** The flag set its word is read as. */
  readonly flags: string | null;
  readonly pointer: PointerDescriptor | null;
}

/** Describes an argument whose type has been checked against `types`. */
export function describeArg(name: string, type: CType, types: TypeTable): ArgDescriptor {
  if (typeof type === "string") return { name, type, scalar: SCALARS[type], flags: null, pointer: null };
  if ("flags" in type) return { name, type, scalar: SCALARS[type.of], flags: type.flags, pointer: null };
  return { name, type, scalar: null, flags: null, pointer: describePointer(type, types) };
}

function describePointer(type: Exclude<CType, string>, types: TypeTable): PointerDescriptor | null {
  if ("string" in type) {
    const pointee: Pointee = { kind: "string", max: type.max ?? null };
    return { direction: type.string, pointee, optional: false, count: null, size: type.size ?? null };
  }
  const pointer = pointerOf(type);
  if (pointer === null) return null;
  const { to, direction, optional = false, partial, count = null, size = null } = pointer;
  const described = { direction, pointee: pointeeOf(to, types), optional, count, size };
  return partial === undefined ? described : { ...described, partial };
}

function pointeeOf(to: string, types: TypeTable): Pointee {
  return isScalarName(to)
    ? { kind: "scalar", name: to, info: SCALARS[to] }
    : { kind: "struct", decl: types.struct(to) as StructDecl };
}
