import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type PlacedVector, parseVectors, VectorError } from "../../conform/parse.ts";
import { WrongArgument, word } from "../wrong-argument.ts";

/**
 * Reads the cases of files and folders, a folder's `.jsonl` files in order.
 * @param only a pattern of ids: `*` stands for any characters, `?` for one
 * @throws WrongArgument for a name that is not there, a mistake in a file, and when no case is left
 */
export function readCases(names: readonly string[], only: string | undefined): PlacedVector[] {
  const cases = names.flatMap(filesOf).flatMap((file) => parsed(file, textOf(file)));
  if (cases.length === 0) throw new WrongArgument(`${names.map(word).join(", ")}: there is no case in it`);
  if (only === undefined) return cases;
  const pattern = glob(only);
  const chosen = cases.filter((placed) => pattern.test(placed.vector.id));
  if (chosen.length > 0) return chosen;
  const example = word(cases[0]?.vector.id ?? "");
  throw new WrongArgument(
    `--only ${word(only)} is no id of ${cases.length} cases: they look like ${example}`,
  );
}

/** As {@link parseVectors}, a mistake being one of the caller's. @throws WrongArgument */
export function parsed(file: string, text: string): PlacedVector[] {
  try {
    return parseVectors(text, file);
  } catch (error) {
    if (error instanceof VectorError) throw new WrongArgument(error.message);
    throw error;
  }
}

/** The text of a file. @throws WrongArgument when it cannot be read */
export function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(file, error);
  }
}

function filesOf(name: string): string[] {
  try {
    if (!statSync(name).isDirectory()) return [name];
    return readdirSync(name, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".jsonl"))
      .sort()
      .map((file) => join(name, file));
  } catch (error) {
    throw unreadable(name, error);
  }
}

function unreadable(name: string, error: unknown): WrongArgument {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  const why = code === "ENOENT" ? "there is no such file or folder" : `cannot be read (${code})`;
  return new WrongArgument(`${word(name)}: ${why}`);
}

function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s");
}
