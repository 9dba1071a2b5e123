import { addressOf } from "./address.ts";

/** Reads and writes one struct field in any memory a DataView covers. Nothing is allocated on the way. */
export class FieldAccessor {
  /** Bytes from the start of the struct. */
  readonly offset: number;
  /** Bytes; {@link int}, {@link lo}, {@link hi} and {@link set} work for 1, 2, 4 and 8. */
  readonly size: number;
  readonly signed: boolean;
  private readonly littleEndian: boolean;

  constructor(offset: number, size: number, signed: boolean, littleEndian: boolean) {
    this.offset = offset;
    this.size = size;
    this.signed = signed;
    this.littleEndian = littleEndian;
  }

  /** The value: exact up to 32 bits, in address form for 64. */
  int(view: DataView, at: number): number {
    const where = at + this.offset;
    switch (this.size) {
      case 1:
        return this.signed ? view.getInt8(where) : view.getUint8(where);
      case 2:
        return this.signed
          ? view.getInt16(where, this.littleEndian)
          : view.getUint16(where, this.littleEndian);
      case 4:
        return this.signed
          ? view.getInt32(where, this.littleEndian)
          : view.getUint32(where, this.littleEndian);
      default:
        return addressOf(this.lo(view, at), this.hi(view, at));
    }
  }

  /** The low 32 bits, unsigned. */
  lo(view: DataView, at: number): number {
    if (this.size < 8) return this.int(view, at) >>> 0;
    return view.getUint32(at + this.offset + (this.littleEndian ? 0 : 4), this.littleEndian);
  }

  /** The high 32 bits, unsigned; 0 for a field of up to 4 bytes. */
  hi(view: DataView, at: number): number {
    if (this.size < 8) return 0;
    return view.getUint32(at + this.offset + (this.littleEndian ? 4 : 0), this.littleEndian);
  }

  /** The value as a bigint, exact. */
  big(view: DataView, at: number): bigint {
    if (this.size < 8) return BigInt(this.int(view, at));
    const value = view.getBigUint64(at + this.offset, this.littleEndian);
    return this.signed ? BigInt.asIntN(64, value) : value;
  }

  /** Stores a value, cut to the field's width. */
  set(view: DataView, at: number, value: number | bigint): void {
    const where = at + this.offset;
    switch (this.size) {
      case 1:
        view.setUint8(where, Number(BigInt.asUintN(8, BigInt(value))));
        break;
      case 2:
        view.setUint16(where, Number(BigInt.asUintN(16, BigInt(value))), this.littleEndian);
        break;
      case 4:
        view.setUint32(where, Number(BigInt.asUintN(32, BigInt(value))), this.littleEndian);
        break;
      default:
        view.setBigUint64(where, BigInt.asUintN(64, BigInt(value)), this.littleEndian);
    }
  }
}
