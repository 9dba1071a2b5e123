import type { Finding } from "./finding.ts";
import type { FuzzProgram, FuzzStep } from "./program.ts";
import { fieldText } from "./report/field-text.ts";
import { memoryText } from "./report/memory-text.ts";

/** Lines of a report at most. */
const MOST_LINES = 6;

/** How a report says to run a program again. */
export interface ReportOptions {
  /** What comes before `--replay`. Default `trapgate fuzz`. */
  readonly command?: string;
}

/**
 * A finding for a person, in at most six lines: what is wrong, the program call by call, where the object in question lies
 * in its page, the seed, and the command that runs it again.
 */
export function reportText(finding: Finding, { command = "trapgate fuzz" }: ReportOptions = {}): string {
  const { detector, title, program, seed, run } = finding;
  const calls = callLines(program);
  const memory = memoryText(finding);
  const room = MOST_LINES - 3 - (memory === "" ? 0 : 1);
  // Rather one long line than one too many.
  const shown = calls.length <= room ? calls : [calls.join("; ")];
  return [
    `${detector}: ${title}`,
    ...shown.map((line) => `  ${line}`),
    ...(memory === "" ? [] : [`  ${memory}`]),
    `  seed ${seed}, run ${run}`,
    `  again: ${command} --replay '${JSON.stringify(program)}'`,
  ].join("\n");
}

/** A program as calls: where it runs before the first, what children do in braces. */
function callLines({ arch, caps, steps }: FuzzProgram): string[] {
  const where = `${arch}${caps === "none" ? ", no capabilities" : ""}: `;
  return steps.map((step, i) => `${i === 0 ? where : ""}${callText(step)}`);
}

function callText({ call, form, args, child = [] }: FuzzStep): string {
  const told = Object.entries(args).map(([path, value]) => `${path} ${fieldText(value)}`);
  const inner = child.length === 0 ? "" : ` { ${child.map(callText).join("; ")} }`;
  return `${call}(${[...(form === undefined ? [] : [form]), ...told].join(", ")})${inner}`;
}
