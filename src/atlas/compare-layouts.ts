import { layoutOf, type StructDecl, type StructLayout, type StructLookup } from "../abi/struct.ts";
import type { Abi } from "./abis.ts";

/** ABIs that lay a struct out alike. */
export interface LayoutGroup {
  readonly abis: readonly string[];
  readonly layout: StructLayout;
}

/** Something that is not the same on every ABI. */
export interface Moved {
  /** The field; null for the struct as a whole. */
  readonly field: string | null;
  readonly what: "offset" | "size" | "alignment";
  /** In bytes, by group in order. */
  readonly values: readonly number[];
}

/** How ABIs lay a struct out, and where they do not agree. */
export interface LayoutComparison {
  readonly decl: StructDecl;
  readonly groups: readonly LayoutGroup[];
  readonly moved: readonly Moved[];
}

/** Lays a struct out for every ABI and puts together those that agree on every offset, size and alignment. */
export function compareLayouts(
  decl: StructDecl,
  abis: readonly Abi[],
  types: StructLookup,
): LayoutComparison {
  const groups = new Map<string, { abis: string[]; layout: StructLayout }>();
  for (const { name, model } of abis) {
    const layout = layoutOf(decl, model, types);
    const key = JSON.stringify([layout.size, layout.align, layout.fields.map((f) => [f.offset, f.size])]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { abis: [name], layout });
    else group.abis.push(name);
  }
  const all = [...groups.values()];
  return { decl, groups: all, moved: movedIn(all) };
}

function movedIn(groups: readonly LayoutGroup[]): Moved[] {
  const moved: Moved[] = [];
  const note = (field: string | null, what: Moved["what"], of: (layout: StructLayout) => number): void => {
    const values = groups.map(({ layout }) => of(layout));
    if (new Set(values).size > 1) moved.push({ field, what, values });
  };
  for (const [i, { name }] of (groups[0]?.layout.fields ?? []).entries()) {
    note(name, "offset", ({ fields }) => fields[i]?.offset ?? 0);
    note(name, "size", ({ fields }) => fields[i]?.size ?? 0);
  }
  note(null, "size", ({ size }) => size);
  note(null, "alignment", ({ align }) => align);
  return moved;
}
