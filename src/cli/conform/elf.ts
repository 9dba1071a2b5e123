import { writeFileSync } from "node:fs";
import { refusalOf } from "../../conform/live/refusal.ts";
import { singleElf } from "../../conform/live/server/single-program.ts";
import type { PlacedVector } from "../../conform/parse.ts";
import type { Terminal } from "../terminal.ts";
import { unknown, WrongArgument, word } from "../wrong-argument.ts";

/**
 * Writes a case as a program, and says how to look at it.
 * @throws WrongArgument when there is no such case, it is refused, or the file cannot be written
 */
export function writeElf(cases: readonly PlacedVector[], id: string, file: string, terminal: Terminal): void {
  const vector = cases.find((placed) => placed.vector.id === id)?.vector;
  if (vector === undefined)
    throw unknown(
      "case",
      id,
      cases.map((placed) => placed.vector.id),
    );
  const refusal = refusalOf(vector);
  if (refusal !== null) throw new WrongArgument(`${word(id)}: ${refusal}`);
  try {
    writeFileSync(file, singleElf(vector), { mode: 0o755 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new WrongArgument(`${word(file)}: cannot be written (${code})`);
  }
  terminal.out(`${file}: an ${vector.arch} program, to be run as root; strace -f shows every call\n`);
}
