import type { TableId } from "../abi/numbers.ts";
import type { HistoricalNumber } from "./historical.ts";
import type { TableData } from "./table-data.ts";

/** One row: a number and the call that has it. */
export interface TableRow {
  /** As a program puts it into the register, the base of the table included. */
  readonly nr: number;
  readonly name: string;
  /** Who says so: the kernel headers, the running kernel above their last number, or a historical tree. */
  readonly source: "headers" | "kernel" | "profile";
  /** What the kernel that was asked makes of the number: null where none was asked. */
  readonly state: "there" | "gone" | "left out" | null;
  /** The mainline call whose number this is outside the historical tree. */
  readonly displaces: string | null;
}

/**
 * A complete syscall table: one list of rows, and both indexes derived from it. Where two names share a number (a
 * header's alias), the number means the first.
 */
export class NumberTable {
  readonly id: TableId;
  /** Added to every number: 0 but on mips (4000, 5000, 6000) and x32 (bit 30). */
  readonly base: number;
  /** Package and version of the headers. */
  readonly source: string;
  /** The version of the kernel that was asked for younger rows; null for none. */
  readonly kernel: string | null;
  /** Ascending by number. */
  readonly rows: readonly TableRow[];
  private readonly byName: ReadonlyMap<string, TableRow>;
  private readonly byNumber: ReadonlyMap<number, TableRow>;

  constructor(parts: Pick<NumberTable, "id" | "base" | "source" | "kernel" | "rows">) {
    this.id = parts.id;
    this.base = parts.base;
    this.source = parts.source;
    this.kernel = parts.kernel;
    this.rows = parts.rows;
    const byName = new Map<string, TableRow>();
    const byNumber = new Map<number, TableRow>();
    for (const row of parts.rows) {
      byName.set(row.name, row);
      if (!byNumber.has(row.nr)) byNumber.set(row.nr, row);
    }
    this.byName = byName;
    this.byNumber = byNumber;
  }

  /** The number of a call; undefined where the table has none of that name. */
  number(name: string): number | undefined {
    return this.byName.get(name)?.nr;
  }

  /** The row of a call by name. */
  named(name: string): TableRow | undefined {
    return this.byName.get(name);
  }

  /** The row of a number. */
  row(nr: number): TableRow | undefined {
    return this.byNumber.get(nr);
  }

  /** This table as a historical tree has it: its numbers displace whoever has them in mainline. */
  laidOver(numbers: Iterable<HistoricalNumber>): NumberTable {
    const own = [...numbers].filter((number) => number.table === this.id);
    const taken = new Map(own.map((number) => [number.nr + this.base, number.call]));
    const kept = this.rows.filter(
      (row) => !taken.has(row.nr) && !own.some((number) => number.call === row.name),
    );
    const laid = [...taken].map(
      ([nr, name]): TableRow => ({
        nr,
        name,
        source: "profile",
        state: null,
        displaces: this.row(nr)?.name ?? null,
      }),
    );
    return new NumberTable({ ...this, rows: ascending([...kept, ...laid]) });
  }
}

/** A table from its data. @param id the table's own name where it shares the data of another: `ia32` has i386's */
export function tableOf(data: TableData, id: TableId = data.table): NumberTable {
  const base = data.base ?? 0;
  const gone = new Set(wordsOf(data.gone));
  const leftOut = new Set(wordsOf(data.leftOut));
  const asked = data.kernel !== undefined;
  const state = (name: string): TableRow["state"] => {
    if (gone.has(name)) return "gone";
    if (leftOut.has(name)) return "left out";
    return asked ? "there" : null;
  };
  const rows: TableRow[] = [];
  const add = (numbers: ReadonlyMap<string, number>, source: TableRow["source"]): void => {
    for (const [name, nr] of numbers)
      rows.push({ nr: nr + base, name, source, state: state(name), displaces: null });
  };
  add(headerNumbers(data), "headers");
  add(numbersOf(data.younger), "kernel");
  return new NumberTable({
    id,
    base,
    source: data.source,
    kernel: data.kernel ?? null,
    rows: ascending(rows),
  });
}

function ascending(rows: readonly TableRow[]): TableRow[] {
  return [...rows].sort((a, b) => a.nr - b.nr);
}

/** Numbers by name, before the base is added. */
function headerNumbers(data: TableData): Map<string, number> {
  const numbers = data.like === undefined ? new Map<string, number>() : headerNumbers(data.like);
  for (const name of wordsOf(data.without)) numbers.delete(name);
  for (const [name, nr] of numbersOf(data.rows)) numbers.set(name, nr);
  return numbers;
}

/** Words as names and the numbers that stand before them where the sequence jumps. */
function numbersOf(text: string | undefined): Map<string, number> {
  const numbers = new Map<string, number>();
  let nr = 0;
  for (const word of wordsOf(text)) {
    if (/^\d+$/.test(word)) nr = Number(word);
    else numbers.set(word, nr++);
  }
  return numbers;
}

function wordsOf(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(/\s+/).filter((word) => word !== "");
}
