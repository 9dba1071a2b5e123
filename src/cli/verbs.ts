import { conform } from "./conform.ts";
import { demo } from "./demo.ts";
import { explain } from "./explain.ts";
import { fuzz } from "./fuzz.ts";
import { record } from "./record.ts";
import { restart } from "./restart.ts";
import { review } from "./review.ts";
import { layout } from "./struct-layout.ts";
import { table } from "./table.ts";
import type { Verb } from "./verb.ts";

/** Every verb of the command, in the order of the help page. A new one is a file and a line here. */
export const VERBS: readonly Verb[] = [demo, explain, table, layout, review, conform, record, fuzz, restart];
