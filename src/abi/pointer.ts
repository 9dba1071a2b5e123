declare const pointee: unique symbol;
declare const direction: unique symbol;

/** Which way bytes go through a pointer, seen from the kernel's caller. */
export type Direction = "in" | "out" | "inout";

/**
 * A user pointer: an address in address form that knows, in its type alone, what it points at and which way.
 * Writing through an in-pointer does not compile.
 */
export type UserPtr<P extends string = string, D extends Direction = "inout"> = number & {
  readonly [pointee]: P;
  readonly [direction]: D;
};

/** A pointer the kernel may read through. */
export type ReadPtr = number & { readonly [direction]: "in" | "inout" };

/** A pointer the kernel may write through. */
export type WritePtr = number & { readonly [direction]: "out" | "inout" };

/** Makes a typed pointer of a bare address: for tests, and for pointers found inside structs. */
export function userPtr<P extends string = string, D extends Direction = "inout">(
  address: number,
): UserPtr<P, D> {
  return address as UserPtr<P, D>;
}
