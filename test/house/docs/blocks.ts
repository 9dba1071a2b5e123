/** A fenced block of a page. */
export interface Block {
  /** Path of the page below the root. */
  readonly page: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** What stands behind the opening fence. */
  readonly info: string;
  /** The lines between the fences, each with its newline. */
  readonly text: string;
}

const FENCE = "```";

/** The fenced blocks of a page, in order. @throws Error for a fence that is never closed */
export function blocksOf(page: string, markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; info: string; lines: string[] } | null = null;
  for (const [i, line] of markdown.split("\n").entries()) {
    if (open === null) {
      if (line.startsWith(FENCE)) open = { line: i + 1, info: line.slice(FENCE.length).trim(), lines: [] };
    } else if (line === FENCE) {
      blocks.push({ page, line: open.line, info: open.info, text: open.lines.map((l) => `${l}\n`).join("") });
      open = null;
    } else open.lines.push(line);
  }
  if (open !== null) throw new Error(`${page}:${open.line}: the block is never closed`);
  return blocks;
}

/** A command of a console block, and the lines shown below it. */
export interface Shown {
  readonly command: string;
  readonly lines: readonly string[];
}

/** The commands of a console block. @throws Error when it does not start with one */
export function commandsOf(block: Block): Shown[] {
  const shown: { command: string; lines: string[] }[] = [];
  for (const line of block.text.split("\n").slice(0, -1)) {
    const last = shown[shown.length - 1];
    if (line.startsWith("$ ")) shown.push({ command: line.slice(2).trim(), lines: [] });
    else if (last !== undefined) last.lines.push(line);
    else throw new Error(`${block.page}:${block.line}: output before the first command`);
  }
  return shown;
}

/** Stands for any number of lines. */
const CUT = "…";

/**
 * Holds `shown` against `actual`: null when they agree, else the first stretch of shown lines that is not there and
 * the actual lines where it should be.
 */
export function differenceOf(
  actual: readonly string[],
  shown: readonly string[],
): { readonly shown: readonly string[]; readonly actual: readonly string[] } | null {
  const stretches: string[][] = [[]];
  for (const line of shown) {
    if (line.trim() === CUT) stretches.push([]);
    else stretches[stretches.length - 1]?.push(line);
  }
  let at = 0;
  for (const [i, stretch] of stretches.entries()) {
    const first = i === 0;
    const last = i === stretches.length - 1;
    const agrees = (from: number): boolean => stretch.every((line, k) => actual[from + k] === line);
    let from = at;
    if (last && !first) from = Math.max(at, actual.length - stretch.length);
    else if (!first) while (from < actual.length && !agrees(from)) from++;
    const end = from + stretch.length;
    if (!agrees(from) || (last && end !== actual.length)) {
      const near = first || last ? from : Math.max(at, actual.indexOf(stretch[0] ?? "", at));
      return { shown: stretch, actual: actual.slice(near, last ? undefined : near + stretch.length) };
    }
    at = end;
  }
  return null;
}
