import type { RefusalRule, Tree } from "../../src/restart/index.ts";
import { search } from "../../test/restart/brute-search.ts";
import { coreOf } from "./core.ts";

/** Worlds that a search looks at before it gives up. */
const PATIENCE = 8000;

/** What became of the refusals by one rule. */
export interface Confirmed {
  readonly rule: RefusalRule;
  readonly verdict: string;
  readonly count: number;
  /** Trees that are possible, and were refused. */
  readonly core: readonly Tree[];
}

/** Refusals, each by the smallest tree that is refused so; the same tree is asked about once. */
export class Confirmations {
  private readonly cores: Map<string, { readonly core: Tree; readonly rule: RefusalRule; count: number }> =
    new Map();

  add(tree: Tree, rule: RefusalRule): void {
    const core = coreOf(tree, rule);
    const key = `${rule} ${nameless(core)}`;
    const known = this.cores.get(key);
    if (known === undefined) this.cores.set(key, { core, rule, count: 1 });
    else known.count++;
  }

  /** What a search says of them, the most frequent first. */
  ask(): Confirmed[] {
    const found = new Map<string, { rule: RefusalRule; verdict: string; count: number; core: Tree[] }>();
    for (const { core, rule, count } of this.cores.values()) {
      const verdict = verdictOn(core);
      const key = `${rule} ${verdict}`;
      const line = found.get(key) ?? { rule, verdict, count: 0, core: [] };
      line.count += count;
      if (verdict === POSSIBLE) line.core.push(core);
      found.set(key, line);
    }
    return [...found.values()].sort((a, b) => b.count - a.count);
  }
}

const POSSIBLE = "possible after all";

function verdictOn(core: Tree): string {
  const alone = search(core, 0, PATIENCE);
  if (alone === "possible") return POSSIBLE;
  if (alone === "open") return "too large to search";
  const helped = search(core, 1, PATIENCE);
  if (helped === "possible") return POSSIBLE;
  return helped === "impossible" ? "confirmed" : "confirmed without helpers, with one too large to search";
}

/** A tree with its numbers replaced by their order of appearance. */
function nameless(tree: Tree): string {
  const names = new Map<number, number>();
  const name = (number: number): number => {
    if (number < 2) return number;
    const known = names.get(number) ?? names.size + 2;
    names.set(number, known);
    return known;
  };
  return JSON.stringify(tree, (field, value: unknown) => {
    // Below level 0 only who is an init matters.
    if (field === "pid")
      return (value as number[]).map((number, level) => (level === 0 ? name(number) : Number(number === 1)));
    return typeof value === "number" && field !== "zombie" ? name(value) : value;
  });
}
