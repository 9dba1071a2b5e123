import { callText, indented, settingText } from "../../conform/case-text.ts";
import type { Difference } from "../../conform/compare.ts";
import type { PlacedVector } from "../../conform/parse.ts";
import type { TranscriptLine } from "../../conform/transcript.ts";
import { oneLine } from "../../kernel/trace/escape.ts";
import { wrap } from "../layout.ts";
import type { Paint } from "../paint.ts";

/** Differences in memory that are written out. */
const MOST = 8;

/** How a failure is set. */
export interface FailureStyle {
  readonly paint: Paint;
  readonly columns: number;
  /** What stands in front. Default FAILED. */
  readonly word?: string;
  /** What the two sides are called. Default expected and got. */
  readonly sides?: readonly [expected: string, got: string];
}

/**
 * A failed case: its program, each call as it ran where that is known, and below each call that answered something
 * else what was expected and the rung that spoke.
 */
export function failureLines(
  { vector, file, line }: PlacedVector,
  differences: readonly Difference[],
  transcript: ReadonlyMap<string, TranscriptLine>,
  { paint, columns, word = "FAILED", sides = ["expected", "got"] }: FailureStyle,
): string[] {
  const broken = (text: string, hang: number): string[] => wrap(text, columns, hang);
  const against = ({ recorded, expected, got }: Difference): string =>
    `${recorded === undefined ? "" : `recorded ${recorded}, `}${sides[0]} ${expected}, ${sides[1]} ${got}`;
  const byLabel = new Map(differences.map((difference) => [difference.where, difference]));
  const labels = new Set<string>();
  const program = [...indented(vector.program)].flatMap(({ operation, depth }) => {
    const indent = " ".repeat(4 + 2 * depth);
    if (operation.op === "nspid") return [`${indent}${paint("faint", `pids of ${operation.of}`)}`];
    labels.add(operation.label);
    const ran = transcript.get(operation.label);
    const head = `${indent}${paint("name", operation.label)}: ${ran?.text ?? callText(operation, vector.arch)}`;
    const difference = byLabel.get(operation.label);
    const lines = broken(head, indent.length + 4);
    if (difference === undefined) return lines;
    const rung = ran?.rung ?? null;
    const rules = rung === null || rung.rules.length === 0 ? "" : ` (${rung.rules.join(", ")})`;
    const why = rung === null ? "" : `  ← ${rung.id}${rules}: ${oneLine(rung.reason)}`;
    return [
      ...lines,
      ...broken(
        `${indent}    ${paint("errno", against(difference))}${paint("rule", why)}`,
        indent.length + 6,
      ),
    ];
  });
  const others = differences.filter(({ where }) => !labels.has(where));
  const more = others.length > MOST ? [`    ${paint("faint", `… and ${others.length - MOST} more`)}`] : [];
  return [
    ...broken(
      `${paint("errno", word)} ${paint("name", oneLine(vector.id))}  ${paint("faint", `${oneLine(file)}:${line}`)}`,
      4,
    ),
    ...broken(`  ${paint("faint", settingText(vector))}`, 4),
    ...program,
    ...others
      .slice(0, MOST)
      .flatMap((each) => broken(`    ${each.where}: ${paint("errno", against(each))}`, 6)),
    ...more,
  ];
}
