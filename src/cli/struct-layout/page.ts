import type { StructDecl } from "../../abi/struct.ts";
import type { LayoutComparison, LayoutGroup, Moved } from "../../atlas/compare-layouts.ts";
import { fieldType } from "../c-types.ts";
import { table, unbroken, widthOfText, wrap } from "../layout.ts";
import type { Paint } from "../paint.ts";

/** What a page of layouts needs to know of the screen. */
export interface Screen {
  readonly paint: Paint;
  readonly columns: number;
}

/** How a field's type stands on the page; the declaration's own where a file's is not at hand. */
export type TypeTexts = Readonly<Record<string, string>>;

/**
 * Layouts as pahole prints them, those that differ side by side as far as the screen goes: offset and size of every
 * field, hole and padding, then which ABI has which, and what moves.
 */
export function layoutPage(comparison: LayoutComparison, texts: TypeTexts, screen: Screen): string[] {
  const { decl, groups, moved } = comparison;
  const { paint, columns } = screen;
  const letters = groups.map((_, i) => String.fromCharCode(65 + i));
  const several = groups.length > 1;
  const legend = groups.map(({ abis }, i) => [several ? `${letters[i]}:` : "on", abis.join(" ")]);
  return [
    ...bodies(comparison, texts, several ? letters : [], screen),
    ...(decl.note === undefined ? [] : wrap(`  ${decl.note}`, columns, 2)),
    ...table(legend, { indent: 0, gap: 1, width: columns }),
    ...(moved.length === 0 ? [] : wrap(`${paint("heading", "moves:")} ${movedText(moved)}`, columns, 2)),
  ];
}

/** The struct with as many layouts beside it as fit, and again with the next ones. */
function bodies(
  { decl, groups }: LayoutComparison,
  texts: TypeTexts,
  letters: readonly string[],
  { paint, columns }: Screen,
): string[] {
  const left = Math.max(...bodyRows(decl, groups, texts, paint).map(([cell = ""]) => widthOfText(cell)));
  const fit = Math.max(1, Math.floor((columns - left) / (COMMENT_WIDTH + 2)));
  const lines: string[] = [];
  for (let first = 0; first < groups.length; first += fit) {
    const shown = groups.slice(first, first + fit);
    const heads = letters.slice(first, first + fit).map((letter) => paint("faint", `         ${letter}`));
    const head = [`${paint("heading", `struct ${decl.struct}`)} {`, ...heads];
    lines.push(...table([head, ...bodyRows(decl, shown, texts, paint)], { indent: 0 }));
  }
  return lines;
}

const COMMENT_WIDTH = "/* 12345 12345 */".length;

type Cells = (readonly [offset: number, size: number] | null)[];

function bodyRows(
  decl: StructDecl,
  groups: readonly LayoutGroup[],
  texts: TypeTexts,
  paint: Paint,
): string[][] {
  const layouts = groups.map(({ layout }) => layout);
  const rows: string[][] = [];
  const add = (left: string, cells: Cells, ink: "number" | "hole"): void => {
    if (cells.every((cell) => cell === null)) return;
    rows.push([left, ...cells.map((cell) => (cell === null ? "" : paint(ink, commentOf(cell))))]);
  };
  const widest = Math.max(
    ...Object.entries(decl.fields).map(([name]) => typeOf(decl.fields[name], texts[name]).base.length),
  );
  for (const [i, name] of Object.keys(decl.fields).entries()) {
    const holes = layouts.map(({ holes, fields }) =>
      holes.find((hole) => hole.offset + hole.size === fields[i]?.offset),
    );
    add(
      paint("hole", "        /* hole */"),
      holes.map((hole) => (hole === undefined ? null : [hole.offset, hole.size])),
      "hole",
    );
    const { base, suffix } = typeOf(decl.fields[name], texts[name]);
    const fields = layouts.map(({ fields }) => fields[i]);
    add(
      `        ${base.padEnd(widest)} ${paint("name", name)}${suffix};`,
      fields.map((field) => [field?.offset ?? 0, field?.size ?? 0]),
      "number",
    );
    for (const [version, size] of Object.entries(decl.versions ?? {})) {
      const ends = fields.every((field) => (field?.offset ?? 0) + (field?.size ?? 0) === size);
      if (ends) rows.push([paint("faint", `        /* --- ${version}: ${size} bytes --- */`)]);
    }
  }
  add(
    paint("hole", "        /* padding */"),
    layouts.map(({ size, tailPadding }) => (tailPadding === 0 ? null : [size - tailPadding, tailPadding])),
    "hole",
  );
  rows.push([
    "        /* size, alignment */",
    ...layouts.map(({ size, align }) => paint("number", commentOf([size, align]))),
  ]);
  const packed = layouts.map(({ decl: own, model }) => own.packed?.includes(model.name) ?? false);
  if (packed.some(Boolean))
    rows.push(["        /* packed */", ...packed.map((is) => (is ? "/* packed    */" : ""))]);
  rows.push(["};"]);
  return rows;
}

/** Offset and size as pahole writes them. */
function commentOf([offset, size]: readonly [number, number]): string {
  return `/* ${String(offset).padStart(5)} ${String(size).padStart(5)} */`;
}

/** A type before and after the name: `u16` and `[3]`. */
function typeOf(
  type: Parameters<typeof fieldType>[0] | undefined,
  text: string | undefined,
): { base: string; suffix: string } {
  const whole = text ?? (type === undefined ? "" : fieldType(type));
  const [, base = whole, suffix = ""] = /^(.*?) ?((?:\[\d+\])+)$/.exec(whole) ?? [];
  return { base, suffix };
}

function movedText(moved: readonly Moved[]): string {
  const whats = new Map<string, string[]>();
  for (const { field, what } of moved) {
    const name = field ?? "the struct";
    whats.set(name, [...(whats.get(name) ?? []), what]);
  }
  return [...whats].map(([name, what]) => unbroken(`${name} (${what.join(", ")})`)).join(", ");
}
