import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { readCriu } from "../../restart/node/read-criu.ts";
import { parseTree, TreeError } from "../../restart/tree/parse.ts";
import type { Tree } from "../../restart/tree/tree.ts";
import { textOf } from "../conform/cases.ts";
import type { Terminal } from "../terminal.ts";
import { WrongArgument, word } from "../wrong-argument.ts";

/**
 * A process tree from a file of ours, or from a folder of CRIU's images; what the images could not say is told on standard
 * error.
 * @throws WrongArgument when it cannot be read, or has a mistake
 */
export function readTree(file: string, terminal: Terminal): Tree {
  try {
    const images = pstreeIn(file);
    if (images === null) return parseTree(textOf(file), file);
    const { tree, notes } = readCriu(images);
    for (const note of notes) terminal.err(`trapgate: note: ${file}: ${note}\n`);
    return tree;
  } catch (error) {
    if (error instanceof TreeError) throw new WrongArgument(error.message);
    throw error;
  }
}

/** The image with the tree: the file itself or one in the folder; null for a tree of our own. */
function pstreeIn(file: string): string | null {
  if (PSTREE.includes(basename(file))) return file;
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() !== true) return null;
  const found = PSTREE.map((name) => join(file, name)).find((path) => existsSync(path));
  if (found === undefined) throw new WrongArgument(`${word(file)}: no ${PSTREE.join(" or ")} in this folder`);
  return found;
}

const PSTREE = ["pstree.img", "pstree.json"];
