import { table } from "../layout.ts";
import type { Paint } from "../paint.ts";

/** A cell: null is "nothing". */
export type Cell = string | number | null;

/** A column: the key of its cells, which is also its head. */
export interface Column {
  readonly key: string;
  readonly right?: true;
  readonly ink?: "name" | "number" | "faint" | "hole";
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

function asText({ caption, columns: all, rows, notes }: Sheet, paint: Paint, width: number): string[] {
  // A column with nothing in it says nothing to people.
  const columns = all.filter(({ key }) => rows.some((row) => shown(row[key]) !== ""));
  const [first, ...more] = caption;
  const head = columns.map(({ key }) => paint("faint", key));
  const cells = rows.map((row) =>
    columns.map(({ key, ink }) => (ink === undefined ? shown(row[key]) : paint(ink, shown(row[key])))),
  );
  const right = columns.flatMap((column, i) => (column.right ? [i] : []));
  return [
    ...(first === undefined ? [] : [paint("title", first), ...more]),
    ...table([head, ...cells], { right, width }),
    ...notes.map((note) => paint("faint", `  ${note}`)),
  ].map((line) => line.trimEnd());
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
