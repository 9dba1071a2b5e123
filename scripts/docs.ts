/**
 * Makes the pages that come from data: `npm run docs` writes them, and a test fails where one is not what the data says.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PAGES } from "./docs/pages.ts";

for (const [name, make] of Object.entries(PAGES))
  writeFileSync(join(import.meta.dirname, "../docs", name), await make());
