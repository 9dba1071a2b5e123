import { DeclarationError } from "./declaration-error.ts";
import type {
  FlagBit,
  FlagBitDecl,
  FlagField,
  FlagFieldDecl,
  FlagMask,
  FlagSetDecl,
  FlagValue,
  FlagValueDecl,
} from "./flags.ts";
import { checkEra, checkIdentifier, checkKeys, checkObject, type Era, named, shown } from "./slips.ts";

/** The parts of a compiled flag set. */
export interface FlagParts {
  readonly bits: readonly FlagBit[];
  readonly fields: readonly FlagField[];
  readonly values: readonly FlagValue[];
}

/** Checks a flag set declaration and splits its masks into words. @throws DeclarationError */
export function compileFlags(decl: FlagSetDecl): FlagParts {
  const where = `flagset ${named(decl.flagset)}`;
  checkIdentifier(decl.flagset, where, "the name of a flag set");
  checkKeys(decl, where, ["flagset", "fields", "bits", "values", "stranger", "note"]);
  if (decl.bits === undefined && decl.values === undefined)
    throw new DeclarationError(where, "has neither bits nor values");
  checkObject(decl.bits ?? {}, `${where}.bits`, "the bits of a flag set");
  checkObject(decl.values ?? {}, `${where}.values`, "the values of a flag set");
  checkObject(decl.fields ?? {}, `${where}.fields`, "the fields of a flag set");
  const fields: FlagField[] = [];
  for (const [name, field] of Object.entries(decl.fields ?? {})) {
    const compiled = compileField(`${where}.fields.${name}`, name, field);
    const twin = fields.find((f) => (f.mask & compiled.mask) !== 0);
    if (twin !== undefined)
      throw new DeclarationError(`${where}.fields.${name}`, `shares bits with the field ${twin.name}`);
    fields.push(compiled);
  }
  const bits: FlagBit[] = [];
  for (const [name, bit] of Object.entries(decl.bits ?? {})) {
    const compiled = compileBit(`${where}.bits.${name}`, name, bit);
    refuseOverlap(`${where}.bits.${name}`, compiled, bits, fields);
    bits.push(compiled);
  }
  const values: FlagValue[] = [];
  for (const [name, value] of Object.entries(decl.values ?? {})) {
    const compiled = compileValue(`${where}.values.${name}`, name, value);
    const twin = values.find((v) => v.value === compiled.value && meet(v, compiled));
    if (twin !== undefined)
      throw new DeclarationError(
        `${where}.values.${name}`,
        `is the same value as ${twin.name} in the same era`,
      );
    values.push(compiled);
  }
  return { bits, fields, values };
}

function compileValue(where: string, name: string, decl: FlagValueDecl): FlagValue {
  checkIdentifier(name, where, "the name of a value");
  const spec = typeof decl === "number" ? { value: decl } : decl;
  checkObject(spec, where, "a value");
  checkKeys(spec, where, ["value", "since", "until"]);
  if (!isWord(spec.value))
    throw new DeclarationError(where, `${shown(spec.value)} is not a value: an integer from 0 to 2^32 - 1`);
  return { name, value: spec.value, ...checkEra(spec, where) };
}

/** Whether two eras have a moment in common. */
function meet(a: Era, b: Era): boolean {
  return a.since < b.until && b.since < a.until;
}

function compileField(where: string, name: string, field: FlagFieldDecl): FlagField {
  checkIdentifier(name, where, "the name of a flag field");
  const mask = typeof field === "number" ? field : field.mask;
  const role = typeof field === "number" ? null : (field.role ?? null);
  if (!Number.isSafeInteger(mask) || mask <= 0 || mask > 0xffff_ffff)
    throw new DeclarationError(where, `${shown(mask)} is not a mask of the low 32 bits`);
  if (role !== null && role !== "signal")
    throw new DeclarationError(where, `no role is called ${named(role)}`);
  return { name, mask: mask >>> 0, role };
}

function compileBit(where: string, name: string, bit: FlagBitDecl): FlagBit {
  checkIdentifier(name, where, "the name of a flag");
  const spec = isMask(bit) ? { mask: bit } : bit;
  checkKeys(spec, where, ["mask", "since", "until"]);
  const { lo, hi } = wordsOf(where, spec.mask);
  if (!isOneBit(lo, hi)) throw new DeclarationError(where, `${maskText(spec.mask)} is more than one bit`);
  const { since, until } = checkEra(spec, where);
  return { name, lo, hi, since, until };
}

function isMask(bit: FlagBitDecl): bit is FlagMask {
  return typeof bit !== "object" || bit === null || Array.isArray(bit);
}

function wordsOf(where: string, mask: FlagMask): { readonly lo: number; readonly hi: number } {
  if (typeof mask === "number") {
    if (Number.isSafeInteger(mask) && mask > 0)
      return { lo: mask >>> 0, hi: Math.floor(mask / 2 ** 32) >>> 0 };
  } else if (Array.isArray(mask)) {
    const [lo, hi] = mask;
    if (mask.length === 2 && isWord(lo) && isWord(hi) && lo + hi > 0) return { lo, hi };
  }
  throw new DeclarationError(
    where,
    `${maskText(mask)} is not a mask: an integer from 1 to 2^53 - 1, or [low word, high word]`,
  );
}

function isWord(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffff_ffff;
}

function maskText(mask: FlagMask): string {
  return typeof mask === "number" && Number.isSafeInteger(mask) && mask > 0
    ? `0x${mask.toString(16)}`
    : shown(mask);
}

/** Whether two words hold exactly one bit between them. */
function isOneBit(lo: number, hi: number): boolean {
  return lo === 0 ? (hi & (hi - 1)) === 0 : hi === 0 && (lo & (lo - 1)) === 0;
}

function refuseOverlap(
  where: string,
  bit: FlagBit,
  bits: readonly FlagBit[],
  fields: readonly FlagField[],
): void {
  const field = fields.find((f) => (f.mask & bit.lo) !== 0);
  if (field !== undefined) throw new DeclarationError(where, `lies inside the field ${field.name}`);
  if (fields.some((f) => f.name === bit.name))
    throw new DeclarationError(where, "is the name of a field too");
  const twin = bits.find((b) => b.lo === bit.lo && b.hi === bit.hi && meet(b, bit));
  if (twin !== undefined)
    throw new DeclarationError(where, `is the same bit as ${twin.name} in the same era`);
}
