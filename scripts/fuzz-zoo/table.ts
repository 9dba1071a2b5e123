/** What the searches for one planted bug came to. */
export interface Row {
  readonly bug: string;
  readonly detector: string;
  readonly seeds: number;
  /** Processor seconds of every search that found it. */
  readonly seconds: readonly number[];
  /** Lines of every program it was shrunk to. */
  readonly lines: readonly number[];
}

const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[values.length >> 1] ?? Number.NaN;
const most = (values: readonly number[]): number => sorted(values).at(-1) ?? Number.NaN;
const two = (value: number): string => (Number.isNaN(value) ? "-" : value.toFixed(2));

/** The head of the table. */
export const HEAD: string = line("bug", "detector", "found", "median s", "max s", "lines");

/** A line of the table. */
export function rowText({ bug, detector, seeds, seconds, lines }: Row): string {
  const longest = most(lines);
  return line(
    bug,
    detector,
    `${seconds.length}/${seeds}`,
    two(median(seconds)),
    two(most(seconds)),
    Number.isNaN(longest) ? "-" : String(longest),
  );
}

function line(...[bug, detector, found, middle, top, lines]: readonly string[]): string {
  return [
    (bug ?? "").padEnd(40),
    (detector ?? "").padEnd(23),
    (found ?? "").padStart(6),
    (middle ?? "").padStart(9),
    (top ?? "").padStart(7),
    (lines ?? "").padStart(6),
  ].join(" ");
}
