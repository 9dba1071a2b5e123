#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { EXIT } from "./exit.ts";
import { oopsText, run } from "./run.ts";
import { processTerminal } from "./terminal.ts";

const terminal = processTerminal(process);

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader has seen enough (`| head`).
  if (error.code === "EPIPE") process.exit(EXIT.ok);
  terminal.err(`trapgate: cannot write to standard output: ${error.code ?? error.message}\n`);
  process.exit(EXIT.io);
});
process.on("uncaughtException", (error) => {
  terminal.err(oopsText(error, terminal.debug));
  process.exit(EXIT.oops);
});

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};
// The loop drains by itself, so everything written is flushed before the process ends.
process.exitCode = await run(process.argv.slice(2), manifest.version, terminal);
