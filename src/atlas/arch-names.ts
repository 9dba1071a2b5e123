import { TABLES, type TableId } from "../abi/numbers.ts";

/** What else the tables are called: by the kernel, by Debian, by compilers and by libseccomp. */
const OTHER_NAMES: Readonly<Partial<Record<TableId, string>>> = {
  x86_64: "amd64 x86-64 x64",
  i386: "x86 i486 i586 i686 ia-32",
  arm: "armhf armel armv7l arm-eabi eabi",
  arm64: "aarch64",
  riscv64: "riscv rv64",
  powerpc: "ppc ppc32",
  powerpc64: "ppc64 ppc64le ppc64el powerpc64le",
  mips_o32: "mips mipsel o32 mips-o32",
  mips_n32: "mipsn32 mipsn32el n32 mips64n32 mipsel64n32 mips-n32",
  mips_n64: "mips64 mips64el mipsel64 n64 mips-n64",
  sparc64: "sparc",
  loongarch64: "loong64 loongarch",
  parisc: "hppa",
};

const BY_NAME: ReadonlyMap<string, TableId> = new Map(
  TABLES.flatMap((id): [string, TableId][] => [
    [id, id],
    ...(OTHER_NAMES[id] ?? "").split(" ").map((name): [string, TableId] => [name, id]),
  ]).filter(([name]) => name !== ""),
);

/** Every name a table goes by, its own first. */
export const TABLE_NAMES: readonly string[] = [...new Set([...TABLES, ...BY_NAME.keys()])];

/** The table of an architecture by any of its names (`aarch64`, `ppc64le`); undefined for none. */
export function tableNamed(name: string): TableId | undefined {
  return BY_NAME.get(name.toLowerCase());
}
