import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PAGES } from "../../scripts/docs/pages.ts";

test.each(Object.entries(PAGES))("docs/%s is what the data says (npm run docs)", async (name, make) => {
  const shown = readFileSync(join(import.meta.dirname, "../../docs", name), "utf8").split("\n");
  const made = (await make()).split("\n");
  const at = made.findIndex((line, i) => line !== shown[i]);
  expect({ at, line: shown[at] }, `docs/${name}`).toEqual({ at, line: made[at] });
  expect(shown.length).toBe(made.length);
});
