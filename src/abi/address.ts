const WORD = 2 ** 32;

/** The first high word whose 64-bit values are not all exact doubles. */
const EXACT_HIGH = 0x200000;

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

/**
 * As {@link addressOf} for a signed word: exact from −2^53 up to, not including, 2^53; beyond that only the high word
 * counts, so that sign and order are kept.
 */
export function signedAddressOf(lo: number, hi: number): number {
  const high = hi | 0;
  return high < EXACT_HIGH && high >= -EXACT_HIGH ? high * WORD + (lo >>> 0) : high * WORD;
}

/** The low 32 bits of an address, unsigned; of a negative one, as two's complement. */
export function loOf(address: number): number {
  return address >>> 0;
}

/** The high 32 bits of an address, unsigned; of a negative one, as two's complement. */
export function hiOf(address: number): number {
  return Math.floor(address / WORD) >>> 0;
}
