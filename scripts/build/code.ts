import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { build } from "esbuild";
import { minify } from "terser";
import { DIST, EMITTED, exported } from "./rooms.ts";

const COMMAND = "cli/main.js";
/** What threads of the library run, beside what is exported. */
const THREADS = ["fuzz/node/worker"];

/**
 * The code of the package: what the exports reach stays a file each, so that a bundler takes no more than it needs;
 * what only the command reaches becomes one file. Names of functions and classes stay, for those who read a stack.
 */
export async function buildCode(): Promise<void> {
  const library = await filesReached([...exported(), ...THREADS].map((name) => join(EMITTED, `${name}.js`)));
  for (const file of library) await publish(relative(EMITTED, file), readFileSync(file, "utf8"));
  await publish(COMMAND, await commandBeside(library));
  chmodSync(join(DIST, COMMAND), 0o755);
}

/** Every file the entries import, at once or later. */
async function filesReached(entryPoints: string[]): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    ...{ entryPoints, bundle: true, splitting: true, format: "esm", platform: "node" },
    packages: "external",
    ...{ outdir: DIST, write: false, metafile: true, logLevel: "warning" },
  });
  return new Set(Object.keys(metafile.inputs).map((file) => resolve(file)));
}

/** The command and everything of it that is not in the library, in one text. */
async function commandBeside(library: ReadonlySet<string>): Promise<string> {
  const from = dirname(join(EMITTED, COMMAND));
  const { outputFiles } = await build({
    ...{ entryPoints: [join(EMITTED, COMMAND)], bundle: true, format: "esm", platform: "node" },
    ...{ packages: "external", write: false, logLevel: "warning" },
    plugins: [
      {
        name: "library",
        setup({ onResolve }) {
          onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
            const file = resolve(resolveDir, path);
            return library.has(file) ? { path: relative(from, file), external: true } : undefined;
          });
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? "";
}

async function publish(name: string, text: string): Promise<void> {
  const { code = "" } = await minify(text, {
    ...{ module: true, ecma: 2020, keep_fnames: true, keep_classnames: true },
    compress: { passes: 2 },
  });
  const file = join(DIST, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code);
}
