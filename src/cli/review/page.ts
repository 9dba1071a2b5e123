import type { Finding } from "../../atlas/review/finding.ts";
import { REVIEW_RULES } from "../../atlas/review/rules.ts";
import { table } from "../layout.ts";
import type { Paint } from "../paint.ts";

/** Findings as a page for people. */
export function reviewPage(
  call: string,
  findings: readonly Finding[],
  { paint, columns }: { readonly paint: Paint; readonly columns: number },
): string[] {
  const faults = findings.filter(({ weight }) => weight === "fault").length;
  const sum =
    findings.length === 0
      ? "nothing to object to"
      : `${several(faults, "fault")}, ${several(findings.length - faults, "remark")}`;
  const lines = [`${paint("title", call)}: ${sum}`];
  for (const { rule, weight, where, what, abis, fix } of findings) {
    const known = REVIEW_RULES.find((one) => one.rule === rule);
    const rows = [
      ["what", what],
      ...(abis.length === 0 ? [] : [["bites on", abis.join(", ")]]),
      ["fix", fix],
      ["rule", known?.asks ?? ""],
      ["precedent", known?.precedent ?? ""],
    ];
    const cells = rows.map(([name = "", text = ""]) => [paint("faint", name), text]);
    const ink = weight === "fault" ? "errno" : "rule";
    lines.push(
      "",
      `${paint(ink, weight)} ${paint("name", rule)}: ${where}`,
      ...table(cells, { width: columns }),
    );
  }
  return lines.map((line) => line.trimEnd());
}

function several(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? "" : "s"}`;
}
