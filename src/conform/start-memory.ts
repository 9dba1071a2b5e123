import type { Region, Vector } from "./vector.ts";
import { addressOfWord, regionImage } from "./words.ts";

/**
 * Bytes of a case's memory before the start; where nothing is mapped they are 0.
 * @param imageOf the bytes of a region, for a caller that has them already
 */
export function startOf(
  { regions }: Vector,
  addr: number,
  size: number,
  imageOf: (region: Region) => Uint8Array = regionImage,
): Uint8Array {
  const start = new Uint8Array(size);
  for (const region of regions) {
    const from = addressOfWord(region.addr);
    const first = Math.max(addr, from);
    const last = Math.min(addr + size, from + region.size);
    if (first < last) start.set(imageOf(region).subarray(first - from, last - from), first - addr);
  }
  return start;
}
