import { type DataModel, I386, ILP32, ILP32BE, LP64, LP64BE, M68K, X32, X86_64 } from "../abi/data-model.ts";

/** Where structs are laid out: an architecture with its byte order and its calling convention. */
export interface Abi {
  readonly name: string;
  readonly model: DataModel;
}

/** Every ABI structs are laid out for, 64-bit ones first. */
export const ABIS: readonly Abi[] = [
  { name: "x86_64", model: X86_64 },
  { name: "arm64", model: LP64 },
  { name: "riscv64", model: LP64 },
  { name: "loongarch64", model: LP64 },
  { name: "powerpc64le", model: LP64 },
  { name: "powerpc64", model: LP64BE },
  { name: "s390x", model: LP64BE },
  { name: "mips64el", model: LP64 },
  { name: "mips64", model: LP64BE },
  { name: "sparc64", model: LP64BE },
  { name: "x32", model: X32 },
  { name: "i386", model: I386 },
  { name: "arm", model: ILP32 },
  { name: "powerpc", model: ILP32BE },
  { name: "s390", model: ILP32BE },
  { name: "mipsel", model: ILP32 },
  { name: "mips", model: ILP32BE },
  { name: "mipsn32el", model: ILP32 },
  { name: "mipsn32", model: ILP32BE },
  { name: "parisc", model: ILP32BE },
  { name: "m68k", model: M68K },
];

/** What else the ABIs are called. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  amd64: "x86_64",
  "x86-64": "x86_64",
  aarch64: "arm64",
  ppc64le: "powerpc64le",
  ppc64el: "powerpc64le",
  ppc64: "powerpc64",
  ppc: "powerpc",
  x86: "i386",
  i686: "i386",
  armhf: "arm",
  armel: "arm",
  mips_o32: "mips",
  mips_n32: "mipsn32",
  mips_n64: "mips64",
  hppa: "parisc",
};

/** Every name an ABI goes by, its own first. */
export const ABI_NAMES: readonly string[] = [...ABIS.map(({ name }) => name), ...Object.keys(OTHER_NAMES)];

/** An ABI by any of its names; undefined for none. */
export function abiNamed(name: string): Abi | undefined {
  const plain = name.toLowerCase();
  const own = OTHER_NAMES[plain] ?? plain;
  return ABIS.find((abi) => abi.name === own);
}
