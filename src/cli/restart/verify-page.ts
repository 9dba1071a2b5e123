import { planRestart } from "../../restart/plan/plan.ts";
import { isRefusal } from "../../restart/plan/step.ts";
import type { Tree } from "../../restart/tree/tree.ts";
import { table } from "../layout.ts";
import { paintFor } from "../paint.ts";
import type { Terminal } from "../terminal.ts";
import { kernelBelow } from "./kernel-below.ts";
import { type Page, refusalLines } from "./plan-page.ts";
import { type Place, type Restored, restore } from "./restore.ts";

/** Where a tree is brought back to be sure of its schedule. */
export interface VerifyOptions {
  /** On the kernel below too. */
  readonly live: boolean;
  readonly depth: number;
}

const DIALECTS = ["clone_with_pids", "eclone", "clone3"] as const;
const ARCHES = ["x86_64", "i386"] as const;

/** Brings a tree back everywhere: on both architectures, in all three dialects, and on the kernel below. */
export async function verifyPage(
  file: string,
  tree: Tree,
  options: VerifyOptions,
  terminal: Terminal,
): Promise<Page> {
  const paint = paintFor(terminal.color);
  const title = paint("title", file);
  const plan = planRestart(tree);
  if (isRefusal(plan))
    return { text: `${[title, ...refusalLines(plan, terminal), ""].join("\n")}\n`, ok: false };
  const rows: string[][] = [];
  let ok = true;
  for (const place of placesOf(options)) {
    const restored = await restore(tree, plan, place);
    if (!isFine(restored)) ok = false;
    const where = place.dialect === null ? kernelBelow() : "emulated";
    for (const [i, line] of wordsOf(restored).entries())
      rows.push(
        i === 0 ? [paint("name", place.dialect ?? "clone3"), place.arch, where, line] : ["", "", "", line],
      );
  }
  const lines = table(rows, { width: terminal.columns, indent: 2 });
  return { text: `${[title, ...lines, ""].join("\n")}\n`, ok };
}

function placesOf({ live, depth }: VerifyOptions): Place[] {
  const emulated = ARCHES.flatMap((arch) => DIALECTS.map((dialect): Place => ({ arch, dialect, depth })));
  return live ? [...emulated, ...ARCHES.map((arch): Place => ({ arch, dialect: null, depth }))] : emulated;
}

/** What a dialect has no word for is no fault of the schedule. */
function isFine(restored: Restored): boolean {
  return "unspeakable" in restored || ("differences" in restored && restored.differences.length === 0);
}

function wordsOf(restored: Restored): readonly string[] {
  if ("failed" in restored) return [restored.failed];
  if ("unspeakable" in restored) return [`cannot be said: ${restored.unspeakable}`];
  return restored.differences.length === 0 ? ["no difference"] : restored.differences;
}
