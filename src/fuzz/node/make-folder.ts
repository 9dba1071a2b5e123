import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { LoadError } from "./load-error.ts";

/**
 * Makes a folder, and those it lies in, where they are not there. Node's own way never comes back below /proc, where a
 * folder that is there has no room for another.
 * @throws LoadError for a folder that cannot be made
 */
export function makeFolder(folder: string): void {
  const code = made(folder);
  if (code === null) return;
  if (code === "ENOENT" && dirname(folder) !== folder) {
    makeFolder(dirname(folder));
    if (made(folder) === null) return;
  }
  throw new LoadError(`${folder}: cannot be made (${code})`);
}

/** Null when the folder is there. */
function made(folder: string): string | null {
  try {
    mkdirSync(folder);
    return null;
  } catch (error) {
    const { code = "an error" } = error as NodeJS.ErrnoException;
    return code === "EEXIST" ? null : code;
  }
}
