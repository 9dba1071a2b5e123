import { conventionsPage } from "./conventions.ts";
import { layoutsPage } from "./layouts.ts";
import { reviewPage } from "./review.ts";
import { tablesPage } from "./tables.ts";

/** The pages of docs that are made from data, by file name. */
export const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  "tables.md": tablesPage,
  "conventions.md": conventionsPage,
  "layouts.md": layoutsPage,
  "review.md": reviewPage,
};
