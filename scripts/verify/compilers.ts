import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unpack } from "../tables/packages.ts";

/** Something that makes assembly of C for one ABI. */
export interface Compiler {
  readonly name: string;
  /** @throws Error with the first line of the compiler's complaint */
  assemble(source: string, flags?: readonly string[]): string;
}

/** The clang target of each ABI it lays out as the ABI says; its m68k is none of Linux's. */
const CLANG: Readonly<Record<string, string>> = {
  x86_64: "x86_64-linux-gnu",
  arm64: "aarch64-linux-gnu",
  riscv64: "riscv64-linux-gnu",
  powerpc64le: "powerpc64le-linux-gnu",
  powerpc64: "powerpc64-linux-gnu",
  s390x: "s390x-linux-gnu",
  mips64el: "mips64el-linux-gnuabi64",
  mips64: "mips64-linux-gnuabi64",
  sparc64: "sparc64-linux-gnu",
  x32: "x86_64-linux-gnux32",
  i386: "i386-linux-gnu",
  arm: "arm-linux-gnueabi",
  powerpc: "powerpc-linux-gnu",
  mipsel: "mipsel-linux-gnu",
  mips: "mips-linux-gnu",
  mipsn32el: "mips64el-linux-gnuabin32",
  mipsn32: "mips64-linux-gnuabin32",
  loongarch64: "loongarch64-linux-gnu",
};

/** Where clang has no target: Debian's cross compiler, unpacked beside the host's own. */
const GCC: Readonly<Record<string, readonly [triplet: string, ...flags: string[]]>> = {
  s390: ["s390x-linux-gnu", "-m31"],
  parisc: ["hppa-linux-gnu"],
  m68k: ["m68k-linux-gnu"],
};

/** The package of kernel headers of each ABI. */
const HEADER_PACKAGES: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  arm64: "arm64",
  riscv64: "riscv64",
  powerpc64le: "ppc64el",
  powerpc64: "ppc64",
  s390x: "s390x",
  mips64el: "mips64el",
  mips64: "mips64",
  sparc64: "sparc64",
  x32: "x32",
  i386: "i386",
  arm: "armhf",
  powerpc: "powerpc",
  s390: "s390x",
  mipsel: "mipsel",
  mips: "mips",
  mipsn32el: "mipsn32el",
  mipsn32: "mipsn32",
  parisc: "hppa",
  m68k: "m68k",
};

const GCC_VERSION = "12";

/** The compilers of every ABI, installed or unpacked when first asked for. */
export class Compilers {
  private readonly folder: string;
  private clang: string | null = null;

  constructor(folder: string) {
    this.folder = folder;
    execFileSync("apt-get", ["update"], { stdio: "ignore" });
  }

  /** @throws Error when there is none for the ABI */
  of(abi: string): Compiler {
    const target = CLANG[abi];
    if (target !== undefined) {
      this.clang ??= installedClang();
      return this.compiler(`${this.clang} --target=${target}`, CLANG_COMMAND, [`--target=${target}`]);
    }
    const gcc = GCC[abi];
    if (gcc === undefined) throw new Error("no compiler of this Debian lays structs out for it");
    const [triplet, ...flags] = gcc;
    const { root, version } = unpack(`gcc-${GCC_VERSION}-${triplet}`, this.folder);
    unpack(`cpp-${GCC_VERSION}-${triplet}`, this.folder);
    const command = join(root, "usr/bin", `${triplet}-gcc-${GCC_VERSION}`);
    // The compiler proper, cc1, comes with the preprocessor's package.
    const cc1 = join(
      this.folder,
      `cpp-${GCC_VERSION}-${triplet}`,
      "x/usr/lib/gcc-cross",
      triplet,
      GCC_VERSION,
    );
    const inside = existsSync(cc1) ? ["-B", cc1] : [];
    return this.compiler(`${triplet}-gcc ${version}`, command, [...inside, ...flags]);
  }

  /** What an include of a kernel header needs. @throws Error when there are none for the ABI */
  headersOf(abi: string): { readonly source: string; readonly flags: readonly string[] } {
    const debian = HEADER_PACKAGES[abi];
    if (debian === undefined) throw new Error("Debian has no headers of it");
    const { name, version, root } = unpack(`linux-libc-dev-${debian}-cross`, this.folder);
    const usr = join(root, "usr");
    const paths = readdirSync(usr).map((triplet) => join(usr, triplet, "include"));
    return { source: `${name} ${version}`, flags: ["-nostdinc", ...paths.flatMap((path) => ["-I", path])] };
  }

  private compiler(name: string, command: string, args: readonly string[]): Compiler {
    const file = join(this.folder, "where.c");
    return {
      name,
      assemble: (source, flags = []) => {
        // `%c` is a bare constant everywhere but on s390, where it is the lowest byte of one, and `%` is bare.
        writeFileSync(file, name.startsWith("s390") ? source.replaceAll("%c", "%") : source);
        const all = [...args, "-ffreestanding", "-std=gnu11", "-w", "-O1", "-S", ...flags, "-o", "-", file];
        const run = spawnSync(command, all, { encoding: "utf8", maxBuffer: 1 << 30 });
        if (run.error !== undefined) throw run.error;
        if (run.status !== 0) throw new Error(run.stderr.trim().split("\n")[0]);
        return run.stdout;
      },
    };
  }
}

/** The release of Debian's clang packages to take: loongarch64 is a target from 16 on. */
const CLANG_COMMAND = "clang-19";

function installedClang(): string {
  const version = (): string | undefined =>
    /version ([\d.]+)/.exec(spawnSync(CLANG_COMMAND, ["--version"], { encoding: "utf8" }).stdout ?? "")?.[1];
  if (version() === undefined) execFileSync("apt-get", ["install", "-y", CLANG_COMMAND], { stdio: "ignore" });
  return `clang ${version()}`;
}
