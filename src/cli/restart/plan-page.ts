import { planRestart } from "../../restart/plan/plan.ts";
import {
  beginsNamespace,
  isRefusal,
  type Refusal,
  type Schedule,
  type Step,
} from "../../restart/plan/step.ts";
import type { Tree } from "../../restart/tree/tree.ts";
import { table, wrap } from "../layout.ts";
import { paintFor } from "../paint.ts";
import type { Terminal } from "../terminal.ts";
import { actorText, deedText, numbersText } from "./names.ts";

/** A page, and whether what it tells of went well. */
export interface Page {
  readonly text: string;
  readonly ok: boolean;
}

/** The schedule of a tree, or why there is none. */
export function planPage(file: string, tree: Tree, json: boolean, terminal: Terminal): Page {
  const plan = planRestart(tree);
  if (json) return { text: jsonLines(file, plan), ok: !isRefusal(plan) };
  const paint = paintFor(terminal.color);
  const title = paint("title", file);
  if (isRefusal(plan)) return { text: `${[title, ...refusalLines(plan, terminal)].join("\n")}\n`, ok: false };
  const rows = plan.steps.map((step, i) => [
    String(i + 1),
    paint("name", actorText(step.by)),
    deedText(step),
  ]);
  const lines = table(rows, { width: terminal.columns, indent: 2, right: [0] });
  return { text: `${[title, ...lines, `  ${summary(plan)}`, ""].join("\n")}\n`, ok: true };
}

/** Steps and helpers, in words. */
export function summary({ steps, helpers }: Schedule): string {
  const many = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
  return helpers === 0
    ? many(steps.length, "step")
    : `${many(steps.length, "step")}, ${many(helpers, "helper")}`;
}

/** Why a tree cannot come back. */
export function refusalLines({ refused, reason }: Refusal, terminal: Terminal): string[] {
  const paint = paintFor(terminal.color);
  return wrap(`  ${paint("errno", "cannot come back")} (${refused}): ${reason}`, terminal.columns, 4);
}

function jsonLines(file: string, plan: Schedule | Refusal): string {
  if (isRefusal(plan))
    return `${JSON.stringify({ file, refused: plan.refused, task: plan.task.pid, reason: plan.reason })}\n`;
  return plan.steps.map((step) => `${JSON.stringify({ file, ...stepJson(step) })}\n`).join("");
}

function stepJson(step: Step): object {
  const by = step.by === null ? null : { pid: step.by.pid, role: step.by.role };
  return { do: step.do, by, ...detailsOf(step) };
}

function detailsOf(step: Step): object {
  switch (step.do) {
    case "clone": {
      const { makes, sister } = step;
      return { makes: makes.pid, role: makes.role, newpid: beginsNamespace(makes), sister };
    }
    case "thread":
      return { pid: step.pid };
    case "enter":
      return { namespaceOf: step.through.pid };
    case "setpgid":
      return { who: step.who.pid, group: step.group?.pid ?? null };
    case "wait":
      return { child: numbersText(step.child.pid) };
    case "exit":
      return { code: step.code };
    case "kill":
      return { who: step.who.pid, signal: step.signal };
    case "adopt":
      return { on: step.on };
    case "setsid":
    case "unshare":
      return {};
  }
}
