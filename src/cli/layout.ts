import { stripVTControlCharacters } from "node:util";

/** Columns a text takes on a screen; colours take none. */
export function widthOfText(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Whether every line fits `width` columns. */
export function fits(lines: readonly string[], width: number): boolean {
  return lines.every((line) => widthOfText(line) <= width);
}

/** `text` filled up with blanks to `width` columns, on the right or on the left. */
export function pad(text: string, width: number, side: "left" | "right" = "right"): string {
  const blanks = " ".repeat(Math.max(0, width - widthOfText(text)));
  return side === "right" ? text + blanks : blanks + text;
}

/** `text` as one word: {@link wrap} and {@link table} break no line inside it. */
export function unbroken(text: string): string {
  return text.replaceAll(" ", NO_BREAK);
}

/** Stands for a blank no line is broken at, until blanks are put back. */
const NO_BREAK = "\u00a0";

/**
 * Breaks a line at blanks so that it fits `width` columns; the lines after the first begin with `hang` blanks.
 * A word longer than a line stays whole.
 */
export function wrap(text: string, width: number, hang: number): string[] {
  return brokenAtBlanks(text, width, hang).map(blanksBack);
}

function blanksBack(line: string): string {
  return line.replaceAll(NO_BREAK, " ");
}

function brokenAtBlanks(text: string, width: number, hang: number): string[] {
  if (widthOfText(text) <= width) return [text];
  const lines: string[] = [];
  let line = /^ */.exec(text)?.[0] ?? "";
  let filled = false;
  for (const part of text.slice(line.length).split(/(?<! ) /)) {
    const joined = filled ? `${line} ${part}` : line + part;
    if (filled && widthOfText(joined) > width) {
      lines.push(line);
      line = " ".repeat(hang) + part.trimStart();
    } else {
      line = joined;
    }
    filled = true;
  }
  return [...lines, line];
}

/** How a table is set. */
export interface TableOptions {
  /** Blanks in front of every row. Default 2. */
  readonly indent?: number;
  /** Blanks between columns. Default 2. */
  readonly gap?: number;
  /** Columns set flush right, counted from 0. */
  readonly right?: readonly number[];
  /** Columns a line is kept within: the last column is broken at blanks. */
  readonly width?: number;
}

/** Rows in aligned columns, one line a row but for what had to be broken. */
export function table(rows: readonly (readonly string[])[], options: TableOptions = {}): string[] {
  return tableRows(rows, options).flat();
}

/** As {@link table}, with the lines of each row by themselves. */
export function tableRows(rows: readonly (readonly string[])[], options: TableOptions = {}): string[][] {
  const { indent = 2, gap = 2, right = [], width = Number.POSITIVE_INFINITY } = options;
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(0, ...rows.map((row) => widthOfText(row[i] ?? ""))),
  );
  const hang = indent + widths.slice(0, -1).reduce((sum, w) => sum + w + gap, 0);
  const join = (cells: readonly string[]): string => {
    const padded = cells.map((cell, i) => pad(cell, widths[i] ?? 0, right.includes(i) ? "left" : "right"));
    return (" ".repeat(indent) + padded.join(" ".repeat(gap))).trimEnd();
  };
  return rows.map((row) => {
    const line = join(row);
    if (widthOfText(line) <= width || row.length < columns) return [blanksBack(line)];
    const [first = "", ...more] = brokenAtBlanks(
      row[columns - 1] ?? "",
      Math.max(NARROWEST_COLUMN, width - hang),
      0,
    );
    return [join([...row.slice(0, -1), first]), ...more.map((part) => " ".repeat(hang) + part)].map(
      blanksBack,
    );
  });
}

/** A last column is not broken into less than this, even where that runs over the edge. */
const NARROWEST_COLUMN = 20;
