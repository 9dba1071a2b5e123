import { readFileSync } from "node:fs";
import { DeclarationError } from "../../abi/declaration-error.ts";
import type { FlagSetDecl } from "../../abi/flags.ts";
import type { LadderDecl } from "../../abi/ladder.ts";
import { LADDERS } from "../../abi/ladders/index.ts";
import { Registry } from "../../abi/registry.ts";
import type { StructDecl } from "../../abi/struct.ts";
import { FLAG_SETS } from "../../abi/structs/index.ts";
import type { SyscallDecl } from "../../abi/syscall.ts";
import { KNOWN_STRUCTS } from "../../atlas/known-structs.ts";
import { oneLine } from "../../kernel/trace/escape.ts";
import { exportsOf } from "../user-module.ts";
import { WrongArgument, word } from "../wrong-argument.ts";

/** What a file declares. */
export interface FileDeclarations {
  readonly registry: Registry;
  readonly calls: readonly string[];
}

type Plain = Readonly<Record<string, unknown>>;

/**
 * The declarations of a file: everything a TypeScript or JavaScript module exports, or everything a JSON file holds,
 * that is a call, a struct, a flag set or a ladder. They may refer to trapgate's own, and take the place of those of the same name.
 * @throws WrongArgument
 */
export async function declarationsIn(file: string): Promise<FileDeclarations> {
  // What is exported twice, by itself and in a list, is declared once.
  const found = [...new Set((await contentsOf(file)).flatMap(flatten))];
  const of = <T>(key: string): T[] => found.filter((one) => key in one) as unknown as T[];
  const structs = of<StructDecl>("struct");
  const flagsets = of<FlagSetDecl>("flagset");
  const ladders = of<LadderDecl>("rungs");
  const calls = found.filter((one) => "args" in one && "name" in one) as unknown as SyscallDecl[];
  if (calls.length === 0) throw new WrongArgument(`${word(file)}: it exports no declaration of a call`);
  try {
    const registry = new Registry({
      structs: [...structs, ...others(KNOWN_STRUCTS, structs, ({ struct }) => struct)],
      flagsets: [...flagsets, ...others(FLAG_SETS, flagsets, ({ flagset }) => flagset)],
      ladders: [...ladders, ...others([...LADDERS], ladders, ({ ladder }) => ladder)],
      calls,
    });
    return { registry, calls: calls.map(({ name }) => name) };
  } catch (error) {
    if (error instanceof DeclarationError) throw new WrongArgument(`${word(file)}: ${error.message}`);
    throw error;
  }
}

function others<T>(all: readonly T[], own: readonly T[], name: (one: T) => string): T[] {
  return all.filter((one) => !own.some((other) => name(other) === name(one)));
}

/** A declaration, or a list of them. */
function flatten(value: unknown): Plain[] {
  if (Array.isArray(value)) return value.flatMap(flatten);
  return typeof value === "object" && value !== null ? [value as Plain] : [];
}

async function contentsOf(file: string): Promise<unknown[]> {
  if (!file.endsWith(".json")) return exportsOf(file);
  const text = textOf(file);
  try {
    return [JSON.parse(text)];
  } catch (error) {
    throw new WrongArgument(`${word(file)}: it cannot be loaded: ${oneLine((error as Error).message)}`);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new WrongArgument(`${word(file)}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
