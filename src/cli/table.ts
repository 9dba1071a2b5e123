import { TABLES, type TableId } from "../abi/numbers.ts";
import { TABLE_NAMES, tableNamed } from "../atlas/arch-names.ts";
import { choice } from "./choice.ts";
import { nearest } from "./nearest.ts";
import { paintFor } from "./paint.ts";
import { globOf } from "./table/glob.ts";
import { type Known, know, NUMBERED_PROFILES, profilesWith } from "./table/known.ts";
import { FORMATS, type Format, formatted, type Sheet } from "./table/sheet.ts";
import { across, difference, type Found, listing, overview } from "./table/views.ts";
import type { Verb } from "./verb.ts";
import { unknown, WrongArgument, word } from "./wrong-argument.ts";

interface Options {
  readonly arch?: string;
  readonly diff?: string;
  readonly profile?: string;
  readonly format: Format;
}

/** `trapgate table`: numbers and names of every architecture, in both directions. */
export const table: Verb = (program, terminal) => {
  program
    .command("table")
    .description("syscall tables of every architecture: numbers, names, registers, differences")
    .argument("[call]", "a name, a number, or a pattern such as '*time64'")
    .option("--arch <arch>", "of these architectures only, separated by commas")
    .option("--diff <arch,arch>", "only what differs between two architectures")
    .addOption(choice("--profile <profile>", "as a historical tree has them", NUMBERED_PROFILES))
    .addOption(choice("--format <format>", "how to print it", FORMATS, "text"))
    .action(async (call: string | undefined, options: Options) => {
      const sheet = await view(call, options);
      terminal.out(
        formatted(sheet, options.format, { paint: paintFor(terminal.color), columns: terminal.columns }),
      );
    });
};

async function view(call: string | undefined, options: Options): Promise<Sheet> {
  const { arch, diff, profile } = options;
  if (diff !== undefined) {
    if (arch !== undefined)
      throw new WrongArgument("--diff names its architectures itself: leave --arch out");
    const ids = tablesIn(diff, "--diff");
    if (ids.length !== 2)
      throw new WrongArgument(`--diff needs two architectures, not ${ids.length}: i386,x86_64`);
    const known = await know(ids, profile);
    return difference(known, call === undefined ? () => true : matcher(known, call));
  }
  const ids = arch === undefined ? TABLES : tablesIn(arch, "--arch");
  const known = await know(ids, profile);
  if (call === undefined)
    return arch === undefined
      ? overview(known)
      : listing(
          known,
          rowsOf(known, () => true),
        );
  const nr = numberIn(call);
  if (nr !== null) return listing(known, numbered(known, nr, call));
  await sayWhereElse(known, call, profile);
  const matches = matcher(known, call);
  return globOf(call) === null ? across(known, call) : listing(known, rowsOf(known, matches));
}

/** The tables a list of names stands for. */
function tablesIn(list: string, option: string): TableId[] {
  const ids = list.split(",").map((name) => {
    const id = tableNamed(name.trim());
    if (id === undefined) throw unknownArch(option, name.trim());
    return id;
  });
  return [...new Set(ids)];
}

/** Every name of a table is a guess; only the tables' own are listed. */
function unknownArch(option: string, name: string): WrongArgument {
  return unknown(`${option} value`, name, nearest(name, TABLE_NAMES) === null ? TABLES : TABLE_NAMES);
}

/** What a name or a pattern fits. @throws WrongArgument when none of these tables has such a call */
function matcher(known: Known, call: string): (name: string) => boolean {
  const glob = globOf(call);
  const names = known.names();
  const fits = (name: string): boolean => (glob === null ? name === call : glob.test(name));
  if (names.some(fits)) return fits;
  if (glob !== null) throw new WrongArgument(`no call is called ${word(call)}`);
  const profiles = profilesWith(call);
  if (profiles.length > 0)
    throw new WrongArgument(
      `${call} is in no table of mainline's here: try --profile ${profiles.join(" or ")}`,
    );
  throw unknown("call", call, names);
}

/** A name these tables have not is no slip where another table has it, or another era. @throws WrongArgument then */
async function sayWhereElse(known: Known, call: string, profile: string | undefined): Promise<void> {
  if (globOf(call) !== null || known.names().includes(call)) return;
  const ids = known.tables.map(({ id }) => id);
  const others = (await know(TABLES, profile)).tables.filter((table) => table.named(call) !== undefined);
  if (others.length > 0)
    throw new WrongArgument(
      `no ${call} on ${ids.join(", ")}: it is on ${others.map(({ id }) => id).join(", ")}`,
    );
  const profiles = profilesWith(call);
  if (profiles.length > 0)
    throw new WrongArgument(`no ${call} in mainline's tables: try --profile ${profiles.join(" or ")}`);
}

function rowsOf(known: Known, only: (name: string) => boolean): Found[] {
  return known.tables.flatMap((table) =>
    table.rows.filter(({ name }) => only(name)).map((row) => ({ table, row })),
  );
}

/** Who has a number: as programs write it, or counted from the table's base. */
function numbered(known: Known, nr: number, given: string): Found[] {
  const found = known.tables.flatMap((table): Found[] => {
    const row = table.row(nr) ?? table.row(nr + table.base);
    return row === undefined ? [] : [{ table, row }];
  });
  if (found.length > 0) return found;
  const [only] = known.tables;
  const where =
    known.tables.length === 1
      ? `${only?.id} ends at ${only?.rows.at(-1)?.nr}`
      : known.tables.length === TABLES.length
        ? "on no architecture"
        : "on none of these architectures";
  throw new WrongArgument(`no call has the number ${word(given)}: ${where}`);
}

function numberIn(text: string): number | null {
  return /^(\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : null;
}
