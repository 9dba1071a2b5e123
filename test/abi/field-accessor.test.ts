import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addressOf,
  I386,
  LP64,
  LP64BE,
  layoutOf,
  rusage,
  SCALARS,
  type ScalarName,
  signedAddressOf,
  Types,
  timeval,
} from "../../src/abi/index.ts";

const NAMES = Object.keys(SCALARS) as ScalarName[];
const MODELS = [LP64, LP64BE, I386];
const all = { struct: "all", fields: Object.fromEntries(NAMES.map((n, i) => [`f${i}`, n])) };
const bits64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n });

describe("field accessors", () => {
  test("int, lo, hi and big are views of one value, and set cuts as C does", () => {
    fc.assert(
      fc.property(bits64, (value) => {
        for (const model of MODELS) {
          const layout = layoutOf(all, model);
          const view = new DataView(new ArrayBuffer(layout.size));
          for (const [i, name] of NAMES.entries()) {
            const field = layout.field(`f${i}`);
            const { signed } = SCALARS[name];
            const bits = field.width * 8;
            field.set(view, 0, value);
            const big = signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
            const word = BigInt.asUintN(64, big);
            const [lo, hi] = [Number(word & 0xffff_ffffn), Number(word >> 32n)];
            expect(field.big(view, 0)).toBe(big);
            expect([field.lo(view, 0), field.hi(view, 0)]).toEqual([lo, hi]);
            const narrow = bits < 64 ? Number(big) : signed ? signedAddressOf(lo, hi) : addressOf(lo, hi);
            expect(field.int(view, 0)).toBe(narrow);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("a number, a bigint and two words store the same bytes", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        for (const model of MODELS) {
          const layout = layoutOf(all, model);
          const images = [0, 1, 2].map(() => new Uint8Array(layout.size));
          const [a, b, c] = images.map((i) => new DataView(i.buffer)) as [DataView, DataView, DataView];
          const word = BigInt.asUintN(64, BigInt(value));
          for (const i of NAMES.keys()) {
            const field = layout.field(`f${i}`);
            field.set(a, 0, value);
            field.set(b, 0, BigInt(value));
            field.setWords(c, 0, Number(word & 0xffff_ffffn), Number(word >> 32n));
          }
          expect(images[1]).toEqual(images[0]);
          expect(images[2]).toEqual(images[0]);
        }
      }),
    );
  });

  test("an address in address form comes back as it went", () => {
    const layout = layoutOf(all, LP64);
    const field = layout.field(`f${NAMES.indexOf("addr")}`);
    const view = new DataView(new ArrayBuffer(layout.size));
    for (const address of [0, 1, 2 ** 32, 0x7fff_ffff_f000, 2 ** 53, addressOf(7, 0xffff_8000)]) {
      field.set(view, 0, address);
      expect(field.int(view, 0)).toBe(address);
    }
  });

  test("outside the view is a RangeError", () => {
    const field = layoutOf(timeval, LP64).field("tv_usec");
    const view = new DataView(new ArrayBuffer(15));
    expect(() => field.int(view, 0)).toThrow(RangeError);
    expect(() => field.set(view, 0, 1)).toThrow(RangeError);
    expect(() => field.int(view, -9)).toThrow(RangeError);
  });
});

describe("ways into a struct", () => {
  const inner = { struct: "inner", fields: { tag: "u8", pair: { array: "u16", length: 2 } } } as const;
  const outer = {
    struct: "outer",
    fields: {
      head: "int",
      rows: { array: { array: { struct: "inner" }, length: 2 }, length: 3 },
      name: { array: "char", length: 3 },
    },
  } as const;
  const layout = layoutOf(outer, LP64, new Types([inner, outer]));

  test("a path leads through inner structs and elements", () => {
    expect(layout.field("head").offset).toBe(0);
    expect(layout.field("rows").size).toBe(36);
    expect(layout.field("rows[2][1].pair[1]").offset).toBe(4 + 5 * 6 + 4);
    expect(layout.field("rows[0][0].tag").width).toBe(1);
    expect(layout.field("name[2]").offset).toBe(42);
    expect(layout.field("name[2]")).toBe(layout.field("name[2]"));
    const usage = layoutOf(rusage, LP64, new Types([timeval, rusage]));
    expect(usage.field("ru_stime.tv_usec").offset).toBe(24);
  });

  test.each([
    "",
    "tail",
    "head.tag",
    "tail.tag",
    "head[0].tag",
    "rows[3][0]",
    "head[0]",
    "rows[3]",
    "rows[0][0].",
    "rows[0][0]tag",
    "rows.tag",
    "name[-1]",
    "name[1",
    "name[x]",
    "toString",
  ])("%j leads nowhere", (path) => {
    expect(() => layout.field(path)).toThrow(`struct outer has no field ${path}`);
  });

  test("an array or an inner struct has a place but no value", () => {
    const view = new DataView(new ArrayBuffer(layout.size));
    for (const path of ["rows", "rows[0]", "rows[0][1]", "name"]) {
      const field = layout.field(path);
      for (const use of [
        () => field.int(view, 0),
        () => field.lo(view, 0),
        () => field.hi(view, 0),
        () => field.big(view, 0),
        () => field.set(view, 0, 1),
        () => field.set(view, 0, 1n),
      ])
        expect(use).toThrow(/are no scalar: name an element or an inner field/);
    }
  });

  test("read unfolds everything in memory order", () => {
    const bytes = Uint8Array.from({ length: layout.size }, (_, i) => i);
    const values = layout.read(new DataView(bytes.buffer), 0);
    expect(Object.keys(values)).toHaveLength(1 + 6 * 3 + 3);
    expect(Object.keys(values).slice(0, 4)).toEqual([
      "head",
      "rows[0][0].tag",
      "rows[0][0].pair[0]",
      "rows[0][0].pair[1]",
    ]);
    expect(values["rows[0][1].tag"]).toBe(10);
  });
});
