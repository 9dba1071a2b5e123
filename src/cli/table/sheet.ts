import { fits, table, unbroken, wrap } from "../layout.ts";
import type { Paint } from "../paint.ts";

/** A cell: null is "nothing". */
export type Cell = string | number | null;

/** A column: the key of its cells, which is also its head. */
export interface Column {
  readonly key: string;
  readonly right?: true;
  readonly ink?: "name" | "number" | "faint" | "hole";
  /** Left out for people whose screen is too narrow: those with 1 first. */
  readonly spare?: number;
}

/** What a view of the tables comes to, before it has a form. */
export interface Sheet {
  /** Lines above, for people. */
  readonly caption: readonly string[];
  readonly columns: readonly Column[];
  /** All with the same keys, the columns' and, for machines, others. */
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  /** The rows as JSON has them, where they hold more than cells can. */
  readonly records?: readonly object[];
  /** Lines below, for people. */
  readonly notes: readonly string[];
}

/** The forms a sheet can have. */
export const FORMATS = ["text", "json", "csv", "md"] as const;

/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number];

/** A sheet in a form, newlines included. */
export function formatted(sheet: Sheet, format: Format, screen: { paint: Paint; columns: number }): string {
  const lines = format === "text" ? asText(sheet, screen.paint, screen.columns) : FORMS[format](sheet);
  return lines.map((line) => `${line}\n`).join("");
}

function asText(sheet: Sheet, paint: Paint, width: number): string[] {
  const { caption, rows, notes } = sheet;
  const [first, ...more] = caption.flatMap((line) => wrap(listUnbroken(line), width, 4));
  const most = Math.max(0, ...sheet.columns.map(({ spare = 0 }) => spare));
  let grid: string[] = [];
  for (let spared = 0; spared <= most; spared++) {
    // A column with nothing in it says nothing to people.
    const columns = sheet.columns.filter(
      ({ key, spare = most + 1 }) => spare > spared && rows.some((row) => shown(row[key]) !== ""),
    );
    grid = gridOf(columns, rows, paint, width);
    if (fits(grid, width)) break;
  }
  return [
    ...(first === undefined ? [] : [paint("title", first), ...more]),
    ...grid,
    ...notes.flatMap((note) => wrap(`  ${note}`, width, 4).map((line) => paint("faint", line))),
  ].map((line) => line.trimEnd());
}

function gridOf(columns: readonly Column[], rows: Sheet["rows"], paint: Paint, width: number): string[] {
  const head = columns.map(({ key }) => paint("faint", key));
  const cells = rows.map((row) =>
    columns.map(({ key, ink }) => {
      const text = forPeople(row[key]);
      return ink === undefined ? text : paint(ink, text);
    }),
  );
  const right = columns.flatMap((column, i) => (column.right ? [i] : []));
  return table([head, ...cells], { right, width });
}

/** Bit 30 is easier to see in hexadecimal: x32 sets it in every number. */
function forPeople(cell: Cell | undefined): string {
  if (typeof cell === "number" && cell >= 1 << 30) return `0x${cell.toString(16)}`;
  return listUnbroken(shown(cell));
}

/** A list that is broken at its commas alone. */
function listUnbroken(text: string): string {
  return text.includes(", ") ? text.split(", ").map(unbroken).join(", ") : text;
}

const FORMS: Readonly<Record<Exclude<Format, "text">, (sheet: Sheet) => string[]>> = {
  json: ({ rows, records }) => listOf((records ?? rows).map((row) => JSON.stringify(row))),
  csv: ({ rows }) => {
    const keys = Object.keys(rows[0] ?? {});
    return [keys, ...rows.map((row) => keys.map((key) => shown(row[key])))].map((cells) =>
      cells.map(quoted).join(","),
    );
  },
  md: ({ columns, rows }) => [
    markdownRow(columns.map(({ key }) => key)),
    markdownRow(columns.map(({ right }) => (right ? "--:" : "---"))),
    ...rows.map((row) => markdownRow(columns.map(({ key }) => shown(row[key]).replaceAll("|", "\\|")))),
  ],
};

/** A JSON list with a row a line: as easy to grep as to parse. */
function listOf(rows: readonly string[]): string[] {
  return ["[", ...rows.map((row, i) => (i < rows.length - 1 ? `${row},` : row)), "]"];
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** A field of CSV (RFC 4180). */
function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function shown(cell: Cell | undefined): string {
  return cell === null || cell === undefined ? "" : String(cell);
}
