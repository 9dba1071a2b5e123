import type { Call } from "../src/kernel/index.ts";

/** Sixteen bytes of kernel scratch memory. */
export function kalloc16(k: Call): number {
  return k.kalloc(16);
}
