import { checkStruct } from "./check-struct.ts";
import { isScalarName } from "./ctype.ts";
import { DeclarationError } from "./declaration-error.ts";
import { FlagSet, type FlagSetDecl } from "./flags.ts";
import { checkIdentifier, checkObject, named } from "./slips.ts";
import type { StructDecl, StructLookup } from "./struct.ts";

/** Structs and flag sets by name: what declarations refer to. */
export interface TypeTable extends StructLookup {
  flags(name: string): FlagSet | undefined;
}

/**
 * A table of types that refuses duplicates, structs that contain themselves, fields of unknown type and everything
 * else a struct or flag set can get wrong.
 */
export class Types implements TypeTable {
  private readonly structs: Map<string, StructDecl> = new Map();
  private readonly sets: Map<string, FlagSet> = new Map();

  /** @throws DeclarationError for the first wrong declaration */
  constructor(structs: Iterable<StructDecl> = [], flagsets: Iterable<FlagSetDecl> = []) {
    for (const decl of flagsets) {
      checkObject(decl, "a flag set", "a declaration");
      if (this.sets.has(decl.flagset))
        throw new DeclarationError(`flagset ${named(decl.flagset)}`, "a flag set of that name exists");
      this.sets.set(decl.flagset, new FlagSet(decl));
    }
    for (const decl of structs) {
      checkObject(decl, "a struct", "a declaration");
      const where = `struct ${named(decl.struct)}`;
      if (this.structs.has(decl.struct)) throw new DeclarationError(where, "a struct of that name exists");
      if (isScalarName(decl.struct)) throw new DeclarationError(where, "is the name of a scalar type");
      checkIdentifier(decl.struct, where, "the name of a struct");
      this.structs.set(decl.struct, decl);
    }
    // Only now: a struct may refer to one that is declared after it.
    for (const decl of this.structs.values()) checkStruct(decl, this);
  }

  /** A struct by name; undefined when there is none. */
  struct(name: string): StructDecl | undefined {
    return this.structs.get(name);
  }

  /** A flag set by name; undefined when there is none. */
  flags(name: string): FlagSet | undefined {
    return this.sets.get(name);
  }

  /** Every struct, in the order they were declared. */
  allStructs(): Iterable<StructDecl> {
    return this.structs.values();
  }

  /** Every flag set, in the order they were declared. */
  allFlagSets(): Iterable<FlagSet> {
    return this.sets.values();
  }
}
