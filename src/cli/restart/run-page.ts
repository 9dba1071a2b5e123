import { planRestart } from "../../restart/plan/plan.ts";
import { isRefusal } from "../../restart/plan/step.ts";
import type { Tree } from "../../restart/tree/tree.ts";
import { paintFor } from "../paint.ts";
import type { Terminal } from "../terminal.ts";
import { kernelBelow } from "./kernel-below.ts";
import { type Page, refusalLines, summary } from "./plan-page.ts";
import { type Place, type Restored, restore } from "./restore.ts";

/** Brings a tree back, and compares it with the one that was asked for. */
export async function runPage(file: string, tree: Tree, place: Place, terminal: Terminal): Promise<Page> {
  const paint = paintFor(terminal.color);
  const { arch, dialect, depth } = place;
  const where = dialect === null ? `clone3 on ${kernelBelow()}, ${arch}` : `${dialect} on ${arch}`;
  const title = `${paint("title", file)}  ${where}${depth > 0 ? `, ${depth} deeper` : ""}`;
  const plan = planRestart(tree);
  if (isRefusal(plan)) return page(title, refusalLines(plan, terminal), false);
  const restored = await restore(tree, plan, place);
  if ("differences" in restored && restored.differences.length === 0)
    return page(title, [`  ${tasksText(tree)} back in ${summary(plan)}; no difference`], true);
  return page(title, wrongLines(restored, summary(plan)), false);
}

function page(title: string, lines: readonly string[], ok: boolean): Page {
  return { text: `${[title, ...lines, ""].join("\n")}\n`, ok };
}

function wrongLines(restored: Restored, steps: string): string[] {
  if ("failed" in restored) return [`  ${restored.failed}`];
  if ("unspeakable" in restored) return [`  cannot be said: ${restored.unspeakable}`];
  return [
    `  ${steps}; what came back is not what was asked for:`,
    ...restored.differences.map((line) => `    ${line}`),
  ];
}

function tasksText({ tasks }: Tree): string {
  const threads = tasks.reduce((sum, task) => sum + (task.threads?.length ?? 0), 0);
  const many = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
  return `${many(tasks.length, "task")}${threads > 0 ? ` and ${many(threads, "more thread")}` : ""}`;
}
