import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kernelVersion } from "../../src/abi/index.ts";

describe("kernel versions", () => {
  test("a missing third number is 0", () => {
    expect(kernelVersion("2.6.30")).toBe(2_006_030);
    expect(kernelVersion("5.3")).toBe(kernelVersion("5.3.0"));
  });

  test("they compare number by number", () => {
    const version = fc.tuple(fc.nat({ max: 999 }), fc.nat({ max: 999 }), fc.nat({ max: 999 }));
    const order = (a: readonly number[], b: readonly number[]): number => {
      const i = a.findIndex((n, at) => n !== b[at]);
      return i < 0 ? 0 : Math.sign((a[i] as number) - (b[i] as number));
    };
    fc.assert(
      fc.property(version, version, (a, b) => {
        const difference = kernelVersion(a.join(".")) - kernelVersion(b.join("."));
        expect(Math.sign(difference)).toBe(order(a, b));
      }),
    );
    expect(kernelVersion("2.6.9")).toBeLessThan(kernelVersion("2.6.30"));
  });

  test.each(["", "5", "5.", "v5.3", "5.3-rc1", "2.6.32.5", "2.6.1000", " 5.3", "-1.2"])(
    "%j is none",
    (text) => {
      expect(() => kernelVersion(text)).toThrow(RangeError);
    },
  );
});
