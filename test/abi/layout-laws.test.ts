import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  alignOf,
  DATA_MODELS,
  type DataModel,
  LP64,
  LP64BE,
  layoutOf,
  type StructLayout,
  sizeOf,
  Types,
} from "../../src/abi/index.ts";
import { structs } from "./random-structs.ts";

const MODELS = Object.values(DATA_MODELS);
const GUARD = 0xa5;

/** Checks a law on every struct of random tables under every data model. */
function forEveryLayout(law: (layout: StructLayout, types: Types, model: DataModel) => void): void {
  fc.assert(
    fc.property(structs({ min: 1, max: 5 }), (decls) => {
      const types = new Types(decls);
      for (const decl of decls) for (const model of MODELS) law(layoutOf(decl, model, types), types, model);
    }),
    { numRuns: 60 },
  );
}

/** A view with a guard of 8 bytes on either side of the struct, and where the struct starts. */
function memoryFor(layout: StructLayout): { bytes: Uint8Array; view: DataView; at: number } {
  const bytes = new Uint8Array(layout.size + 16).fill(GUARD);
  return { bytes, view: new DataView(bytes.buffer), at: 8 };
}

/** Values for every scalar of a struct: any bits at all. */
function someValues(layout: StructLayout, seed: number): Record<string, bigint> {
  const { view, at } = memoryFor(layout);
  let state = seed | 1;
  const values: Record<string, bigint> = {};
  for (const path of Object.keys(layout.read(view, at))) {
    state = Math.imul(state, 0x9e37_79b1) ^ (state >>> 15);
    const bits = (BigInt(state >>> 0) << 32n) | BigInt(Math.imul(state, 0x85eb_ca6b) >>> 0);
    const { width, signed } = layout.field(path);
    values[path] = signed ? BigInt.asIntN(width * 8, bits) : BigInt.asUintN(width * 8, bits);
  }
  return values;
}

describe("layouts", () => {
  test("fields stand in declaration order and do not overlap", () => {
    forEveryLayout((layout) => {
      expect(layout.fields.map((f) => f.name)).toEqual(Object.keys(layout.decl.fields));
      let end = 0;
      for (const field of layout.fields) {
        expect(field.offset).toBeGreaterThanOrEqual(end);
        end = field.offset + field.size;
      }
      expect(end + layout.tailPadding).toBe(layout.size);
    });
  });

  test("fields are aligned, and the struct as its strictest field", () => {
    forEveryLayout((layout, types, model) => {
      const packed = layout.decl.packed?.includes(model.name) ?? false;
      for (const { type, offset, size, align } of layout.fields) {
        expect(size).toBe(sizeOf(type, model, types));
        expect(align).toBe(packed ? 1 : alignOf(type, model, types));
        expect(offset % align).toBe(0);
      }
      expect(layout.align).toBe(Math.max(...layout.fields.map((f) => f.align)));
      expect(layout.size % layout.align).toBe(0);
      if (packed) expect([layout.holes, layout.tailPadding]).toEqual([[], 0]);
    });
  });

  test("holes, fields and tail padding add up to the size, and padding is shorter than an alignment", () => {
    forEveryLayout((layout) => {
      const owners = new Uint8Array(layout.size);
      for (const { offset, size } of [...layout.fields, ...layout.holes])
        for (let i = offset; i < offset + size; i++) owners[i] = (owners[i] as number) + 1;
      const owned = layout.size - layout.tailPadding;
      expect([...owners]).toEqual(Array.from({ length: layout.size }, (_, i) => (i < owned ? 1 : 0)));
      for (const hole of layout.holes) {
        const next = layout.fields.find((f) => f.offset === hole.offset + hole.size);
        expect(hole.size).toBeLessThan(next?.align ?? 0);
        expect(hole.size).toBeGreaterThan(0);
      }
      expect(layout.tailPadding).toBeLessThan(layout.align);
    });
  });

  test("a layout is computed once, and shared by tables that mean the same", () => {
    forEveryLayout((layout, types, model) => {
      const again = new Types(types.allStructs());
      expect(layoutOf(layout.decl, model, types)).toBe(layout);
      expect(layoutOf(layout.decl, model, again)).toBe(layout);
    });
  });

  test("the same name in another table is another struct", () => {
    const outer = { struct: "outer", fields: { a: "u8", inner: { struct: "inner" } } } as const;
    const small = new Types([outer, { struct: "inner", fields: { b: "u16" } }]);
    const large = new Types([outer, { struct: "inner", fields: { b: "u64" } }]);
    expect(layoutOf(outer, LP64, small).size).toBe(4);
    expect(layoutOf(outer, LP64, large).size).toBe(16);
    expect(layoutOf(outer, LP64, small).size).toBe(4);
  });
});

describe("reading and writing a struct", () => {
  test("what is written is read back, under every model, and nothing else is touched", () => {
    fc.assert(
      fc.property(structs({ min: 1, max: 4 }), fc.integer(), (decls, seed) => {
        const types = new Types(decls);
        for (const decl of decls) {
          for (const model of MODELS) {
            const layout = layoutOf(decl, model, types);
            const { bytes, view, at } = memoryFor(layout);
            const values = someValues(layout, seed);
            layout.write(view, at, values);
            const read = layout.read(view, at);
            for (const [path, value] of Object.entries(values)) expect(BigInt(read[path] ?? -1)).toBe(value);
            const holes = [...layout.holes, { offset: -8, size: 8 }, { offset: layout.size, size: 8 }];
            for (const { offset, size } of holes)
              for (let i = 0; i < size; i++) expect(bytes[at + offset + i]).toBe(GUARD);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test("both byte orders hold the same values, each scalar's bytes turned round", () => {
    fc.assert(
      fc.property(structs({ min: 1, max: 4 }), fc.integer(), (decls, seed) => {
        // Packing is named by model; a pair of models can only mirror where both pack or neither does.
        const plain = decls.map(({ struct, fields }) => ({ struct, fields }));
        const types = new Types(plain);
        for (const decl of plain) {
          const little = layoutOf(decl, LP64, types);
          const big = layoutOf(decl, LP64BE, types);
          expect(big.fields).toEqual(little.fields);
          const [one, two] = [memoryFor(little), memoryFor(big)];
          const values = someValues(little, seed);
          little.write(one.view, one.at, values);
          big.write(two.view, two.at, values);
          expect(big.read(two.view, two.at)).toEqual(little.read(one.view, one.at));
          for (const path of Object.keys(values)) {
            const { offset, width } = little.field(path);
            expect([...two.bytes.subarray(8 + offset, 8 + offset + width)]).toEqual(
              [...one.bytes.subarray(8 + offset, 8 + offset + width)].reverse(),
            );
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
