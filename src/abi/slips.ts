import { DeclarationError } from "./declaration-error.ts";
import { kernelVersion } from "./version.ts";

/** Refuses anything but a C identifier. @param what completes "… is not": "the name of a flag" */
export function checkIdentifier(name: unknown, where: string, what: string): void {
  // Beside being unwritable in C, a name of digits would be sorted before its siblings by the language itself.
  if (typeof name === "string" && /^[A-Za-z_]\w*$/.test(name)) return;
  throw new DeclarationError(where, `${shown(name)} is not ${what}: write a C identifier`);
}

/** Shows a value in a message as a program would write it. */
export function shown(value: unknown): string {
  if (typeof value === "number" || value === undefined) return String(value);
  return JSON.stringify(value) ?? String(value);
}

/** A name as it is; anything else as {@link shown}. */
export function named(value: unknown): string {
  return typeof value === "string" ? value : shown(value);
}

/** Refuses what is not a plain object, such as a part that was forgotten. @param what "the arguments of a call" */
export function checkObject(value: unknown, where: string, what: string): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return;
  throw new DeclarationError(where, `${shown(value)} stands for ${what}`);
}

/** Refuses what is not a list. @param what "the rungs of a ladder" */
export function checkList(value: unknown, where: string, what: string): void {
  if (!Array.isArray(value)) throw new DeclarationError(where, `${shown(value)} stands for ${what}`);
}

/** Refuses what is not a list of texts. */
export function checkTexts(value: unknown, where: string, what: string): void {
  checkList(value, where, what);
  const stranger = (value as readonly unknown[]).find((text) => typeof text !== "string");
  if (stranger !== undefined) throw new DeclarationError(where, `${shown(stranger)} stands among ${what}`);
}

/** Refuses a key the declaration language does not know, which is mostly a spelling mistake. */
export function checkKeys(value: object, where: string, known: readonly string[]): void {
  const stranger = Object.keys(value).find((key) => !known.includes(key));
  if (stranger !== undefined)
    throw new DeclarationError(where, `does not know the key ${stranger}: there are ${known.join(", ")}`);
}

/** Comparable kernel versions, [since, until). */
export interface Era {
  readonly since: number;
  readonly until: number;
}

/** Reads `since` and `until`, both optional. @throws DeclarationError for bad versions and empty eras */
export function checkEra(decl: { readonly since?: string; readonly until?: string }, where: string): Era {
  const since = version(decl.since, `${where}.since`, 0);
  const until = version(decl.until, `${where}.until`, Number.POSITIVE_INFINITY);
  if (since >= until)
    throw new DeclarationError(`${where}.since`, `${decl.since} is not before until ${decl.until}`);
  return { since, until };
}

function version(text: string | undefined, where: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  try {
    return kernelVersion(text);
  } catch (error) {
    throw new DeclarationError(where, (error as Error).message);
  }
}
