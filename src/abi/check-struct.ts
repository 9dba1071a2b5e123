import { checkType } from "./check-type.ts";
import type { CType } from "./ctype.ts";
import { DATA_MODELS, LP64 } from "./data-model.ts";
import { DeclarationError } from "./declaration-error.ts";
import { checkIdentifier, checkKeys, checkObject, checkTexts, shown } from "./slips.ts";
import { layoutOf, type StructDecl } from "./struct.ts";
import type { TypeTable } from "./types.ts";

/** Checks one struct against the types it may refer to. @throws DeclarationError */
export function checkStruct(decl: StructDecl, types: TypeTable): void {
  const where = `struct ${decl.struct}`;
  checkKeys(decl, where, ["struct", "fields", "versions", "size", "anonymous", "packed", "note"]);
  checkObject(decl.fields, `${where}.fields`, "the fields of a struct");
  const names = Object.keys(decl.fields);
  if (names.length === 0) throw new DeclarationError(where, "has no fields");
  for (const name of names) {
    checkIdentifier(name, `${where}.${name}`, "the name of a field");
    checkType(decl.fields[name], `${where}.${name}`, decl.fields, types);
  }
  if (decl.size !== undefined && !(Number.isSafeInteger(decl.size) && decl.size > 0))
    throw new DeclarationError(`${where}.size`, `${shown(decl.size)} is not a size in bytes`);
  checkTexts(decl.anonymous ?? [], `${where}.anonymous`, "fields without a name");
  for (const name of decl.anonymous ?? []) {
    const type = Object.hasOwn(decl.fields, name) ? decl.fields[name] : undefined;
    if (typeof type !== "object" || !("struct" in type))
      throw new DeclarationError(`${where}.anonymous`, `${name} is not a field that is a struct`);
  }
  checkTexts(decl.packed ?? [], `${where}.packed`, "data models");
  checkObject(decl.versions ?? {}, `${where}.versions`, "the sizes of a struct");
  for (const model of decl.packed ?? []) {
    if (!Object.hasOwn(DATA_MODELS, model)) {
      const known = Object.keys(DATA_MODELS).join(", ");
      throw new DeclarationError(`${where}.packed`, `no data model is called ${model}: there are ${known}`);
    }
  }
  refuseSelf(decl, types, [decl.struct], new Set());
  checkVersions(decl, where, types);
}

/** The structs a type holds by value: itself, or an array's elements. */
function innerStruct(type: CType): string | null {
  let inner: CType = type;
  while (typeof inner === "object" && "array" in inner) inner = inner.array;
  return typeof inner === "object" && "struct" in inner ? inner.struct : null;
}

function refuseSelf(decl: StructDecl, types: TypeTable, path: readonly string[], cleared: Set<string>): void {
  for (const type of Object.values(decl.fields)) {
    const name = innerStruct(type);
    if (name === null || cleared.has(name)) continue;
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name].join(" → ");
      throw new DeclarationError(`struct ${path[0]}`, `contains itself: ${circle}`);
    }
    const next = types.struct(name);
    if (next !== undefined) refuseSelf(next, types, [...path, name], cleared);
    cleared.add(name);
  }
}

/** A published size must be where a field ends, or a caller of that version would cut one in two. */
function checkVersions(decl: StructDecl, where: string, types: TypeTable): void {
  for (const [version, size] of Object.entries(decl.versions ?? {})) {
    const at = `${where}.versions.${version}`;
    if (!Number.isSafeInteger(size) || size <= 0)
      throw new DeclarationError(at, `${shown(size)} is not a size in bytes`);
    const layout = layoutOf(decl, LP64, types);
    const fits = size === layout.size || layout.fields.some((f) => f.offset + f.size === size);
    if (!fits) throw new DeclarationError(at, `no field ends after ${size} bytes under lp64`);
  }
}
