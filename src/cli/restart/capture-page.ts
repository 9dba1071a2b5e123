import { ProcError } from "../../restart/capture/proc-task.ts";
import { captureTree } from "../../restart/node/capture.ts";
import type { Tree } from "../../restart/tree/tree.ts";
import type { Terminal } from "../terminal.ts";
import { WrongArgument } from "../wrong-argument.ts";

/** What is captured. */
export interface CaptureVerbOptions {
  readonly root: number;
  readonly inside?: true;
}

/**
 * The tree below a process of this machine as JSON, a task a line; what could not be seen is told on standard error.
 * @throws WrongArgument when there is no such tree
 */
export function capturePage({ root, inside }: CaptureVerbOptions, terminal: Terminal): string {
  try {
    const { tree, notes } = captureTree({ root, ...(inside === true ? { skipLevels: "around-root" } : {}) });
    for (const note of notes) terminal.err(`trapgate: note: ${note}\n`);
    return treeText(tree);
  } catch (error) {
    if (error instanceof ProcError) throw new WrongArgument(error.message);
    throw error;
  }
}

/** A tree as a person would write it down: a line for each task. */
function treeText(tree: Tree): string {
  const fields = Object.entries(tree).map(([name, value]) => {
    if (!Array.isArray(value)) return `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`;
    const items = value.map((item) => `    ${JSON.stringify(item)}`);
    return `  ${JSON.stringify(name)}: [\n${items.join(",\n")}\n  ]`;
  });
  return `{\n${fields.join(",\n")}\n}\n`;
}
