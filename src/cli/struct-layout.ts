import { existsSync, readFileSync } from "node:fs";
import { DeclarationError } from "../abi/declaration-error.ts";
import type { StructDecl, StructLookup } from "../abi/struct.ts";
import { ABI_NAMES, ABIS, type Abi, abiNamed } from "../atlas/abis.ts";
import { type ParsedStruct, parseStructs } from "../atlas/c-structs/parse.ts";
import { compareLayouts, type LayoutComparison } from "../atlas/compare-layouts.ts";
import { KNOWN_STRUCTS } from "../atlas/known-structs.ts";
import { nearest } from "./nearest.ts";
import { paintFor } from "./paint.ts";
import { layoutPage, type TypeTexts } from "./struct-layout/page.ts";
import type { Verb } from "./verb.ts";
import { unknown, WrongArgument, word } from "./wrong-argument.ts";

interface Options {
  readonly abi?: string;
  readonly only?: string;
  readonly json?: true;
}

interface Asked {
  readonly decl: StructDecl;
  readonly texts: TypeTexts;
}

/** `trapgate layout STRUCT|FILE`: where every field lies, on every ABI. */
export const layout: Verb = (program, terminal) => {
  program
    .command("layout")
    .description("a struct on every ABI side by side: offsets, holes, padding, what moves")
    .argument("<struct>", "a struct such as target_pid_set, or a file of C declarations")
    .option("--abi <abi>", "on these ABIs only, separated by commas")
    .option("--only <struct>", "one struct of the file")
    .option("--json", "print the data as JSON")
    .action((struct: string, { abi, only, json }: Options) => {
      const abis = abi === undefined ? ABIS : abisIn(abi);
      const { asked, types } = isFile(struct) ? fromFile(struct, only) : builtIn(struct, only);
      const comparisons = asked.map(({ decl }) => compareLayouts(decl, abis, types));
      if (json) terminal.out(`${JSON.stringify(comparisons.map(plain), null, 2)}\n`);
      else {
        const screen = { paint: paintFor(terminal.color), columns: terminal.columns };
        const pages = comparisons.map((one, i) => layoutPage(one, asked[i]?.texts ?? {}, screen));
        terminal.out(pages.map((lines) => lines.map((line) => `${line.trimEnd()}\n`).join("")).join("\n"));
      }
    });
};

function abisIn(list: string): Abi[] {
  const abis = list.split(",").map((name) => {
    const abi = abiNamed(name.trim());
    if (abi !== undefined) return abi;
    const own = ABIS.map((one) => one.name);
    throw unknown("--abi value", name.trim(), nearest(name, ABI_NAMES) === null ? own : ABI_NAMES);
  });
  return [...new Set(abis)];
}

/** A path, or a name with a file of that name beside it. */
function isFile(struct: string): boolean {
  return /[./]/.test(struct) || (existsSync(struct) && lookupIn(KNOWN_STRUCTS).struct(struct) === undefined);
}

function lookupIn(decls: readonly StructDecl[]): StructLookup {
  const byName = new Map(decls.map((decl) => [decl.struct, decl]));
  return { struct: (name) => byName.get(name) };
}

function builtIn(struct: string, name: string | undefined): { asked: Asked[]; types: StructLookup } {
  if (name !== undefined)
    throw new WrongArgument(`--only ${word(name)} goes with a file: ${word(struct)} is one struct already`);
  const types = lookupIn(KNOWN_STRUCTS);
  const decl = types.struct(struct.replace(/^struct /, ""));
  if (decl === undefined) throw unknown("struct", struct, KNOWN_STRUCTS.map((one) => one.struct).sort());
  return { asked: [{ decl, texts: {} }], types };
}

function fromFile(file: string, name: string | undefined): { asked: Asked[]; types: StructLookup } {
  const known = lookupIn(KNOWN_STRUCTS);
  const parsed = parsedFile(file, known);
  const types = lookupIn([...KNOWN_STRUCTS, ...parsed.map(({ decl }) => decl)]);
  if (name === undefined) return { asked: parsed, types };
  const one = parsed.find(({ decl }) => decl.struct === name);
  if (one === undefined)
    throw unknown(
      "struct",
      name,
      parsed.map(({ decl }) => decl.struct),
    );
  return { asked: [one], types };
}

function parsedFile(file: string, known: StructLookup): ParsedStruct[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WrongArgument(`${word(file)}: cannot be read${code === undefined ? "" : ` (${code})`}`);
  }
  try {
    return parseStructs(text, file, (struct) => known.struct(struct) !== undefined);
  } catch (error) {
    if (error instanceof DeclarationError) throw new WrongArgument(error.message);
    throw error;
  }
}

function plain({ decl, groups, moved }: LayoutComparison): object {
  return {
    struct: decl.struct,
    note: decl.note ?? null,
    versions: decl.versions ?? {},
    layouts: groups.map(({ abis, layout: { size, align, fields, holes, tailPadding, model } }) => ({
      ...{ abis, size, align, packed: decl.packed?.includes(model.name) ?? false },
      ...{
        fields: fields.map(({ name, offset, size: bytes }) => ({ name, offset, size: bytes })),
        holes,
        tailPadding,
      },
    })),
    moved,
  };
}
