/** What C's types come to on one ABI. */
export interface DataModel {
  readonly name: string;
  /** Bytes of a pointer. */
  readonly pointer: 4 | 8;
  /** Bytes of `long`. */
  readonly long: 4 | 8;
  /** What integers inside a struct are aligned to at most: 4 on i386, 2 on m68k, else 8, their own size. */
  readonly align64: 2 | 4 | 8;
  readonly littleEndian: boolean;
}

/** 64-bit x86: as {@link LP64}, with a name of its own for the structs that are packed there alone. */
export const X86_64: DataModel = { name: "x86_64", pointer: 8, long: 8, align64: 8, littleEndian: true };
/** 64-bit, little endian: arm64, riscv64, ppc64le, loongarch64. */
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

/** m68k: 32-bit, big endian, nothing aligned to more than 2. */
export const M68K: DataModel = { name: "m68k", pointer: 4, long: 4, align64: 2, littleEndian: false };

/** Every data model by name. */
export const DATA_MODELS: Readonly<Record<string, DataModel>> = {
  x86_64: X86_64,
  lp64: LP64,
  lp64be: LP64BE,
  ilp32: ILP32,
  ilp32be: ILP32BE,
  i386: I386,
  x32: X32,
  m68k: M68K,
};
