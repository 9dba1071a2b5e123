import { CommanderError } from "commander";
import { oneLine } from "../kernel/trace/escape.ts";
import { EXIT } from "./exit.ts";
import { makeProgram } from "./program.ts";
import type { Terminal } from "./terminal.ts";
import { VERBS } from "./verbs.ts";
import { WrongArgument } from "./wrong-argument.ts";

/**
 * Runs one command line.
 * @param args what stands behind the command's name
 * @param version what `--version` prints
 * @returns the exit code; it never throws
 */
export async function run(args: readonly string[], version: string, terminal: Terminal): Promise<number> {
  const program = makeProgram(version, terminal);
  for (const verb of VERBS) verb(program, terminal);
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args[0] === "help" ? [...args.slice(1), "--help"] : args, { from: "user" });
    return terminal.exitCode;
  } catch (error) {
    if (error instanceof WrongArgument) {
      terminal.err(`trapgate: ${error.message}\n`);
      return EXIT.usage;
    }
    // Help and version pages end this way.
    if (error instanceof CommanderError) return error.exitCode;
    terminal.err(oopsText(error, terminal.debug));
    return EXIT.oops;
  }
}

/** One line for a defect; the stack below it when debugging. */
export function oopsText(error: unknown, debug: boolean): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const line = `trapgate: oops: ${oneLine(what)} (a defect of trapgate; TRAPGATE_DEBUG=1 shows where)\n`;
  return debug && error instanceof Error ? `${line}${error.stack}\n` : line;
}
