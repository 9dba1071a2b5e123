import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { run } from "../../src/cli/run.ts";
import { type Terminal, WIDEST } from "../../src/cli/terminal.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What a command line came to. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a process of its own, as a user does; its output goes to pipes. */
export function cli(args: readonly string[], env: Record<string, string> = {}): Promise<Finished> {
  return processOf(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...args], env);
}

/** Runs a line of shell in the repository's root. */
export function shell(line: string): Promise<Finished> {
  return processOf("/bin/bash", ["-c", line], {});
}

function processOf(
  command: string,
  args: readonly string[],
  extra: Record<string, string>,
): Promise<Finished> {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of ["NO_COLOR", "FORCE_COLOR", "TRAPGATE_DEBUG", "NODE_OPTIONS"]) delete env[name];
  const child = spawn(command, args, { cwd: ROOT, env: { ...env, ...extra } });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs the command inside this process, on a screen of our own. */
export async function here(args: readonly string[], screen: Partial<Terminal> = {}): Promise<Finished> {
  let stdout = "";
  let stderr = "";
  const terminal: Terminal = {
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    columns: WIDEST,
    color: false,
    screen: false,
    debug: false,
    exitCode: 0,
    ...screen,
  };
  const code = await run(args, "1.2.3", terminal);
  return { code, stdout, stderr };
}

/** The lines of a text that ends with a newline. */
export function linesOf(text: string): string[] {
  return text.split("\n").slice(0, -1);
}
