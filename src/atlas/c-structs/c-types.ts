import type { ScalarName } from "../../abi/ctype.ts";

/** What C and the uapi headers call the scalar types; words in the order of the alphabet, `int` left out of longer ones. */
const NAMES: Readonly<Record<string, ScalarName>> = {
  char: "char",
  "char signed": "signed char",
  "char unsigned": "unsigned char",
  _Bool: "unsigned char",
  bool: "unsigned char",
  short: "short",
  "short signed": "short",
  "short unsigned": "unsigned short",
  int: "int",
  signed: "int",
  unsigned: "unsigned int",
  long: "long",
  "long signed": "long",
  "long unsigned": "unsigned long",
  "long long": "long long",
  "long long signed": "long long",
  "long long unsigned": "unsigned long long",
  __aligned_u64: "aligned_u64",
  aligned_u64: "aligned_u64",
  __poll_t: "u32",
  loff_t: "s64",
  __kernel_loff_t: "s64",
  __kernel_rwf_t: "int",
  rwf_t: "int",
  dev_t: "u32",
  mode_t: "unsigned int",
  umode_t: "unsigned short",
  clockid_t: "int",
  key_t: "int",
  time64_t: "s64",
  __kernel_time64_t: "s64",
  uintptr_t: "unsigned long",
  intptr_t: "long",
  __kernel_ulong_t: "unsigned long",
  __kernel_long_t: "long",
  pid_t: "pid_t",
  uid_t: "uid_t",
  gid_t: "gid_t",
  size_t: "size_t",
  ssize_t: "ssize_t",
  off_t: "off_t",
  sigset_t: "sigset_t",
};

/** `u8` … `s64` as the kernel, uapi and C99 spell them. */
const FIXED = /^(?:__)?([us])(8|16|32|64)$|^(u?)int(8|16|32|64)_t$|^__[bl]e(16|32|64)$/;

/** Words a type may have that change nothing about its layout. */
export const QUALIFIERS: ReadonlySet<string> = new Set([
  "const",
  "volatile",
  "__user",
  "__force",
  "restrict",
]);

/** Whether a word can begin or continue the name of a scalar type of several words. */
export function isTypeWord(word: string): boolean {
  return /^(char|short|int|long|signed|unsigned)$/.test(word);
}

/** The scalar some words of C name; undefined for none. */
export function scalarNamed(words: readonly string[]): ScalarName | undefined {
  const [only = ""] = words;
  const fixed = words.length === 1 ? FIXED.exec(only) : null;
  if (fixed !== null) {
    const [, sign, bits, unsigned, c99, endian] = fixed;
    const signed = sign === "s" || (c99 !== undefined && unsigned === "");
    return `${signed ? "s" : "u"}${bits ?? c99 ?? endian}` as ScalarName;
  }
  const sorted = [...words].sort();
  const key = sorted.length > 1 ? sorted.filter((word) => word !== "int").join(" ") : only;
  return Object.hasOwn(NAMES, key) ? NAMES[key] : undefined;
}
