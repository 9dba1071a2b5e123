import type { Vector } from "./vector.ts";
import { addressOfWord, regionImage } from "./words.ts";

/** Bytes of a case's memory before the start; where nothing is mapped they are 0. */
export function startOf({ regions }: Vector, addr: number, size: number): Uint8Array {
  const start = new Uint8Array(size);
  for (const region of regions) {
    const from = addressOfWord(region.addr);
    const first = Math.max(addr, from);
    const last = Math.min(addr + size, from + region.size);
    if (first < last) start.set(regionImage(region).subarray(first - from, last - from), first - addr);
  }
  return start;
}
