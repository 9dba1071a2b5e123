import { parseTree, TreeError } from "../../restart/tree/parse.ts";
import type { Tree } from "../../restart/tree/tree.ts";
import { textOf } from "../conform/cases.ts";
import { WrongArgument } from "../wrong-argument.ts";

/** A process tree from a file. @throws WrongArgument when it cannot be read, or has a mistake */
export function readTree(file: string): Tree {
  const text = textOf(file);
  try {
    return parseTree(text, file);
  } catch (error) {
    if (error instanceof TreeError) throw new WrongArgument(error.message);
    throw error;
  }
}
