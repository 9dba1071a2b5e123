/** Said at the head of every page made from data. */
export const GENERATED = "<!-- Made by `npm run docs`; a test compares it with the data. -->";

/** A Markdown table; columns set flush right by index. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  right: readonly number[] = [],
): string[] {
  const row = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [row(head), row(head.map((_, i) => (right.includes(i) ? "--:" : "---"))), ...rows.map(row)];
}

/** A page from its lines. */
export function page(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
