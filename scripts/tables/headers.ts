import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Unpacked } from "./packages.ts";
import type { TableSource } from "./sources.ts";

/** What the headers define beside calls: bases, and marks of where a range ends. */
const NO_CALL =
  /^(Linux|Linux_syscalls|\w+_Linux\w*|syscalls|SYSCALL_BASE|OABI_SYSCALL_BASE|BASE|SYSCALL_MASK|arch_specific_syscall)$/;

/** The calls of a table by name, relative to its base: what the preprocessor makes of `asm/unistd.h`. */
export function headerNumbers(source: TableSource, { root }: Unpacked): Map<string, number> {
  const paths = includePaths(root).flatMap((path) => ["-I", path]);
  const defines = source.defines.map((define) => `-D${define}`);
  const args = ["-undef", "-nostdinc", ...paths, ...defines, "-x", "c", "-"];
  const include = `#include <${source.header ?? "asm/unistd.h"}>\n`;
  const macros = [...cpp(["-dM", ...args], include).matchAll(/^#define (__(?:ARM_)?NR_(\w+)) /gm)];
  // The preprocessor expands the macros; what is left are sums of numbers.
  const lines = macros.filter(([, , name]) => !NO_CALL.test(name ?? "")).map(([, m, n]) => `@"${n}" ${m}\n`);
  const numbers = new Map<string, number>();
  for (const [, name = "", sum = ""] of cpp(["-P", ...args], include + lines.join("")).matchAll(
    /@"(\w+)" (.+)/g,
  ))
    numbers.set(name, sumOf(sum, name) - (source.base ?? 0));
  if (numbers.size < 200) throw new Error(`${source.table}: ${numbers.size} calls are too few to be a table`);
  return numbers;
}

function cpp(args: readonly string[], input: string): string {
  return execFileSync("gcc", ["-E", ...args], { input, encoding: "utf8" });
}

/** A cross package has usr/TRIPLET/include, the native one usr/include and usr/include/TRIPLET. */
function includePaths(root: string): string[] {
  const usr = join(root, "usr");
  const native = join(usr, "include");
  const below = (folder: string): string[] => {
    try {
      return readdirSync(folder).map((name) => join(folder, name));
    } catch {
      return [];
    }
  };
  return [...below(usr).map((path) => join(path, "include")), native, ...below(native)];
}

/** `(4000 + 12)`, `(0x0f0000+1)`, `435`. */
function sumOf(sum: string, name: string): number {
  const terms = sum.replace(/[()\s]/g, "").split("+");
  const value = terms.reduce((total, term) => total + Number(term), 0);
  if (!Number.isSafeInteger(value)) throw new Error(`__NR_${name} is ${sum}: no number`);
  return value;
}
