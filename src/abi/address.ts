/**
 * A 64-bit word as a JavaScript number, in *address form*: exact below 2^53; above that only the high word counts
 * (`hi * 2^32`). The form is monotonic and never rounds a word across a limit; no such word is a user address.
 *
 * @param lo low 32 bits, signed or unsigned
 * @param hi high 32 bits, signed or unsigned
 */
export function addressOf(lo: number, hi: number): number {
  const high = hi >>> 0;
  return high < EXACT_HIGH ? high * WORD + (lo >>> 0) : high * WORD;
}

const WORD = 2 ** 32;

/** The first high word whose 64-bit values are not all exact doubles. */
const EXACT_HIGH = 0x200000;

/** The low 32 bits of an address, unsigned. */
export function loOf(address: number): number {
  return address >>> 0;
}

/** The high 32 bits of an address, unsigned. */
export function hiOf(address: number): number {
  return Math.floor(address / WORD) >>> 0;
}
