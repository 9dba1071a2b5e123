import type { CompiledSyscall } from "../../abi/compile.ts";
import { type CType, pointerOf } from "../../abi/ctype.ts";
import type { StructDecl } from "../../abi/struct.ts";
import type { TypeTable } from "../../abi/types.ts";

/** A struct a call takes or fills, and how it is reached. */
export interface ReachedStruct {
  readonly decl: StructDecl;
  /** The argument that leads to it. */
  readonly through: string;
  readonly direction: "in" | "out" | "inout";
  /** The argument says how long it is. */
  readonly sized: boolean;
  /** Held by value or pointed at by another struct. */
  readonly nested: boolean;
}

/** What is reviewed: a call, and what its types refer to. */
export interface Subject {
  readonly call: CompiledSyscall;
  readonly types: TypeTable;
  readonly structs: readonly ReachedStruct[];
}

/**
 * Structs as old as the calls that took them, which every kernel translates for its 32-bit programs in one place: no
 * new call adds to that by using them.
 */
const TRANSLATED: ReadonlySet<string> = new Set(
  "iovec iovec_in timeval timespec itimerval rusage rlimit sigaction sigaltstack siginfo stat statfs flock user_desc".split(
    " ",
  ),
);

/** A call with every struct its arguments lead to, once each. */
export function subjectOf(call: CompiledSyscall, types: TypeTable): Subject {
  const structs = new Map<string, ReachedStruct>();
  const reach = (
    type: CType,
    from: Omit<ReachedStruct, "decl" | "sized" | "nested">,
    nested: boolean,
  ): void => {
    const pointer = pointerOf(type);
    const inner = typeof type === "object" && "array" in type ? type.array : type;
    const name = pointer?.to ?? (typeof inner === "object" && "struct" in inner ? inner.struct : null);
    const decl = name === null ? undefined : types.struct(name);
    if (decl === undefined || structs.has(decl.struct) || TRANSLATED.has(decl.struct)) return;
    const direction = pointer?.direction ?? from.direction;
    structs.set(decl.struct, {
      decl,
      through: from.through,
      direction,
      sized: pointer?.size !== undefined,
      nested,
    });
    for (const field of Object.values(decl.fields)) reach(field, { ...from, direction }, true);
  };
  for (const [name, type] of Object.entries(call.decl.args))
    reach(type, { through: name, direction: "in" }, false);
  return { call, types, structs: [...structs.values()] };
}
