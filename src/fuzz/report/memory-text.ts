import type { Finding } from "../finding.ts";
import { PLACEMENTS } from "../torture.ts";

/** Detectors whose findings are about an object: that of the pointer `site`. */
const OF_OBJECTS: ReadonlySet<string> = new Set([
  "double-fetch",
  "touch-before-turn",
  "partial-copy",
  "kernel-bytes",
]);

/** Where the object a finding is about lies, drawn at the edge of its page; "" for a finding about none. */
export function memoryText({ detector, program, step, site }: Finding): string {
  const steps = program.steps.flatMap((each) => [each, ...(each.child ?? [])]);
  const value = steps[step]?.args[site];
  if (value === undefined && site !== "" && OF_OBJECTS.has(detector)) return `rw-  a5 a5 [${site}] a5 a5`;
  if (typeof value !== "object" || !("at" in value)) return "";
  const where = PLACEMENTS.find(({ name }) => name === value.at)?.where;
  if (where === undefined) return "";
  if ("before" in where) {
    const beyond = BEYOND[where.before] ?? "nothing";
    const shown = where.bytes === "all" ? `[${site}]` : where.bytes === "half" ? `[${site}` : "[·";
    const rest = where.bytes === "all" ? "" : where.bytes === "half" ? "…]" : `${site}…]`;
    return `rw-  a5 a5 ${shown}|${rest} ${beyond}`;
  }
  if ("page" in where) {
    const rights = RIGHTS[where.page] ?? "nothing is mapped";
    return where.offset === 0 ? `nothing |[${site}] a5 a5  ${rights}` : `${rights}  a5 a5 [${site}] a5 a5`;
  }
  return "";
}

const RIGHTS: Readonly<Record<number, string>> = { 1: "rw-", 5: "---", 9: "r--", 10: "-w-" };
const BEYOND: Readonly<Record<number, string>> = { 2: "rw-", 3: "nothing is mapped", 5: "---", 7: "r--" };
