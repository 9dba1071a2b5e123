import { mkdirSync, renameSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { WorkerStart } from "./messages.ts";

/** Starts the thread of a worker. */
export async function startThread(workerData: WorkerStart): Promise<Worker> {
  const here = import.meta.url;
  program ??= here.endsWith(".ts") ? fromSources(here) : Promise.resolve(new URL("./worker.js", here));
  return new Worker(await program, { workerData });
}

let program: Promise<URL> | null = null;

/** Run from its sources: a thread does not inherit what reads TypeScript for the one that starts it. */
async function fromSources(here: string): Promise<URL> {
  const { build } = await import("esbuild");
  const manifest = createRequire(here).resolve("esbuild/package.json");
  const cache = join(dirname(manifest), "../.cache/trapgate");
  const half = join(cache, `worker.${process.pid}.half.mjs`);
  const file = join(cache, "worker.mjs");
  mkdirSync(cache, { recursive: true });
  await build({
    ...{ entryPoints: [fileURLToPath(new URL("./worker.ts", here))], outfile: half, logLevel: "warning" },
    ...{ bundle: true, platform: "node", format: "esm", packages: "external" },
  });
  renameSync(half, file);
  return pathToFileURL(file);
}
