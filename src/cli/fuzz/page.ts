import type { Finding } from "../../fuzz/finding.ts";
import type { CampaignFigures } from "../../fuzz/node/campaign.ts";
import type { TargetSpec } from "../../fuzz/node/load-target.ts";
import { reportText } from "../../fuzz/report.ts";
import { wrap } from "../layout.ts";
import { paintFor } from "../paint.ts";
import type { Terminal } from "../terminal.ts";
import { grouped, several, timeText } from "./figures.ts";

/** A finding in at most six lines, and a blank one. */
export function findingPage(finding: Finding, spec: TargetSpec, { color }: Terminal): string {
  const [title = "", ...rest] = reportText(finding, { command: commandFor(spec) }).split("\n");
  const { detector } = finding;
  const paint = paintFor(color);
  const head = paint("errno", detector) + paint("name", title.slice(detector.length));
  const last = rest.length - 1;
  return [head, ...rest.map((line, i) => (i === last ? paint("faint", line) : line)), ""]
    .map((line) => `${line}\n`)
    .join("");
}

/** The command that fuzzes a target, as a shell reads it. */
export function commandFor({ file, profile }: TargetSpec): string {
  return [
    "trapgate fuzz",
    ...(file === null
      ? []
      : [`--target ${/^[\w./+-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`}`]),
    ...(profile === null ? [] : [`--profile ${profile}`]),
  ].join(" ");
}

/** What is about to happen, in a line or two. */
export function startPage(
  about: { calls: readonly string[]; era: string; seed: number; workers: number; steps: number },
  { color, columns }: Terminal,
): string {
  const { calls, era, seed, workers, steps } = about;
  const paint = paintFor(color);
  const what = calls.length > 6 ? several(calls.length, "call") : calls.join(", ");
  const programs = steps === 1 ? "" : `, programs of up to ${steps} calls`;
  const text = `${paint("title", `fuzz ${what}`)} under ${era}: seed ${seed}, ${several(workers, "worker")}${programs}`;
  return `${wrap(text, columns, 2).join("\n")}\n\n`;
}

/** What has come of it. */
export function endPage(
  figures: CampaignFigures,
  about: { seconds: number; stopped: boolean; before: number; gone: number },
  { color, columns }: Terminal,
): string {
  const paint = paintFor(color);
  const { runs, features, corpus, findings, retired } = figures;
  const { seconds, stopped, before, gone } = about;
  const had = before === 0 ? "" : ` (${grouped(before + runs)} with those before)`;
  const speed = Math.round(runs / Math.max(seconds, 0.001));
  const kept = `${several(features, "feature")}, ${several(corpus - gone, "program")} kept`;
  const lines = [
    ...wrap(
      `${stopped ? "stopped after " : ""}${several(runs, "run")}${had} in ${timeText(seconds)}, ${grouped(speed)} a second; ${kept}`,
      columns,
      2,
    ).map((line) => paint("faint", line)),
    ...(retired === 0
      ? []
      : [paint("rule", `${several(retired, "worker")} given up: too many runs never came back`)]),
    findings === 0 ? paint("number", "no finding") : paint("errno", several(findings, "finding")),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
