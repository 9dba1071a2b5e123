import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";

/**
 * Holds `text` against test/cli/golden/`name`. With TRAPGATE_UPDATE_GOLDEN=1 the file is written instead: look at the
 * difference before it is committed.
 */
export function expectGolden(name: string, text: string): void {
  const file = new URL(`./golden/${name}`, import.meta.url);
  if (process.env.TRAPGATE_UPDATE_GOLDEN === "1") writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, "utf8"));
}
