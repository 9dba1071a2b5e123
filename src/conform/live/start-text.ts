import type { Region, Vector } from "../vector.ts";
import { addressOfWord, regionImage } from "../words.ts";

const PATH_MAX = 4096;

/**
 * The string that lies at an address before a case starts, without its NUL; null where there is none that a kernel would
 * take for a path: it runs into memory that cannot be read, or is too long.
 */
export function pathText({ regions }: Pick<Vector, "regions">, address: number): Uint8Array | null {
  const bytes: number[] = [];
  for (let at = address; bytes.length < PATH_MAX; ) {
    const region = regions.find((each) => covers(each, at));
    if (region === undefined || region.prot === "---") return null;
    const image = regionImage(region).subarray(at - addressOfWord(region.addr));
    const end = image.indexOf(0);
    bytes.push(...image.subarray(0, Math.min(end < 0 ? image.length : end, PATH_MAX)));
    if (end >= 0) return bytes.length < PATH_MAX ? Uint8Array.from(bytes) : null;
    at += image.length;
  }
  return null;
}

/** Bytes of a case's memory before the start; null where some are in no region. */
export function memoryAt(
  { regions }: Pick<Vector, "regions">,
  address: number,
  size: number,
): Uint8Array | null {
  const bytes = new Uint8Array(size);
  for (let done = 0; done < size; ) {
    const region = regions.find((each) => covers(each, address + done));
    if (region === undefined) return null;
    const from = address + done - addressOfWord(region.addr);
    const part = regionImage(region).subarray(from, from + size - done);
    bytes.set(part, done);
    done += part.length;
  }
  return bytes;
}

function covers(region: Region, at: number): boolean {
  const start = addressOfWord(region.addr);
  return start <= at && at < start + region.size;
}
