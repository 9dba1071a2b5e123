import type { CType, ScalarName } from "./ctype.ts";
import type { LadderDecl, LadderRow } from "./ladder.ts";
import type { Numbers } from "./numbers.ts";
import type { UserPtr } from "./pointer.ts";
import type { Word64 } from "./word64.ts";

/** The order in which an architecture passes clone's arguments (rules §8). */
export type ArgOrder = "default" | "backwards" | "backwards2" | "backwards3";

/**
 * What a call's arguments are by the value of one of them. A form lists the arguments behind it in order, as many as
 * that value has a use for.
 */
export interface FormsDecl {
  /** The argument whose value decides; its type is a flag set with values. */
  readonly by: string;
  /** The forms by the name of the value. */
  readonly of: Readonly<Record<string, Readonly<Record<string, CType>>>>;
}

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
  /** What the arguments behind one of them are, where its value says so (prctl). */
  readonly forms?: FormsDecl;
  readonly returns: CType;
  readonly ladder: readonly LadderRow[];
  readonly effects?: readonly string[];
  /** Pointers through which the same bytes are read twice, as the kernel does it. */
  readonly rereads?: readonly string[];
  /** What a 32-bit program may see otherwise than a 64-bit one: `result`, or arguments and fields by path. */
  readonly differs?: readonly string[];
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
  | "aligned_u64"
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

/** The arguments a relation may name: integers, and pointers through which the kernel reads one. */
type IntegerNames<Args> = {
  [N in keyof Args]: Args[N] extends
    | ScalarName
    | { readonly flags: string }
    | { readonly in: ScalarName }
    | { readonly inout: ScalarName }
    ? N
    : never;
}[keyof Args];

/** The arguments through which the kernel reads a struct, with a field behind them: `args.nr_pids`. */
type FieldNames<Args> = {
  [N in keyof Args & string]: Args[N] extends { readonly in: string } | { readonly inout: string }
    ? `${N}.${string}`
    : never;
}[keyof Args & string];

type CheckedRelation<T, Relation extends "count" | "size", Names> = T extends {
  readonly [R in Relation]: infer Name;
}
  ? Name extends Names
    ? unknown
    : { readonly [R in Relation]: Names }
  : unknown;

/**
 * What a declaration must look like for its relations (`count`, `size`, `order`) to name arguments of its own; meant
 * as a parameter's type, `decl: D & CheckRelations<D>`, so that a slip does not compile.
 */
export type CheckRelations<D extends SyscallDecl> = {
  readonly args: {
    readonly [N in keyof D["args"]]: CheckedRelation<
      D["args"][N],
      "count",
      IntegerNames<D["args"]> | FieldNames<D["args"]>
    > &
      CheckedRelation<D["args"][N], "size", IntegerNames<D["args"]> | FieldNames<D["args"]>>;
  };
  readonly order?: Readonly<
    Partial<Record<Exclude<ArgOrder, "default">, readonly (keyof D["args"] & string)[]>>
  >;
};

/** A declaration whose relations have been checked by the compiler. */
export type CheckedDecl<D extends SyscallDecl> = D & CheckRelations<D>;
