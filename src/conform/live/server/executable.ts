import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Times a program is tried that another process still has open for writing. */
const TRIES = 20;

/** A program of ours that could not be started: one line. */
export class CannotStart extends Error {}

/**
 * Writes a program to a file, starts it with pipes for standard input and output, and removes the file.
 * @throws CannotStart when the machine does not run it
 */
export async function startProgram(elf: Uint8Array): Promise<ChildProcess> {
  for (let tries = 1; ; tries++) {
    let folder: string | null = null;
    try {
      folder = mkdtempSync(join(tmpdir(), "trapgate-"));
      const file = join(folder, "server");
      writeFileSync(file, elf, { mode: 0o700 });
      return await started(file);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      // Somebody else's fork has the file open for as long as it takes to reach its exec.
      if (code !== "ETXTBSY" || tries === TRIES) throw new CannotStart(code);
    } finally {
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    }
  }
}

function started(file: string): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    // A session of its own: what a case signals is no part of ours.
    const child = spawn(file, [], { stdio: ["pipe", "pipe", "ignore"], detached: true });
    child.once("error", reject);
    child.once("spawn", () => resolve(child));
  });
}
