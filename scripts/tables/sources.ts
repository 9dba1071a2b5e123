import type { TableId } from "../../src/abi/numbers.ts";

/** Where one table comes from: a package of kernel headers, and what its `asm/unistd.h` must be told. */
export interface TableSource {
  readonly table: TableId;
  /** What Debian calls the architecture: the package is `linux-libc-dev-DEBIAN-cross`. */
  readonly debian: string;
  /** Macros the compiler of that architecture predefines, as far as the header asks. */
  readonly defines: readonly string[];
  /** The header; `asm/unistd.h` where nothing is said. */
  readonly header?: string;
  /** Subtracted from every number: the base of a table that does not begin at 0. */
  readonly base?: number;
  /** The table this one is written as a difference to. */
  readonly like?: TableId;
  /** What the data file says beside package and version. */
  readonly remark?: string;
}

/** Every table, each after the one it is written as a difference to. */
export const TABLE_SOURCES: readonly TableSource[] = [
  { table: "x86_64", debian: "amd64", defines: ["__x86_64__", "__LP64__"] },
  { table: "x32", debian: "amd64", defines: ["__x86_64__", "__ILP32__"], base: 0x40000000, like: "x86_64" },
  { table: "i386", debian: "amd64", defines: ["__i386__"] },
  { table: "arm", debian: "armhf", defines: ["__arm__", "__ARM_EABI__"] },
  { table: "arm64", debian: "arm64", defines: ["__aarch64__", "__LP64__"] },
  {
    table: "riscv64",
    debian: "riscv64",
    defines: ["__riscv", "__LP64__", "__SIZEOF_POINTER__=8"],
    like: "arm64",
  },
  {
    table: "loongarch64",
    debian: "arm64",
    header: "asm-generic/unistd.h",
    // What arch/loongarch/include/uapi/asm/unistd.h of 6.1 defines before it includes the generic header.
    defines: ["__aarch64__", "__ARCH_WANT_SYS_CLONE", "__ARCH_WANT_SYS_CLONE3"],
    like: "arm64",
    remark: "the generic header with loongarch's macros",
  },
  { table: "powerpc64", debian: "ppc64el", defines: ["__powerpc64__"] },
  { table: "powerpc", debian: "powerpc", defines: ["__powerpc__"], like: "powerpc64" },
  { table: "s390x", debian: "s390x", defines: ["__s390x__"] },
  { table: "s390", debian: "s390x", defines: ["__s390__"], like: "s390x" },
  { table: "mips_o32", debian: "mips", defines: ["__mips__", "_MIPS_SIM=1"], base: 4000 },
  { table: "mips_n64", debian: "mips64", defines: ["__mips__", "_MIPS_SIM=3"], base: 5000 },
  {
    table: "mips_n32",
    debian: "mipsn32",
    defines: ["__mips__", "_MIPS_SIM=2"],
    base: 6000,
    like: "mips_n64",
  },
  { table: "sparc64", debian: "sparc64", defines: ["__sparc__", "__arch64__"] },
  { table: "parisc", debian: "hppa", defines: ["__hppa__"] },
];
