import fc from "fast-check";
import { type CType, DATA_MODELS, SCALARS, type ScalarName, type StructDecl } from "../../src/abi/index.ts";

const scalar = fc.constantFrom(...(Object.keys(SCALARS) as ScalarName[]));

/** A field before the structs it may hold are known: `ref` picks one of those declared earlier. */
type Draft =
  | { readonly kind: "scalar"; readonly of: ScalarName }
  | { readonly kind: "pointer"; readonly of: ScalarName; readonly direction: "in" | "out" | "inout" }
  | { readonly kind: "string" }
  | { readonly kind: "struct"; readonly ref: number; readonly otherwise: ScalarName }
  | { readonly kind: "array"; readonly of: Draft; readonly length: number };

const { draft } = fc.letrec<{ draft: Draft }>((tie) => ({
  draft: fc.oneof(
    { maxDepth: 2, depthSize: "medium" },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("scalar" as const), of: scalar }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("pointer" as const),
        of: scalar,
        direction: fc.constantFrom("in", "out", "inout"),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("string" as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("struct" as const),
        ref: fc.nat({ max: 99 }),
        otherwise: scalar,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("array" as const),
        of: tie("draft"),
        length: fc.integer({ min: 1, max: 5 }),
      }),
    },
  ),
}));

function finish(d: Draft, earlier: readonly StructDecl[]): CType {
  switch (d.kind) {
    case "scalar":
      return d.of;
    case "pointer":
      return { [d.direction]: d.of } as unknown as CType;
    case "string":
      return { string: "in" };
    case "array":
      return { array: finish(d.of, earlier), length: d.length };
    case "struct": {
      const decl = earlier[d.ref % Math.max(earlier.length, 1)];
      // No struct before it: nothing to hold.
      return decl === undefined ? d.otherwise : { struct: decl.struct };
    }
  }
}

/**
 * A few structs, each free to hold those before it, by value and in arrays; some are packed under some data models.
 * @param count how many
 */
export function structs(count: { min: number; max: number }): fc.Arbitrary<StructDecl[]> {
  const one = fc.record({
    fields: fc.array(draft, { minLength: 1, maxLength: 8 }),
    packed: fc.option(fc.subarray(Object.keys(DATA_MODELS)), { freq: 4 }),
  });
  return fc.array(one, { minLength: count.min, maxLength: count.max }).map((drafts) => {
    const made: StructDecl[] = [];
    for (const { fields, packed } of drafts) {
      // The first few alone, or a chain of structs in arrays would grow beyond any memory.
      const earlier = made.slice(0, 4);
      made.push({
        struct: `s${made.length}`,
        fields: Object.fromEntries(fields.map((field, i) => [`f${i}`, finish(field, earlier)])),
        ...(packed === null ? {} : { packed }),
      });
    }
    return made;
  });
}
