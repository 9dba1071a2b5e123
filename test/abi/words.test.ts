import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf, hiOf, loOf, signedAddressOf } from "../../src/abi/index.ts";

const WORD = 2 ** 32;
const word = fc.oneof(
  fc.nat({ max: 0xffff_ffff }),
  fc.constantFrom(
    0,
    1,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x1f_ffff,
    0x20_0000,
    0xffe0_0000,
    0xffdf_ffff,
  ),
);
const exact = (lo: number, hi: number): bigint => (BigInt(hi) << 32n) | BigInt(lo);

describe("address form", () => {
  test("a word below 2^53 is exact and splits into its halves again", () => {
    fc.assert(
      fc.property(word, fc.nat({ max: 0x1f_ffff }), (lo, hi) => {
        const address = addressOf(lo, hi);
        expect(BigInt(address)).toBe(exact(lo, hi));
        expect([loOf(address), hiOf(address)]).toEqual([lo, hi]);
      }),
    );
  });

  test("signed halves mean the same bits", () => {
    fc.assert(
      fc.property(word, word, (lo, hi) => {
        expect(addressOf(lo | 0, hi | 0)).toBe(addressOf(lo, hi));
        expect(signedAddressOf(lo | 0, hi | 0)).toBe(signedAddressOf(lo, hi));
      }),
    );
  });

  test("a word from 2^53 up keeps its high half alone, and stays from 2^53 up", () => {
    fc.assert(
      fc.property(word, fc.integer({ min: 0x20_0000, max: 0xffff_ffff }), (lo, hi) => {
        expect(addressOf(lo, hi)).toBe(hi * WORD);
        expect(addressOf(lo, hi)).toBeGreaterThanOrEqual(2 ** 53);
        expect(hiOf(addressOf(lo, hi))).toBe(hi);
      }),
    );
  });

  test("order is kept: a word never rounds across another", () => {
    fc.assert(
      fc.property(word, word, word, word, (alo, ahi, blo, bhi) => {
        if (exact(alo, ahi) <= exact(blo, bhi))
          expect(addressOf(alo, ahi)).toBeLessThanOrEqual(addressOf(blo, bhi));
        if (BigInt.asIntN(64, exact(alo, ahi)) <= BigInt.asIntN(64, exact(blo, bhi)))
          expect(signedAddressOf(alo, ahi)).toBeLessThanOrEqual(signedAddressOf(blo, bhi));
      }),
    );
  });

  test("a signed word is exact from −2^53 to 2^53, and its halves come back", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n - 1n }), (value) => {
        const bits = BigInt.asUintN(64, value);
        const [lo, hi] = [Number(bits & 0xffff_ffffn), Number(bits >> 32n)];
        const address = signedAddressOf(lo, hi);
        expect(BigInt(address)).toBe(value);
        expect([loOf(address), hiOf(address)]).toEqual([lo, hi]);
      }),
    );
    expect(signedAddressOf(0xffff_ffff, 0xffff_ffff)).toBe(-1);
  });

  test("a signed word outside keeps its sign and its high half, and drops the low one", () => {
    const outside = fc.oneof(
      fc.integer({ min: 0x20_0000, max: 0x7fff_ffff }),
      fc.integer({ min: -0x8000_0000, max: -0x20_0001 }),
    );
    fc.assert(
      fc.property(word, outside, (lo, hi) => {
        expect(signedAddressOf(lo, hi)).toBe(hi * WORD);
        expect(hiOf(signedAddressOf(lo, hi))).toBe(hi >>> 0);
      }),
    );
    expect(signedAddressOf(0xffff_ffff, -0x20_0001)).toBe(-0x20_0001 * WORD);
  });
});
