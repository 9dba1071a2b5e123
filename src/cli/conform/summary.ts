import type { Judged, Verdict } from "../../conform/verdict.ts";
import { table, wrap } from "../layout.ts";
import type { Paint } from "../paint.ts";

/** How many cases came to what. */
export type Tally = Readonly<Record<Verdict["status"], number>>;

/** Counts verdicts. */
export function tally(judged: readonly Judged[]): Tally {
  const counts = { passed: 0, failed: 0, unsupported: 0, skipped: 0 };
  for (const { verdict } of judged) counts[verdict.status]++;
  return counts;
}

/** The last line: `114 passed, 0 failed, 2 unsupported`; skips where there can be any. */
export function tallyText(counts: Tally, live: boolean): string {
  const text = `${counts.passed} passed, ${counts.failed} failed, ${counts.unsupported} unsupported`;
  return live || counts.skipped > 0 ? `${text}, ${counts.skipped} skipped` : text;
}

/** A row a group of cases, then which calls are missing and why cases were skipped. */
export function summaryLines(judged: readonly Judged[], paint: Paint, columns: number): string[] {
  const groups = new Map<string, Judged[]>();
  for (const each of judged) {
    const { group } = each.placed.vector;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [each]);
    else members.push(each);
  }
  const cell = (count: number, what: string, ink: "number" | "errno" | "faint"): string =>
    count === 0 ? "" : paint(ink, `${count} ${what}`);
  const rows = [...groups].map(([group, members]) => {
    const counts = tally(members);
    return [
      group,
      cell(counts.passed, "passed", "number"),
      cell(counts.failed, "failed", "errno"),
      cell(counts.unsupported, "unsupported", "faint"),
      cell(counts.skipped, "skipped", "faint"),
    ];
  });
  const used = [0, 1, 2, 3, 4].filter((column) => rows.some((row) => row[column] !== ""));
  return [
    ...table(
      rows.map((row) => used.map((column) => row[column] ?? "")),
      { indent: 0 },
    ),
    ...countedLines("not in trapgate", callsOf(judged), columns),
    ...countedLines("skipped", reasonsOf(judged), columns),
  ];
}

function callsOf(judged: readonly Judged[]): string[] {
  return judged.flatMap(({ verdict }) => (verdict.status === "unsupported" ? verdict.calls : []));
}

function reasonsOf(judged: readonly Judged[]): string[] {
  return judged.flatMap(({ verdict }) => (verdict.status === "skipped" ? [verdict.reason] : []));
}

/** `not in trapgate: 7 dup, 2 getcwd`: in how many cases, the most frequent first. */
function countedLines(what: string, names: readonly string[], columns: number): string[] {
  if (names.length === 0) return [];
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return wrap(`${what}: ${sorted.map(([name, n]) => `${n} ${name}`).join(", ")}`, columns, 2);
}
