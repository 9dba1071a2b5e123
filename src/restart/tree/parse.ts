import { firstMisfit } from "../../conform/schema-check.ts";
import { oneLine } from "../../kernel/trace/escape.ts";
import { checkTree } from "./check-tree.ts";
import { treeSchema } from "./schema.ts";
import type { Tree } from "./tree.ts";

/** A tree has a mistake: one line that names the file and the place, and says what is wrong. */
export class TreeError extends Error {}

/**
 * Reads a process tree.
 * @param file its name, for messages
 * @throws TreeError for the first mistake: `tree.json: tasks[3].parent: no task has the number 9`
 */
export function parseTree(text: string, file: string): Tree {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new TreeError(oneLine(`${file}: not JSON: ${(error as Error).message}`));
  }
  const misfit = firstMisfit(json, treeSchema) ?? checkTree(json as Tree);
  if (misfit === null) return json as Tree;
  const place = misfit.path === "" ? "" : `${misfit.path}: `;
  throw new TreeError(oneLine(`${file}: ${place}${misfit.message}`));
}
