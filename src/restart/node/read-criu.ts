import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { firstMisfit } from "../../conform/schema-check.ts";
import { oneLine } from "../../kernel/trace/escape.ts";
import type { Captured } from "../capture/tree-of-tasks.ts";
import { type CoreEntry, criuTree, type PstreeEntry } from "../criu/criu-tree.ts";
import { readImage } from "../criu/image.ts";
import type { ImageKind } from "../criu/messages.ts";
import { imageSchemas } from "../criu/schemas.ts";
import { TreeError } from "../tree/parse.ts";

/**
 * The tree in a folder of CRIU's images, as they are or as `crit decode` prints them (`pstree.json` and so on).
 * @param file `pstree.img` or `pstree.json`; core-PID and ids-PID lie beside it
 * @throws TreeError for the first mistake
 */
export function readCriu(file: string): Captured {
  const entries = entriesIn("PSTREE", file) as readonly PstreeEntry[];
  const cores = new Map(entries.map(({ pid }) => [pid, coreOf(dirname(file), pid)]));
  return criuTree(entries, cores, file);
}

/** What the images of a task's own say; nothing for one that has none. */
function coreOf(folder: string, pid: number): CoreEntry {
  const [core = {}] = beside(folder, `core-${pid}`, "CORE") as CoreEntry[];
  const [ids] = beside(folder, `ids-${pid}`, "IDS") as CoreEntry["ids"][];
  return ids === undefined ? core : { ...core, ids };
}

function beside(folder: string, name: string, kind: ImageKind): readonly unknown[] {
  const file = [".img", ".json"]
    .map((ending) => join(folder, name + ending))
    .find((path) => existsSync(path));
  return file === undefined ? [] : entriesIn(kind, file);
}

function entriesIn(kind: ImageKind, file: string): readonly unknown[] {
  const image = file.endsWith(".json") ? jsonOf(file) : readImage(readBytes(file), kind, file);
  const misfit = firstMisfit(image, imageSchemas[kind]);
  if (misfit === null) return (image as { readonly entries: readonly unknown[] }).entries;
  throw new TreeError(oneLine(`${file}: ${misfit.path === "" ? "" : `${misfit.path}: `}${misfit.message}`));
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(readBytes(file)));
  } catch (error) {
    if (error instanceof TreeError) throw error;
    throw new TreeError(oneLine(`${file}: not JSON: ${(error as Error).message}`));
  }
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : `cannot be read (${code ?? String(error)})`;
    throw new TreeError(oneLine(`${file}: ${why}`));
  }
}
