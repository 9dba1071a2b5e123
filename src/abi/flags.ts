import { DeclarationError } from "./declaration-error.ts";
import { signalName } from "./signal.ts";
import { kernelVersion } from "./version.ts";

/** A multi-bit part of a flag word, such as the exit signal in clone's low byte. */
export type FlagFieldDecl = number | { readonly mask: number; readonly role?: "signal" };

/** A flag bit: its mask, or its mask and the era in which the name held (`until` exclusive). */
export type FlagBitDecl =
  | number
  | { readonly mask: number; readonly since?: string; readonly until?: string };

/** A flag set as a literal. Masks are non-negative integers below 2^53; a bit's mask is a power of two. */
export interface FlagSetDecl {
  readonly flagset: string;
  readonly fields?: Readonly<Record<string, FlagFieldDecl>>;
  readonly bits: Readonly<Record<string, FlagBitDecl>>;
  readonly note?: string;
}

/** One name of a compiled set. */
export interface FlagBit {
  readonly name: string;
  readonly lo: number;
  readonly hi: number;
  /** Comparable kernel versions; [since, until). */
  readonly since: number;
  readonly until: number;
}

/** One field of a compiled set. */
export interface FlagField {
  readonly name: string;
  readonly mask: number;
  readonly role: "signal" | null;
}

/** A compiled flag set over a 64-bit word. */
export class FlagSet {
  readonly name: string;
  readonly bits: readonly FlagBit[];
  readonly fields: readonly FlagField[];
  /** Every bit the set knows in any era, fields included; unsigned words. */
  readonly knownLo: number;
  readonly knownHi: number;

  constructor(decl: FlagSetDecl) {
    this.name = decl.flagset;
    this.fields = Object.entries(decl.fields ?? {}).map(([name, field]) =>
      compileField(decl.flagset, name, field),
    );
    this.bits = Object.entries(decl.bits).map(([name, bit]) => compileBit(decl.flagset, name, bit));
    refuseOverlaps(decl.flagset, this.bits, this.fields);
    let lo = 0;
    let hi = 0;
    for (const field of this.fields) lo |= field.mask;
    for (const bit of this.bits) {
      lo |= bit.lo;
      hi |= bit.hi;
    }
    this.knownLo = lo >>> 0;
    this.knownHi = hi >>> 0;
  }

  /**
   * The bits of a word that the set does not know: the complement at full width, so that a high bit is never lost
   * (the law Q-14 asks for).
   */
  unknown(lo: number, hi = 0): { readonly lo: number; readonly hi: number } {
    return { lo: (lo & ~this.knownLo) >>> 0, hi: (hi & ~this.knownHi) >>> 0 };
  }

  /**
   * The word in strace's dialect: names joined by `|`, unknown bits as one hexadecimal number, a signal field last;
   * `0` for an empty word.
   * @param kernel a version from {@link kernelVersion}: names of other eras are left out
   */
  format(lo: number, hi = 0, kernel: number = Number.MAX_SAFE_INTEGER): string {
    const parts: string[] = [];
    let restLo = lo >>> 0;
    let restHi = hi >>> 0;
    for (const bit of this.bits) {
      if (kernel < bit.since || kernel >= bit.until) continue;
      if ((restLo & bit.lo) >>> 0 !== bit.lo || (restHi & bit.hi) >>> 0 !== bit.hi) continue;
      parts.push(bit.name);
      restLo = (restLo & ~bit.lo) >>> 0;
      restHi = (restHi & ~bit.hi) >>> 0;
    }
    const fields: string[] = [];
    for (const field of this.fields) {
      const value = (restLo & field.mask) >>> 0;
      restLo = (restLo & ~field.mask) >>> 0;
      if (value !== 0) fields.push(field.role === "signal" ? signalName(value) : `0x${value.toString(16)}`);
    }
    if (restLo !== 0 || restHi !== 0) parts.push(hex(restLo, restHi));
    return [...parts, ...fields].join("|") || "0";
  }

  /** The mask of a name, as two words. @throws RangeError when the set has no such name */
  mask(name: string): { readonly lo: number; readonly hi: number } {
    const bit = this.bits.find((b) => b.name === name);
    if (bit === undefined) throw new RangeError(`${this.name} has no flag ${name}`);
    return { lo: bit.lo, hi: bit.hi };
  }
}

function hex(lo: number, hi: number): string {
  return hi === 0 ? `0x${lo.toString(16)}` : `0x${hi.toString(16)}${lo.toString(16).padStart(8, "0")}`;
}

function compileField(set: string, name: string, field: FlagFieldDecl): FlagField {
  const mask = typeof field === "number" ? field : field.mask;
  if (!Number.isSafeInteger(mask) || mask <= 0 || mask > 0xffffffff) {
    throw new DeclarationError(`${set}.fields.${name}`, `${mask} is not a mask of the low 32 bits`);
  }
  return { name, mask, role: typeof field === "number" ? null : (field.role ?? null) };
}

function compileBit(set: string, name: string, bit: FlagBitDecl): FlagBit {
  const { mask, since, until } = typeof bit === "number" ? { mask: bit } : bit;
  const where = `${set}.bits.${name}`;
  if (!Number.isSafeInteger(mask) || mask <= 0)
    throw new DeclarationError(where, `${mask} is not a mask below 2^53`);
  const lo = mask >>> 0;
  const hi = Math.floor(mask / 2 ** 32);
  const isPowerOfTwo =
    (lo === 0 || (lo & (lo - 1)) === 0) && (hi === 0 || (hi & (hi - 1)) === 0) && (lo === 0) !== (hi === 0);
  if (!isPowerOfTwo) throw new DeclarationError(where, `0x${mask.toString(16)} is more than one bit`);
  const from = since === undefined ? 0 : kernelVersion(since);
  const to = until === undefined ? Number.POSITIVE_INFINITY : kernelVersion(until);
  if (from >= to) throw new DeclarationError(where, `since ${since} is not before until ${until}`);
  return { name, lo, hi, since: from, until: to };
}

function refuseOverlaps(set: string, bits: readonly FlagBit[], fields: readonly FlagField[]): void {
  for (const [i, bit] of bits.entries()) {
    const field = fields.find((f) => (f.mask & bit.lo) !== 0);
    if (field !== undefined)
      throw new DeclarationError(`${set}.bits.${bit.name}`, `lies inside the field ${field.name}`);
    const twin = bits
      .slice(0, i)
      .find((b) => b.lo === bit.lo && b.hi === bit.hi && b.since < bit.until && bit.since < b.until);
    if (twin !== undefined)
      throw new DeclarationError(
        `${set}.bits.${bit.name}`,
        `is the same bit as ${twin.name} in the same era`,
      );
  }
}

/** Compiles a flag set. @throws DeclarationError for masks that are no bits, overlaps and empty eras */
export function flagSet(decl: FlagSetDecl): FlagSet {
  return new FlagSet(decl);
}
