import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { WrongArgument, word } from "../wrong-argument.ts";

/**
 * Replaces a file as a whole: whoever reads it sees the old text or the new one, whenever this process ends. A link
 * stays a link, and the file keeps its mode.
 * @throws WrongArgument when it cannot be written
 */
export function replaceFile(file: string, text: string): void {
  let draft: string | null = null;
  try {
    const target = realpathSync(file);
    draft = `${target}.${process.pid}.tmp`;
    const fd = openSync(draft, "w", statSync(target).mode);
    try {
      writeSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, target);
  } catch (error) {
    if (draft !== null) rmSync(draft, { force: true });
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new WrongArgument(`${word(file)}: cannot be written (${code})`);
  }
}

/** The text of a file of cases with some of its lines replaced; every other byte stays. */
export function withLines(text: string, lines: ReadonlyMap<number, string>): string {
  return text
    .split("\n")
    .map((line, i) => {
      const replaced = lines.get(i + 1);
      return replaced === undefined ? line : replaced + (line.endsWith("\r") ? "\r" : "");
    })
    .join("\n");
}
