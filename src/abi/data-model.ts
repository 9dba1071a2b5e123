/** What C's types come to on one ABI. */
export interface DataModel {
  readonly name: string;
  /** Bytes of a pointer. */
  readonly pointer: 4 | 8;
  /** Bytes of `long`. */
  readonly long: 4 | 8;
  /** Alignment of 8-byte integers inside a struct: 4 on i386, else 8. */
  readonly align64: 2 | 4 | 8;
  readonly littleEndian: boolean;
}

/** 64-bit, little endian: x86_64, arm64, riscv64, ppc64le. */
export const LP64: DataModel = { name: "lp64", pointer: 8, long: 8, align64: 8, littleEndian: true };
/** 64-bit, big endian: s390x, ppc64. */
export const LP64BE: DataModel = { name: "lp64be", pointer: 8, long: 8, align64: 8, littleEndian: false };
/** 32-bit, little endian, 8-byte integers aligned to 8: arm, mipsel. */
export const ILP32: DataModel = { name: "ilp32", pointer: 4, long: 4, align64: 8, littleEndian: true };
/** 32-bit, big endian, 8-byte integers aligned to 8: ppc, mips, s390. */
export const ILP32BE: DataModel = { name: "ilp32be", pointer: 4, long: 4, align64: 8, littleEndian: false };
/** i386: 8-byte integers are aligned to 4 inside structs. */
export const I386: DataModel = { name: "i386", pointer: 4, long: 4, align64: 4, littleEndian: true };
/** x32: 32-bit pointers and longs on the 64-bit instruction set. */
export const X32: DataModel = { name: "x32", pointer: 4, long: 4, align64: 8, littleEndian: true };

/** Every data model by name. */
export const DATA_MODELS: Readonly<Record<string, DataModel>> = {
  lp64: LP64,
  lp64be: LP64BE,
  ilp32: ILP32,
  ilp32be: ILP32BE,
  i386: I386,
  x32: X32,
};
