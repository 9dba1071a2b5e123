import { isScalarName } from "./ctype.ts";
import { DeclarationError } from "./declaration-error.ts";
import { FlagSet, type FlagSetDecl } from "./flags.ts";
import type { StructDecl, StructLookup } from "./struct.ts";

/** Structs and flag sets by name: what declarations refer to. */
export interface TypeTable extends StructLookup {
  flags(name: string): FlagSet | undefined;
}

/** A table of types that refuses duplicates, structs that contain themselves, and fields of unknown type. */
export class Types implements TypeTable {
  private readonly structs: Map<string, StructDecl> = new Map();
  private readonly sets: Map<string, FlagSet> = new Map();

  /** @throws DeclarationError for the first wrong declaration */
  constructor(structs: Iterable<StructDecl> = [], flagsets: Iterable<FlagSetDecl> = []) {
    for (const decl of flagsets) {
      if (this.sets.has(decl.flagset))
        throw new DeclarationError(decl.flagset, "a flag set of that name exists");
      this.sets.set(decl.flagset, new FlagSet(decl));
    }
    for (const decl of structs) {
      const where = `struct ${decl.struct}`;
      if (this.structs.has(decl.struct)) throw new DeclarationError(where, "a struct of that name exists");
      if (isScalarName(decl.struct)) throw new DeclarationError(where, "is the name of a scalar type");
      this.structs.set(decl.struct, decl);
    }
    for (const decl of this.structs.values()) checkStruct(decl, this);
  }

  struct(name: string): StructDecl | undefined {
    return this.structs.get(name);
  }

  flags(name: string): FlagSet | undefined {
    return this.sets.get(name);
  }

  /** Every struct, in the order they were declared. */
  allStructs(): Iterable<StructDecl> {
    return this.structs.values();
  }
}

function checkStruct(decl: StructDecl, types: Types): void {
  const names = Object.keys(decl.fields);
  const where = `struct ${decl.struct}`;
  if (names.length === 0) throw new DeclarationError(where, "has no fields");
  for (const name of names) checkType(decl.fields[name], `${where}.${name}`, names, types);
  for (const [version, size] of Object.entries(decl.versions ?? {})) {
    if (!Number.isSafeInteger(size) || size <= 0)
      throw new DeclarationError(`${where}.versions.${version}`, `${size} is not a size`);
  }
  for (const model of decl.packed ?? []) {
    if (!MODEL_NAMES.includes(model))
      throw new DeclarationError(`${where}.packed`, `no data model is called ${model}`);
  }
  refuseCycle(decl, types, [decl.struct]);
}

const MODEL_NAMES = ["lp64", "lp64be", "ilp32", "ilp32be", "i386", "x32"];

function refuseCycle(decl: StructDecl, types: Types, path: readonly string[]): void {
  for (const type of Object.values(decl.fields)) {
    let inner: unknown = type;
    while (typeof inner === "object" && inner !== null && "array" in inner) inner = inner.array;
    if (typeof inner !== "object" || inner === null || !("struct" in inner)) continue;
    const name = inner.struct as string;
    if (path.includes(name))
      throw new DeclarationError(`struct ${path[0]}`, `contains itself: ${[...path, name].join(" → ")}`);
    const next = types.struct(name);
    if (next !== undefined) refuseCycle(next, types, [...path, name]);
  }
}

/**
 * Checks one type of a declaration.
 * @param siblings names its relations may refer to
 * @throws DeclarationError saying what is wrong at `where`
 */
export function checkType(type: unknown, where: string, siblings: readonly string[], types: TypeTable): void {
  if (typeof type === "string") {
    if (!isScalarName(type)) throw new DeclarationError(where, `no type is called ${type}`);
    return;
  }
  if (typeof type !== "object" || type === null)
    throw new DeclarationError(where, `${String(type)} is not a type`);
  const t = type as Record<string, unknown>;
  if ("flags" in t) {
    if (types.flags(t.flags as string) === undefined)
      throw new DeclarationError(where, `no flag set is called ${t.flags}`);
    if (!isScalarName(t.of))
      throw new DeclarationError(where, `flags of ${String(t.of)}, which is not a scalar type`);
  } else if ("array" in t) {
    const length = t.length as number;
    if (!Number.isSafeInteger(length) || length <= 0)
      throw new DeclarationError(where, `an array of ${length} elements`);
    checkType(t.array, where, siblings, types);
  } else if ("struct" in t) {
    if (types.struct(t.struct as string) === undefined)
      throw new DeclarationError(where, `no struct is called ${t.struct}`);
  } else if ("string" in t) {
    if (t.string !== "in" && t.string !== "out")
      throw new DeclarationError(where, `a string is in or out, not ${t.string}`);
    checkRelation(t.size, "size", where, siblings);
  } else {
    checkPointer(t, where, siblings, types);
  }
}

function checkPointer(
  t: Record<string, unknown>,
  where: string,
  siblings: readonly string[],
  types: TypeTable,
): void {
  const directions = ["in", "out", "inout"].filter((d) => d in t);
  if (directions.length !== 1)
    throw new DeclarationError(where, "is not a type: a pointer has one of in, out, inout");
  const to = t[directions[0] as string];
  if (!isScalarName(to) && types.struct(to as string) === undefined) {
    throw new DeclarationError(where, `points at ${String(to)}, which is neither a scalar type nor a struct`);
  }
  checkRelation(t.count, "count", where, siblings);
  checkRelation(t.size, "size", where, siblings);
}

function checkRelation(name: unknown, what: string, where: string, siblings: readonly string[]): void {
  if (name === undefined || siblings.includes(name as string)) return;
  throw new DeclarationError(
    where,
    `its ${what} is in ${String(name)}, which is not a sibling: there are ${siblings.join(", ")}`,
  );
}
