import { compileFlags } from "./flag-compile.ts";
import { signalName } from "./signal.ts";

/** A multi-bit part of a flag word, such as the exit signal in clone's low byte. */
export type FlagFieldDecl = number | { readonly mask: number; readonly role?: "signal" };

/** A mask: an exact integer below 2^53, or two unsigned words where the bit is higher. */
export type FlagMask = number | readonly [lo: number, hi: number];

/** A flag bit: its mask, or its mask and the era in which the name held (`until` exclusive). */
export type FlagBitDecl =
  | FlagMask
  | { readonly mask: FlagMask; readonly since?: string; readonly until?: string };

/** A whole word with a name: its value below 2^32, or its value and the era in which the name held. */
export type FlagValueDecl =
  | number
  | { readonly value: number; readonly since?: string; readonly until?: string };

/**
 * A flag set as a literal. A bit's mask is a power of two; two names may share a bit only in different eras. A field
 * is a group of bits in the low word that holds a number. A value is a name for a word as a whole: a set of values and
 * no bits is an enumeration.
 */
export interface FlagSetDecl {
  readonly flagset: string;
  readonly fields?: Readonly<Record<string, FlagFieldDecl>>;
  readonly bits?: Readonly<Record<string, FlagBitDecl>>;
  readonly values?: Readonly<Record<string, FlagValueDecl>>;
  /** What stands beside a word no name fits, as strace has it: `PR_???`. */
  readonly stranger?: string;
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
  /** The field's bits in the low word, unsigned. */
  readonly mask: number;
  readonly role: "signal" | null;
}

/** The name of a whole word, in a compiled set. */
export interface FlagValue {
  readonly name: string;
  /** Unsigned, below 2^32. */
  readonly value: number;
  /** Comparable kernel versions; [since, until). */
  readonly since: number;
  readonly until: number;
}

/** A compiled flag set over a 64-bit word. */
export class FlagSet {
  readonly name: string;
  /** The declaration it was compiled from. */
  readonly decl: FlagSetDecl;
  readonly bits: readonly FlagBit[];
  readonly fields: readonly FlagField[];
  readonly values: readonly FlagValue[];
  /** Every bit the set knows in any era, fields included; unsigned words. */
  readonly knownLo: number;
  readonly knownHi: number;

  /** @throws DeclarationError for masks that are no bits, overlaps and empty eras */
  constructor(decl: FlagSetDecl) {
    const { bits, fields, values } = compileFlags(decl);
    this.name = decl.flagset;
    this.decl = decl;
    this.bits = bits;
    this.fields = fields;
    this.values = values;
    let lo = 0;
    let hi = 0;
    for (const field of fields) lo |= field.mask;
    for (const bit of bits) {
      lo |= bit.lo;
      hi |= bit.hi;
    }
    this.knownLo = lo >>> 0;
    this.knownHi = hi >>> 0;
  }

  /**
   * The bits of a word that the set does not know in any era: the complement at full width, so that a high bit is
   * never lost (the law Q-14 asks for).
   */
  unknown(lo: number, hi = 0): { readonly lo: number; readonly hi: number } {
    return { lo: (lo & ~this.knownLo) >>> 0, hi: (hi & ~this.knownHi) >>> 0 };
  }

  /**
   * The word in strace's dialect: the name of the whole word, or names joined by `|`, unknown bits as one hexadecimal
   * number, fields last (a signal by its name, any other number in hexadecimal); `0` for an empty word.
   * @param kernel a version from `kernelVersion`: names of other eras are left out; the newest when left out
   */
  format(lo: number, hi = 0, kernel: number = Number.MAX_SAFE_INTEGER): string {
    const whole = this.valueName(lo, hi, kernel);
    if (whole !== undefined) return whole;
    const parts: string[] = [];
    let restLo = lo >>> 0;
    let restHi = hi >>> 0;
    for (const bit of this.bits) {
      if (kernel < bit.since || kernel >= bit.until) continue;
      if ((restLo & bit.lo) === 0 && (restHi & bit.hi) === 0) continue;
      parts.push(bit.name);
      restLo = (restLo & ~bit.lo) >>> 0;
      restHi = (restHi & ~bit.hi) >>> 0;
    }
    const fields: string[] = [];
    for (const field of this.fields) {
      const value = ((restLo & field.mask) >>> 0) / lowestBit(field.mask);
      restLo = (restLo & ~field.mask) >>> 0;
      if (value !== 0) fields.push(field.role === "signal" ? signalName(value) : hex(value, 0));
    }
    if (restLo !== 0 || restHi !== 0) parts.push(hex(restLo, restHi));
    const text = [...parts, ...fields].join("|") || "0";
    const { stranger } = this.decl;
    const named = parts.length + fields.length > (restLo !== 0 || restHi !== 0 ? 1 : 0);
    return stranger === undefined || named ? text : `${text} /* ${stranger} */`;
  }

  private valueName(lo: number, hi: number, kernel: number): string | undefined {
    if (hi !== 0) return undefined;
    const word = lo >>> 0;
    return this.values.find((v) => v.value === word && kernel >= v.since && kernel < v.until)?.name;
  }

  /** The mask of a name, as two unsigned words. @throws RangeError when the set has no such name */
  mask(name: string): { readonly lo: number; readonly hi: number } {
    const bit = this.bits.find((b) => b.name === name);
    if (bit === undefined) throw new RangeError(`${this.name} has no flag ${name}`);
    return { lo: bit.lo, hi: bit.hi };
  }

  /** The declaration, for JSON. */
  toJSON(): FlagSetDecl {
    return this.decl;
  }
}

function hex(lo: number, hi: number): string {
  return hi === 0 ? `0x${lo.toString(16)}` : `0x${hi.toString(16)}${lo.toString(16).padStart(8, "0")}`;
}

/** The lowest bit of a mask that is not empty. */
function lowestBit(mask: number): number {
  return (mask & -mask) >>> 0;
}

/** Compiles a flag set. @throws DeclarationError for masks that are no bits, overlaps and empty eras */
export function flagSet(decl: FlagSetDecl): FlagSet {
  return new FlagSet(decl);
}
