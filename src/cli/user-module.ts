import { LoadError } from "../fuzz/node/load-error.ts";
import { oneLine } from "../kernel/trace/escape.ts";
import { WrongArgument, word } from "./wrong-argument.ts";

/** What a module of the user's exports. @throws WrongArgument naming the file, and the place in it where it is known */
export async function exportsOf(file: string): Promise<unknown[]> {
  try {
    // It brings the whole of trapgate along: no other command is to wait for it.
    const { loadModule } = await import("../fuzz/node/load-module.ts");
    return await loadModule(file);
  } catch (error) {
    if (error instanceof LoadError) throw wrongFile(file, error);
    throw error;
  }
}

/** The mistake in a file, in one line. */
export function wrongFile(file: string, { message }: LoadError): WrongArgument {
  // A place in the file follows its name at once.
  const gap = /^\d+:\d+:/.test(message) ? ":" : ": ";
  return new WrongArgument(`${word(file)}${gap}${oneLine(message)}`);
}
