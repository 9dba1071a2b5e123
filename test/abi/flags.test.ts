import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CLONE, clone_flags, flagSet, kernelVersion, wait_options } from "../../src/abi/index.ts";

const clone = flagSet(clone_flags);
const wide = flagSet({
  flagset: "wide",
  fields: { W_KIND: { mask: 0x70 } },
  bits: {
    W_LOW: 1,
    W_TOP_OF_LOW: 0x8000_0000,
    W_HIGH: 2 ** 32,
    W_EXACT: 2 ** 52,
    W_TOP: [0, 0x8000_0000],
  },
});
const word = fc.nat({ max: 0xffff_ffff });
const bits = (lo: number, hi: number): bigint => (BigInt(hi) << 32n) | BigInt(lo);

describe("flag sets", () => {
  test("Q-14 the complement is 64 bits wide: no unknown bit is lost, no known bit is reported", () => {
    const all = 2n ** 64n - 1n;
    for (const set of [clone, wide, flagSet(wait_options), flagSet({ flagset: "none", bits: {} })]) {
      const known = bits(set.knownLo, set.knownHi);
      fc.assert(
        fc.property(word, word, (lo, hi) => {
          const rest = set.unknown(lo, hi);
          expect(bits(rest.lo, rest.hi)).toBe(bits(lo, hi) & (all ^ known));
        }),
      );
    }
  });

  test("Q-14 a set of 32-bit masks still sees every high bit", () => {
    expect([clone.knownLo, clone.knownHi]).toEqual([0xffff_ffff, 0]);
    for (let bit = 0; bit < 32; bit++)
      expect(clone.unknown(0xffff_ffff, 2 ** bit)).toEqual({ lo: 0, hi: 2 ** bit });
    expect(clone.unknown(0xffff_ffff | 0, -1)).toEqual({ lo: 0, hi: 0xffff_ffff });
  });

  test("Q-14 masks of the high word are known, up to bit 63", () => {
    expect([wide.knownLo, wide.knownHi]).toEqual([0x8000_0071, 0x8010_0001]);
    expect(wide.unknown(0, 0xffff_ffff)).toEqual({ lo: 0, hi: 0x7fef_fffe });
  });

  test("a word prints as names, then what nobody knows, then the signal", () => {
    expect(clone.format(0)).toBe("0");
    expect(clone.format(17)).toBe("SIGCHLD");
    expect(clone.format(CLONE.VM | CLONE.FS | 17)).toBe("CLONE_VM|CLONE_FS|SIGCHLD");
    expect(clone.format(CLONE.IO, 0)).toBe("CLONE_IO");
    expect(clone.format(CLONE.VM | 17, 0x20)).toBe("CLONE_VM|0x2000000000|SIGCHLD");
    expect(clone.format(0xff)).toBe("255");
    expect(wide.format(0x8000_0031, 0x8010_0001)).toBe("W_LOW|W_TOP_OF_LOW|W_HIGH|W_EXACT|W_TOP|0x3");
    expect(wide.format(0x2, 0x2)).toBe("0x200000002");
    expect(wide.format(0, 0x2)).toBe("0x200000000");
  });

  test("a word that has a name of its own prints as that, whatever its bits; a stranger with what it should be", () => {
    const how = flagSet({ flagset: "how", values: { H_NONE: 0, H_ONE: 1 }, stranger: "H_???" });
    expect([0, 1, 2, -1].map((word) => how.format(word))).toEqual([
      "H_NONE",
      "H_ONE",
      "0x2 /* H_??? */",
      "0xffffffff /* H_??? */",
    ]);
    expect(how.format(1, 1)).toBe("0x100000001 /* H_??? */");
    expect(how.unknown(1)).toEqual({ lo: 1, hi: 0 });
    const mixed = flagSet({
      flagset: "mixed",
      bits: { M_A: 1, M_B: 2 },
      values: { M_ALL: 7 },
      stranger: "M_???",
    });
    expect([0, 3, 7, 8, 9].map((word) => mixed.format(word))).toEqual([
      "0 /* M_??? */",
      "M_A|M_B",
      "M_ALL",
      "0x8 /* M_??? */",
      "M_A|0x8",
    ]);
  });

  test("a value has its name in its era", () => {
    const set = flagSet({
      flagset: "era",
      values: { OLD: { value: 3, until: "4.6" }, NEW: { value: 3, since: "4.6" } },
    });
    expect(["4.5", "4.6"].map((kernel) => set.format(3, 0, kernelVersion(kernel)))).toEqual(["OLD", "NEW"]);
    expect(set.format(3)).toBe("NEW");
  });

  test("signed words print as unsigned ones", () => {
    fc.assert(
      fc.property(word, word, (lo, hi) => {
        expect(wide.format(lo | 0, hi | 0)).toBe(wide.format(lo, hi));
      }),
    );
  });

  test("a printed word says every bit once: its parts add up to it", () => {
    fc.assert(
      fc.property(word, word, (lo, hi) => {
        let sum = 0n;
        const parts = wide.format(lo, hi).split("|");
        for (const part of parts) {
          if (part.startsWith("W_")) {
            const mask = wide.mask(part);
            sum += bits(mask.lo, mask.hi);
          } else if (part !== "0") sum += BigInt(part) << (part === parts.at(-1) && isKind(lo) ? 4n : 0n);
        }
        expect(sum).toBe(bits(lo, hi));
      }),
    );
  });

  test("one bit has the name of the era (rules §6.2)", () => {
    const at = (version: string): string => clone.format(0x200_0000, 0, kernelVersion(version));
    expect(at("2.6.30")).toBe("CLONE_STOPPED");
    expect(at("2.6.37")).toBe("CLONE_STOPPED");
    expect(at("2.6.38")).toBe("0x2000000");
    expect(at("4.5")).toBe("0x2000000");
    expect(at("4.6")).toBe("CLONE_NEWCGROUP");
    expect(clone.format(0x200_0000)).toBe("CLONE_NEWCGROUP");
    expect(clone.format(0x1000, 0, kernelVersion("2.6.30"))).toBe("0x1000");
    expect(clone.format(0x1000, 0, kernelVersion("5.2"))).toBe("CLONE_PIDFD");
  });

  test("the constants handlers use are the declared masks", () => {
    for (const [name, mask] of Object.entries(CLONE)) {
      if (name === "CSIGNAL") expect(clone.fields[0]?.mask).toBe(mask);
      else expect(clone.mask(`CLONE_${name}`)).toEqual({ lo: mask, hi: 0 });
    }
    expect(Object.keys(CLONE)).toHaveLength(clone.bits.length + 1);
  });

  test("a mask asked for by a name the set has not is a RangeError", () => {
    expect(() => clone.mask("CLONE_NEWSPACE")).toThrow("clone_flags has no flag CLONE_NEWSPACE");
  });

  test("it prints as its declaration", () => {
    expect(JSON.parse(JSON.stringify(clone))).toEqual(clone_flags);
  });
});

/** Whether the field at bits 4 … 6 of {@link wide} is set: then it is printed last, shifted down. */
function isKind(lo: number): boolean {
  return (lo & 0x70) !== 0;
}
