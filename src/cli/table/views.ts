import { registerOf } from "../../arch/convention.ts";
import { CONVENTIONS } from "../../arch/conventions.ts";
import { argumentPlaces } from "../../atlas/argument-places.ts";
import type { NumberTable, TableRow } from "../../atlas/number-table.ts";
import type { Parameter } from "../../atlas/signature.ts";
import type { Known } from "./known.ts";
import type { Cell, Sheet } from "./sheet.ts";

/** Every table there is: how long, where it begins, how its kernel is entered. */
export function overview({ tables }: Known): Sheet {
  const rows = tables.map(({ id, base, rows: calls, source, kernel }) => {
    const { instruction, number, args, result, errors } = CONVENTIONS[id];
    return {
      arch: id,
      calls: calls.length,
      base,
      last: calls.at(-1)?.nr ?? null,
      instruction,
      number: registerOf(CONVENTIONS[id], number),
      arguments: args.map((register) => registerOf(CONVENTIONS[id], register)).join(" "),
      result: registerOf(CONVENTIONS[id], result),
      errors,
      source: kernel === null ? source : `${source}, kernel ${kernel}`,
    };
  });
  return {
    caption: [],
    columns: [
      { key: "arch", ink: "name" },
      { key: "calls", right: true },
      { key: "base", right: true, spare: 1 },
      { key: "last", right: true },
      { key: "instruction", spare: 2 },
      { key: "number" },
      { key: "errors", spare: 2 },
      { key: "arguments" },
    ],
    rows,
    notes: [],
  };
}

/** Rows of one or more tables: number, name, what is known of the call. */
export function listing(known: Known, found: readonly Found[]): Sheet {
  const several = new Set(found.map(({ table }) => table.id)).size > 1;
  const records = found.map(({ table, row }) => recordOf(known, table, row));
  return {
    caption: [],
    columns: [
      ...(several ? [{ key: "arch", ink: "name" } as const] : []),
      { key: "nr", right: true, ink: "number" },
      { key: "name", ink: "name" },
      { key: "since", right: true },
      { key: "remark", ink: "hole" },
      { key: "arguments", ink: "faint" },
    ],
    rows: records.map((record) => ({ ...record, arguments: listed(record.arguments) })),
    records,
    notes: several ? [] : sourcesOf(found[0]?.table),
  };
}

/** One call on every table: its number and where each argument travels. */
export function across(known: Known, name: string): Sheet {
  const parameters = known.parametersOf(name);
  const rows: Record<string, Cell>[] = [];
  const records: object[] = [];
  for (const table of known.tables) {
    const row = table.named(name);
    const convention = CONVENTIONS[table.id];
    if (row === undefined) continue;
    const places = argumentPlaces(convention, known.passedTo(convention, name) ?? []);
    const { instruction } = convention;
    const number = registerOf(convention, convention.number);
    const registers = Object.fromEntries(places.map((place) => [place.name, place.registers.join(":")]));
    rows.push({
      arch: table.id,
      nr: row.nr,
      instruction,
      number,
      ...registers,
      remark: remarkOn(table, row),
    });
    records.push({ ...recordOf(known, table, row), instruction, number, arguments: places });
  }
  const none = known.tables.filter((table) => table.named(name) === undefined).map(({ id }) => id);
  return {
    caption: [prototypeOf(name, parameters), ...factsOf(known, name).map((fact) => `  ${fact}`)],
    columns: [
      { key: "arch", ink: "name" },
      { key: "nr", right: true, ink: "number" },
      { key: "instruction", spare: 1 },
      { key: "number" },
      ...(parameters ?? []).map((parameter) => ({ key: parameter.name })),
      ...(rows.some((row) => row.remark !== null) ? [{ key: "remark", ink: "hole" } as const] : []),
    ],
    rows,
    records,
    notes: none.length === 0 ? [] : [`no number on ${none.join(", ")}`],
  };
}

/** Where two tables differ: numbers relative to each table's base, names only one of them has. */
export function difference(known: Known, only: (name: string) => boolean): Sheet {
  const [a, b] = known.tables as [NumberTable, NumberTable];
  const rows = known.names().flatMap((name) => {
    const [left, right] = [a.number(name), b.number(name)];
    const same = left !== undefined && right !== undefined && left - a.base === right - b.base;
    return same || !only(name) ? [] : [{ name, [a.id]: left ?? null, [b.id]: right ?? null }];
  });
  const place = (row: Record<string, Cell>): number => Number(row[a.id] ?? row[b.id]);
  const alone = (own: NumberTable): number => rows.filter((row) => row[own.id] !== null).length;
  const both = rows.filter((row) => row[a.id] !== null && row[b.id] !== null).length;
  return {
    caption: [],
    columns: [
      { key: "name", ink: "name" },
      { key: a.id, right: true, ink: "number" },
      { key: b.id, right: true, ink: "number" },
    ],
    rows: rows.sort((x, y) => place(x) - place(y)),
    notes: [
      `${both} with another number, ${alone(a) - both} on ${a.id} alone, ${alone(b) - both} on ${b.id} alone`,
    ],
  };
}

/** A row of a table that was asked for. */
export interface Found {
  readonly table: NumberTable;
  readonly row: TableRow;
}

function recordOf(
  known: Known,
  table: NumberTable,
  row: TableRow,
): Record<string, Cell> & { arguments: never } {
  const { nr, name, source, state, displaces } = row;
  const record = {
    arch: table.id,
    nr,
    name,
    since: known.sinceOf(name),
    source,
    state,
    displaces,
    emulated: known.supportOf(name),
    remark: remarkOn(table, row),
    arguments: known.parametersOf(name),
  };
  return record as unknown as Record<string, Cell> & { arguments: never };
}

function remarkOn(table: NumberTable, { source, state, displaces }: TableRow): string | null {
  if (source === "profile") return displaces === null ? "in no other tree" : `displaces ${displaces}`;
  if (state === "gone") return `gone in ${table.kernel}`;
  if (state === "left out") return `left out of ${table.kernel} as built`;
  return source === "kernel" ? `from the kernel, ${table.kernel}` : null;
}

function sourcesOf(table: NumberTable | undefined): string[] {
  if (table === undefined) return [];
  return [`${table.source}${table.kernel === null ? "" : `; kernel ${table.kernel}`}`];
}

function factsOf(known: Known, name: string): string[] {
  const since = known.sinceOf(name);
  const support = known.supportOf(name);
  const signature =
    known.parametersOf(name) === null ? "arguments not known" : "signature known, not emulated";
  return [
    [since === null ? "" : `since ${since}`, support === null ? signature : `emulated: ${support}`]
      .filter(Boolean)
      .join(", "),
  ];
}

function prototypeOf(name: string, parameters: readonly Parameter[] | null): string {
  return parameters === null ? `${name}(…)` : `${name}(${listed(parameters) || "void"})`;
}

function listed(parameters: readonly Parameter[] | null): string {
  return (parameters ?? [])
    .map(({ type, name }) => (type.endsWith("*") ? type + name : `${type} ${name}`))
    .join(", ");
}
