import fc from "fast-check";
import { expect, test } from "vitest";
import { Leaf, LeafTable } from "../../src/mm/leaf-table.ts";

/** Regions side by side, at even distances, and anywhere below 2^53 bytes. */
const region = fc.oneof(
  fc.nat({ max: 40 }),
  fc.nat({ max: 40 }).map((n) => n * 2 ** 20),
  fc.nat({ max: 2 ** 32 - 1 }),
);

const op = fc.record({ what: fc.constantFrom("set", "set", "set", "delete", "clear", "share"), region });

test("law: the table of leaves is a map by region, through growth, collisions and sharing", () => {
  fc.assert(
    fc.property(fc.array(op, { maxLength: 120, size: "max" }), fc.array(region), (ops, looks) => {
      let table = new LeafTable();
      const naive = new Map<number, Leaf>();
      for (const { what, region } of ops) {
        if (what === "set") {
          const leaf = new Leaf(region);
          table.set(leaf);
          naive.set(region, leaf);
        } else if (what === "delete") {
          expect(table.delete(region)).toBe(naive.get(region) ?? null);
          naive.delete(region);
        } else if (what === "share") {
          const before = [...naive.values()].map((leaf) => leaf.refs + 1);
          table = table.share();
          expect([...naive.values()].map((leaf) => leaf.refs)).toEqual(before);
        } else if (looks.length % 3 === 0) {
          table.clear();
          naive.clear();
        }
        expect(table.size).toBe(naive.size);
      }
      for (const at of [...looks, ...naive.keys()]) expect(table.get(at)).toBe(naive.get(at) ?? null);
      expect(new Set(table.values())).toEqual(new Set(naive.values()));
    }),
  );
});
