import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The repository's root. */
export const ROOT: string = join(import.meta.dirname, "../..");
/** What the compiler makes of src, before anything is left out of it. */
export const EMITTED: string = join(ROOT, "node_modules/.cache/trapgate/emitted");
/** What is published. */
export const DIST: string = join(ROOT, "dist");

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

/** The files the package exports, relative to dist and without an ending: `index`, `abi/index`. */
export function exported(): string[] {
  const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
  return Object.values(exports).flatMap((entry) =>
    typeof entry === "string" ? [] : [entry.default.replace(/^\.\/dist\/(.*)\.js$/, "$1")],
  );
}
