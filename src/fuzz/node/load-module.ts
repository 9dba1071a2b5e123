import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as abi from "../../abi/index.ts";
import * as arch from "../../arch/index.ts";
import * as conform from "../../conform/index.ts";
import * as kernel from "../../kernel/index.ts";
import * as mm from "../../mm/index.ts";
import * as fuzz from "../index.ts";
import { LoadError } from "./load-error.ts";

/**
 * What imports of `trapgate` in a file of the user's mean: the copy that is running, wherever the file lies, so that
 * handlers and the machine they run on are of one trapgate.
 */
const OURS: Readonly<Record<string, unknown>> = {
  trapgate: { ...abi, ...arch, ...kernel, ...mm },
  "trapgate/abi": abi,
  "trapgate/arch": arch,
  "trapgate/conform": conform,
  "trapgate/fuzz": fuzz,
  "trapgate/kernel": kernel,
  "trapgate/mm": mm,
};

/**
 * Everything a TypeScript or JavaScript module exports.
 * @param file its path, relative to the working directory
 * @throws LoadError for a file that cannot be read, parsed or run
 */
export async function loadModule(file: string): Promise<unknown[]> {
  try {
    readFileSync(file);
  } catch (error) {
    throw new LoadError(`cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  // Node 20 imports no TypeScript of its own. The loader is large: nobody is to wait for it who does not need it.
  const { createJiti } = await import("jiti");
  const loader = createJiti(import.meta.url, {
    ...{ fsCache: false, interopDefault: false, virtualModules: { ...OURS } },
  });
  try {
    return Object.values(await loader.import<object>(resolve(file)));
  } catch (error) {
    throw new LoadError(mishap(error instanceof Error ? error.message : String(error)));
  }
}

/** What kept a file from being loaded: the loader tells the place of a slip in a second line. */
function mishap(message: string): string {
  const [what = "", where = ""] = message.split("\n");
  const place = /\d+:\d+$/.exec(where.trimEnd())?.[0];
  return `${place === undefined ? "" : `${place}: `}it cannot be loaded: ${what.replace(/^ParseError: /, "").trim()}`;
}
