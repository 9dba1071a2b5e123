import type { CType, ScalarName } from "./ctype.ts";
import type { LadderDecl, LadderRow } from "./ladder.ts";
import type { Numbers } from "./numbers.ts";
import type { UserPtr } from "./pointer.ts";
import type { Word64 } from "./word64.ts";

/** The order in which an architecture passes clone's arguments (rules §8). */
export type ArgOrder = "default" | "backwards" | "backwards2" | "backwards3";

/**
 * A syscall written down once, as a literal: numbers, arguments, failures in check order, effects, sources.
 * Everything else (dispatch, decoding, trace, explanation) is derived from it.
 */
export interface SyscallDecl {
  readonly name: string;
  /** First kernel version that has it; always when left out. */
  readonly since?: string;
  /** First kernel version that no longer has it. */
  readonly until?: string;
  readonly numbers: Numbers;
  /** Arguments by name, in the default order; at most six. */
  readonly args: Readonly<Record<string, CType>>;
  /** Other orders, each a permutation of the argument names. */
  readonly order?: Readonly<Partial<Record<Exclude<ArgOrder, "default">, readonly string[]>>>;
  readonly returns: CType;
  readonly ladder: readonly LadderRow[];
  readonly effects?: readonly string[];
  readonly support: "full" | "partial" | "declared";
  readonly note?: string;
  readonly provenance: readonly string[];
}

type Wide =
  | "long"
  | "unsigned long"
  | "long long"
  | "unsigned long long"
  | "u64"
  | "s64"
  | "size_t"
  | "ssize_t"
  | "off_t"
  | "addr";

/** The value a handler gets for a type. 64-bit scalars come in address form, 64-bit flag words as two halves. */
export type ValueOf<T> = T extends ScalarName
  ? number
  : T extends { readonly flags: string; readonly of: infer B }
    ? B extends Wide
      ? Word64
      : number
    : T extends { readonly in: infer P extends string }
      ? UserPtr<P, "in">
      : T extends { readonly out: infer P extends string }
        ? UserPtr<P, "out">
        : T extends { readonly inout: infer P extends string }
          ? UserPtr<P, "inout">
          : T extends { readonly string: infer D extends "in" | "out" }
            ? UserPtr<"char", D>
            : never;

/** The typed arguments of a declaration. */
export type ArgsOf<D extends SyscallDecl> = { readonly [N in keyof D["args"]]: ValueOf<D["args"][N]> };

type RungIn<Rows, Ladders> = Rows extends readonly (infer Row)[]
  ? Row extends readonly [infer Id extends string, ...unknown[]]
    ? Id
    : Row extends { readonly include: infer L extends keyof Ladders }
      ? Ladders[L] extends { readonly rungs: infer Inner }
        ? RungIn<Inner, Ladders>
        : never
      : never
  : never;

/** The rungs a call can fail with: its own, and those of the shared ladders it includes. */
export type RungsOf<
  D extends { readonly ladder: readonly LadderRow[] },
  Ladders = Readonly<Record<string, LadderDecl>>,
> = RungIn<D["ladder"], Ladders>;

type Siblings<T> = Extract<T, string>;

type CheckedType<T, Names extends string> = T extends { readonly count: infer C }
  ? C extends Names
    ? T
    : { readonly __error: "count names no sibling"; readonly count: Names }
  : T extends { readonly size: infer S }
    ? S extends Names
      ? T
      : { readonly __error: "size names no sibling"; readonly size: Names }
    : T;

/** A declaration whose relations name arguments of its own; anything else does not compile. */
export type CheckRelations<D extends SyscallDecl> = D & {
  readonly args: { readonly [N in keyof D["args"]]: CheckedType<D["args"][N], Siblings<keyof D["args"]>> };
};
