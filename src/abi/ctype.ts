import type { DataModel } from "./data-model.ts";

/** What a scalar stands for, where that is more than a number. */
export type Role = "pid" | "uid" | "gid" | "fd" | "signal" | "size" | "address" | "char" | "sigset";

/** Size, sign and meaning of a scalar type. */
export interface ScalarInfo {
  /** Bytes, or "long" for what the data model makes of it. */
  readonly size: 1 | 2 | 4 | 8 | "long";
  /** Bytes it is aligned to inside a struct, whatever the data model says. */
  readonly align?: 8;
  readonly signed: boolean;
  readonly role?: Role;
}

/**
 * The scalar types of the declaration language. `aligned_u64` is the uapi headers' `__aligned_u64`; `addr` is an unsigned long nobody dereferences here; the `old_` types
 * are those of calls that came before 32-bit user numbers and 64 signals.
 */
export const SCALARS = {
  char: { size: 1, signed: true, role: "char" },
  "signed char": { size: 1, signed: true },
  "unsigned char": { size: 1, signed: false },
  short: { size: 2, signed: true },
  "unsigned short": { size: 2, signed: false },
  int: { size: 4, signed: true },
  "unsigned int": { size: 4, signed: false },
  long: { size: "long", signed: true },
  "unsigned long": { size: "long", signed: false },
  "long long": { size: 8, signed: true },
  "unsigned long long": { size: 8, signed: false },
  u8: { size: 1, signed: false },
  u16: { size: 2, signed: false },
  u32: { size: 4, signed: false },
  u64: { size: 8, signed: false },
  s8: { size: 1, signed: true },
  s16: { size: 2, signed: true },
  s32: { size: 4, signed: true },
  s64: { size: 8, signed: true },
  aligned_u64: { size: 8, align: 8, signed: false },
  pid_t: { size: 4, signed: true, role: "pid" },
  uid_t: { size: 4, signed: false, role: "uid" },
  gid_t: { size: 4, signed: false, role: "gid" },
  size_t: { size: "long", signed: false, role: "size" },
  ssize_t: { size: "long", signed: true, role: "size" },
  off_t: { size: "long", signed: true },
  fd: { size: 4, signed: true, role: "fd" },
  signal: { size: 4, signed: true, role: "signal" },
  addr: { size: "long", signed: false, role: "address" },
  sigset_t: { size: 8, signed: false, role: "sigset" },
  old_sigset_t: { size: "long", signed: false, role: "sigset" },
  old_uid_t: { size: 2, signed: false, role: "uid" },
  old_gid_t: { size: 2, signed: false, role: "gid" },
} as const;

/** The name of a scalar type. */
export type ScalarName = keyof typeof SCALARS;

/** What a pointer declaration may say beside its pointee. */
export interface PointerOptions {
  /** NULL is allowed and means "not wanted". */
  readonly optional?: true;
  /** What is written of it need not be all of it: field by field, as far as there is something to tell. */
  readonly partial?: true;
  /** A sibling that counts the elements, or `sibling.field` for an integer in the struct that one points at. */
  readonly count?: string;
  /** A sibling that says the size in bytes. */
  readonly size?: string;
  /** The address is kept in 64 bits under every data model: `__aligned_u64` of a struct that needs no compat twin. */
  readonly of?: "u64";
}

/** A pointer to a scalar or a struct, by name, with its direction. */
export type PointerType =
  | ({ readonly in: string } & PointerOptions)
  | ({ readonly out: string } & PointerOptions)
  | ({ readonly inout: string } & PointerOptions);

/** A type of the declaration language: a literal, so that declarations are pure data. */
export type CType =
  | ScalarName
  | { readonly flags: string; readonly of: ScalarName }
  | PointerType
  | { readonly string: "in" | "out"; readonly max?: number; readonly size?: string }
  | { readonly array: CType; readonly length: number }
  | { readonly struct: string };

/** Whether `name` is a scalar type. */
export function isScalarName(name: unknown): name is ScalarName {
  return typeof name === "string" && Object.hasOwn(SCALARS, name);
}

/** Bytes of a scalar under a data model. */
export function scalarSize(name: ScalarName, model: DataModel): 1 | 2 | 4 | 8 {
  const { size } = SCALARS[name];
  return size === "long" ? model.long : size;
}

/** Bytes of a pointer, a string or an address under a data model. */
export function pointerSize(type: CType | PointerOptions, model: DataModel): 4 | 8 {
  return typeof type === "object" && "of" in type && type.of === "u64" ? 8 : model.pointer;
}

/** The pointer part of a type: pointee, direction, relations; null for anything else. */
export function pointerOf(
  type: CType,
): ({ readonly to: string; readonly direction: "in" | "out" | "inout" } & PointerOptions) | null {
  if (typeof type === "string") return null;
  if ("in" in type) return { ...type, to: type.in, direction: "in" };
  if ("out" in type) return { ...type, to: type.out, direction: "out" };
  if ("inout" in type) return { ...type, to: type.inout, direction: "inout" };
  return null;
}
