import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

test("every rule has a test, or a written reason for having none", () => {
  const output = execFileSync(process.execPath, ["--import", "tsx", "scripts/rules.ts"], {
    cwd: join(import.meta.dirname, "../.."),
    encoding: "utf8",
  });
  expect(output).not.toContain("without a reason");
});
