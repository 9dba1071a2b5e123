import type { Region, Vector } from "./vector.ts";
import { addressOfWord, regionImage } from "./words.ts";

/**
 * Bytes of a case's memory before the start, to be read only; where nothing is mapped they are 0.
 * @param images what the caller has of them already
 */
export function startOf(
  { regions }: Vector,
  addr: number,
  size: number,
  images?: ReadonlyMap<Region, Uint8Array>,
): Uint8Array {
  const imageOf = (region: Region): Uint8Array => images?.get(region) ?? regionImage(region);
  let start: Uint8Array | null = null;
  for (const region of regions) {
    const from = addressOfWord(region.addr);
    const first = Math.max(addr, from);
    const last = Math.min(addr + size, from + region.size);
    if (first >= last) continue;
    // Most ranges lie in one region.
    const part = imageOf(region).subarray(first - from, last - from);
    if (part.length === size) return part;
    start ??= new Uint8Array(size);
    start.set(part, first - addr);
  }
  return start ?? new Uint8Array(size);
}
