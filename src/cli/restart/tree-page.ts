import { type Family, familyOf, type Member, type Ns } from "../../restart/tree/family.ts";
import type { Tree } from "../../restart/tree/tree.ts";
import { pad } from "../layout.ts";
import { paintFor } from "../paint.ts";
import type { Terminal } from "../terminal.ts";
import { numbersText, stateWords } from "./names.ts";

/** A line of the picture: numbers by level, and what stands in the tree. */
interface Line {
  readonly pid: readonly number[];
  readonly text: string;
}

/** A tree as text: one column of numbers for each level, and beside them who is whose child. */
export function treePage(file: string, tree: Tree, terminal: Terminal): string {
  const paint = paintFor(terminal.color);
  const family = familyOf(tree);
  const lines = [...taskLines(family.root), ...goneLines(family)];
  const levels = most(family.namespaces.map((ns: Ns) => ns.level)) + 1;
  const titles = Array.from({ length: levels }, (_, level) => `level ${level}`);
  const widths = titles.map((title, level) =>
    most([title.length, ...lines.map(({ pid }) => String(pid[level] ?? "").length)]),
  );
  const columns = (cells: readonly string[], ink: "heading" | "number"): string =>
    cells.map((cell, level) => paint(ink, pad(cell, widths[level] ?? 0, "left"))).join("  ");
  const rows = lines.map(({ pid, text }) =>
    `  ${columns(
      titles.map((_, level) => String(pid[level] ?? "")),
      "number",
    )}  ${text}`.trimEnd(),
  );
  return `${[paint("title", file), `  ${columns(titles, "heading")}`, ...rows, ""].join("\n")}\n`;
}

/** Generations whose lines are drawn; who is further down has the number of its own instead. */
const DEEPEST = 40;

function* taskLines(root: Member): Generator<Line> {
  const open = [{ member: root, lead: "", below: "", depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { member, lead, below, depth } = next;
    yield { pid: member.pid, text: lead + describe(member) };
    for (const thread of member.threads)
      yield { pid: thread, text: `${below}${member.children.length > 0 ? "│ " : "  "}thread` };
    const last = member.children.at(-1);
    for (const child of [...member.children].reverse()) {
      const [branch, trunk] = child === last ? ["└─ ", "   "] : ["├─ ", "│  "];
      open.push(
        depth < DEEPEST
          ? { member: child, lead: below + branch, below: below + trunk, depth: depth + 1 }
          : {
              member: child,
              lead: `… ${depth + 1} down, below ${numbersText(member.pid)}: `,
              below: "  ",
              depth: depth + 1,
            },
      );
    }
  }
}

/** The greatest; of any number of them. */
function most(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), 0);
}

function describe(member: Member): string {
  const { session, group, ns } = member;
  const notes = [
    ns.init === member ? "init" : null,
    session === member ? "leads a session" : session === null ? null : `session ${numbersText(session.pid)}`,
    session === member || group === session
      ? null
      : group === member
        ? "leads a group"
        : group === null
          ? null
          : `group ${numbersText(group.pid)}`,
    ...stateWords(member),
  ].filter((note) => note !== null);
  return notes.length > 0 ? notes.join(", ") : "task";
}

function* goneLines({ gone }: Family): Generator<Line> {
  for (const { pid } of gone) yield { pid, text: "has gone; its number still names a session or a group" };
}
