import { addressOf, hiOf, signedAddressOf } from "./address.ts";

/** Bytes of a scalar field; 0 for an array or an inner struct, which has no value of its own. */
export type FieldWidth = 0 | 1 | 2 | 4 | 8;

/**
 * Reads and writes one struct field in any memory a DataView covers. One class for every width and byte order, so that
 * the call sites stay monomorphic; nothing is allocated, and a BigInt is made only where one is asked for.
 */
export class FieldAccessor {
  /** Bytes from the start of the struct. */
  readonly offset: number;
  /** Bytes the field takes. */
  readonly size: number;
  readonly width: FieldWidth;
  readonly signed: boolean;
  private readonly littleEndian: boolean;

  constructor(offset: number, size: number, width: FieldWidth, signed: boolean, littleEndian: boolean) {
    this.offset = offset;
    this.size = size;
    this.width = width;
    this.signed = signed;
    this.littleEndian = littleEndian;
  }

  /**
   * The value: exact up to 32 bits, in address form (`addressOf`, `signedAddressOf`) for 64.
   * @param at where the struct starts, in bytes
   * @throws RangeError outside the view, and for an array or an inner struct
   */
  int(view: DataView, at: number): number {
    const where = at + this.offset;
    const little = this.littleEndian;
    switch (this.width) {
      case 1:
        return this.signed ? view.getInt8(where) : view.getUint8(where);
      case 2:
        return this.signed ? view.getInt16(where, little) : view.getUint16(where, little);
      case 4:
        return this.signed ? view.getInt32(where, little) : view.getUint32(where, little);
      case 8: {
        const lo = view.getUint32(where + (little ? 0 : 4), little);
        const hi = view.getUint32(where + (little ? 4 : 0), little);
        return this.signed ? signedAddressOf(lo, hi) : addressOf(lo, hi);
      }
      default:
        throw noScalar(this);
    }
  }

  /** The low 32 bits, unsigned; a narrower field is sign- or zero-extended first. */
  lo(view: DataView, at: number): number {
    if (this.width !== 8) return this.int(view, at) >>> 0;
    return view.getUint32(at + this.offset + (this.littleEndian ? 0 : 4), this.littleEndian);
  }

  /** The high 32 bits, unsigned; of a field of up to 4 bytes, what sign- or zero-extension puts there. */
  hi(view: DataView, at: number): number {
    if (this.width !== 8) return this.int(view, at) < 0 ? 0xffff_ffff : 0;
    return view.getUint32(at + this.offset + (this.littleEndian ? 4 : 0), this.littleEndian);
  }

  /** The value as a bigint, exact. */
  big(view: DataView, at: number): bigint {
    if (this.width !== 8) return BigInt(this.int(view, at));
    const where = at + this.offset;
    return this.signed
      ? view.getBigInt64(where, this.littleEndian)
      : view.getBigUint64(where, this.littleEndian);
  }

  /**
   * Stores a value, cut to the field's width as C does.
   * @param value any integer: a number must be exact (below 2^53) or in address form
   */
  set(view: DataView, at: number, value: number | bigint): void {
    if (typeof value === "bigint") this.setBig(view, at, value);
    else this.setWords(view, at, value >>> 0, this.width === 8 ? hiOf(value) : 0);
  }

  /** Stores a 64-bit word given as two halves, cut to the field's width. */
  setWords(view: DataView, at: number, lo: number, hi: number): void {
    const where = at + this.offset;
    const little = this.littleEndian;
    switch (this.width) {
      case 1:
        view.setUint8(where, lo);
        break;
      case 2:
        view.setUint16(where, lo, little);
        break;
      case 4:
        view.setUint32(where, lo, little);
        break;
      case 8:
        view.setUint32(where + (little ? 0 : 4), lo, little);
        view.setUint32(where + (little ? 4 : 0), hi, little);
        break;
      default:
        throw noScalar(this);
    }
  }

  private setBig(view: DataView, at: number, value: bigint): void {
    this.setWords(view, at, Number(BigInt.asUintN(32, value)), Number(BigInt.asUintN(32, value >> 32n)));
  }
}

function noScalar({ offset, size }: FieldAccessor): RangeError {
  return new RangeError(
    `the ${size} bytes at offset ${offset} are no scalar: name an element or an inner field`,
  );
}
