import { putHex } from "../kernel/trace/escape.ts";
import { PROT_EXEC, PROT_NONE, PROT_READ, PROT_WRITE, type Prot } from "../mm/vma.ts";
import type { Patch, Region, Word } from "./vector.ts";

/** A word as an unsigned 64-bit pattern. */
export function wordOf(word: Word): bigint {
  return BigInt.asUintN(64, BigInt(word));
}

/** Hexadecimal digits of a number that is exact whatever they are. */
const EXACT_DIGITS = 13;

/** An address of user memory as a number; exact below 2^53. */
export function addressOfWord(word: Word): number {
  const exact = typeof word === "string" ? word.length <= "0x".length + EXACT_DIGITS : word >= 0;
  return exact ? Number(word) : Number(wordOf(word));
}

/** A pattern of `bits` as a signed number. */
export function signedOf(pattern: bigint, bits: 32 | 64): bigint {
  return BigInt.asIntN(bits, pattern);
}

/** A number as the format writes it: an integer where it is exact, else a hex string of its 64-bit pattern. */
export function wordText(value: bigint): Word {
  const small = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return small ? Number(value) : hexWord(BigInt.asUintN(64, value));
}

/** "0x…" of an unsigned number. */
export function hexWord(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

/** The protection bits of a region. */
export function protOf(region: Region): Prot {
  const [r, w, x] = region.prot;
  return (
    (r === "r" ? PROT_READ : PROT_NONE) |
    (w === "w" ? PROT_WRITE : PROT_NONE) |
    (x === "x" ? PROT_EXEC : PROT_NONE)
  );
}

/**
 * The bytes of a region before the start.
 * @param image where to put them, of the region's size
 */
export function regionImage(region: Region, image: Uint8Array = new Uint8Array(region.size)): Uint8Array {
  image.fill(Number.parseInt(region.fill, 16));
  for (const patch of region.data ?? []) {
    if ("hex" in patch) putHex(patch.hex, image, patch.off);
    else image.fill(Number.parseInt(patch.fill, 16), patch.off, patch.off + patch.len);
  }
  return image;
}

/** Bytes a patch covers. */
export function patchLength(patch: Patch): number {
  return "hex" in patch ? patch.hex.length / 2 : patch.len;
}
