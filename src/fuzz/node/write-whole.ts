import { renameSync, writeFileSync } from "node:fs";

/** Writes a file that is there as a whole or not at all. */
export function writeWhole(file: string, text: string): void {
  const half = `${file}.${process.pid}.half`;
  writeFileSync(half, text);
  renameSync(half, file);
}
