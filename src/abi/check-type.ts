import { type CType, isScalarName, pointerOf } from "./ctype.ts";
import { DeclarationError } from "./declaration-error.ts";
import { checkKeys, named, shown } from "./slips.ts";
import type { TypeTable } from "./types.ts";

/** Arguments of a call or fields of a struct: what a relation may refer to. */
export type Siblings = Readonly<Record<string, CType>>;

const DIRECTIONS = ["in", "out", "inout"] as const;
const MAX_LENGTH = 0x7fff_ffff;

/**
 * Checks one type of a declaration, which may come from plain JavaScript or JSON.
 * @param where its place, for the message
 * @param siblings what its relations may refer to
 * @throws DeclarationError saying what is wrong at `where`
 */
export function checkType(type: unknown, where: string, siblings: Siblings, types: TypeTable): void {
  if (typeof type === "string") {
    if (!isScalarName(type)) throw new DeclarationError(where, `no type is called ${type}`);
    return;
  }
  if (typeof type !== "object" || type === null)
    throw new DeclarationError(where, `${shown(type)} is not a type`);
  const t = type as Readonly<Record<string, unknown>>;
  if ("flags" in t) checkFlags(t, where, types);
  else if ("array" in t) checkArray(t, where, siblings, types);
  else if ("struct" in t) checkInline(t, where, types);
  else if ("string" in t) checkString(t, where, siblings, types);
  else checkPointer(t, where, siblings, types);
}

type Parts = Readonly<Record<string, unknown>>;

function checkFlags(t: Parts, where: string, types: TypeTable): void {
  checkKeys(t, where, ["flags", "of"]);
  if (types.flags(named(t.flags)) === undefined)
    throw new DeclarationError(where, `no flag set is called ${named(t.flags)}`);
  if (!isScalarName(t.of))
    throw new DeclarationError(where, `flags of ${named(t.of)}, which is not a scalar type`);
}

function checkArray(t: Parts, where: string, siblings: Siblings, types: TypeTable): void {
  checkKeys(t, where, ["array", "length"]);
  const { length } = t;
  if (!Number.isSafeInteger(length) || (length as number) <= 0 || (length as number) > MAX_LENGTH)
    throw new DeclarationError(where, `an array of ${shown(length)} elements: at least 1`);
  checkType(t.array, where, siblings, types);
}

function checkInline(t: Parts, where: string, types: TypeTable): void {
  checkKeys(t, where, ["struct"]);
  if (types.struct(named(t.struct)) === undefined)
    throw new DeclarationError(where, `no struct is called ${named(t.struct)}`);
}

function checkString(t: Parts, where: string, siblings: Siblings, types: TypeTable): void {
  checkKeys(t, where, ["string", "max", "size"]);
  if (t.string !== "in" && t.string !== "out")
    throw new DeclarationError(where, `a string is in or out, not ${named(t.string)}`);
  if (t.max !== undefined && (!Number.isSafeInteger(t.max) || (t.max as number) <= 0))
    throw new DeclarationError(where, `a string of at most ${shown(t.max)} bytes: at least 1`);
  checkRelation(t, "size", where, siblings, types);
}

function checkPointer(t: Parts, where: string, siblings: Siblings, types: TypeTable): void {
  const directions = DIRECTIONS.filter((d) => d in t);
  const direction = directions[0];
  if (direction === undefined || directions.length > 1)
    throw new DeclarationError(where, "is not a type: a pointer has one of in, out, inout");
  checkKeys(t, where, [direction, "optional", "partial", "count", "size", "of"]);
  const to = t[direction];
  if (!isScalarName(to) && types.struct(named(to)) === undefined)
    throw new DeclarationError(where, `points at ${named(to)}, which is neither a scalar type nor a struct`);
  if (t.optional !== undefined && t.optional !== true)
    throw new DeclarationError(where, `optional is true or left out, not ${named(t.optional)}`);
  if (t.partial !== undefined && t.partial !== true)
    throw new DeclarationError(where, `partial is true or left out, not ${named(t.partial)}`);
  if (t.of !== undefined && t.of !== "u64")
    throw new DeclarationError(where, `a pointer is kept in a u64 or in a word, not in ${named(t.of)}`);
  if (t.count !== undefined && t.size !== undefined)
    throw new DeclarationError(where, "has a count and a size: one of them says how far it goes");
  checkRelation(t, "count", where, siblings, types);
  checkRelation(t, "size", where, siblings, types);
}

function checkRelation(
  t: Parts,
  relation: "count" | "size",
  where: string,
  siblings: Siblings,
  types: TypeTable,
): void {
  const name = t[relation];
  if (name === undefined) return;
  if (typeof name === "string" && holdsField(name, siblings, types)) return;
  const sibling = Object.hasOwn(siblings, named(name)) ? siblings[named(name)] : undefined;
  if (sibling === undefined) {
    const names = Object.keys(siblings).join(", ") || "none";
    throw new DeclarationError(
      where,
      `its ${relation} is in ${named(name)}, which is no sibling: there are ${names}`,
    );
  }
  if (sibling === t || !holdsInteger(sibling))
    throw new DeclarationError(where, `its ${relation} is in ${named(name)}, which is no integer`);
}

/** `args.nr_pids`: an integer in the struct that a sibling points at, for a kernel that reads both. */
function holdsField(name: string, siblings: Siblings, types: TypeTable): boolean {
  const [argument = "", field] = name.split(".");
  if (field === undefined || !Object.hasOwn(siblings, argument)) return false;
  const pointer = pointerOf(siblings[argument] as CType);
  const fields = pointer === null || pointer.direction === "out" ? {} : types.struct(pointer.to)?.fields;
  return fields !== undefined && Object.hasOwn(fields, field) && holdsInteger(fields[field] as CType);
}

/** An integer, or a pointer through which the kernel reads one (`socklen_t *addrlen`). */
function holdsInteger(type: CType): boolean {
  if (typeof type === "string") return isScalarName(type);
  if (typeof type !== "object" || type === null) return false;
  if ("flags" in type) return true;
  const pointer = pointerOf(type);
  return pointer !== null && pointer.direction !== "out" && isScalarName(pointer.to);
}
