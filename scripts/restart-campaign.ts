/**
 * Restarts: random lives of process trees on an emulated kernel, and the same trees with something changed by hand. Each must
 * come back exactly, or be refused with a reason. Refusals are counted; of each the smallest tree that is refused so is put to a
 * search that tries everything. See CONTRIBUTING.
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { parseTree, type Tree, TreeError } from "../src/restart/index.ts";
import { deed } from "../test/restart/deeds.ts";
import { garden, live } from "../test/restart/history.ts";
import { changed } from "./restart-campaign/changed.ts";
import { Confirmations } from "./restart-campaign/confirm.ts";
import { Restorer } from "./restart-campaign/restorer.ts";

const { values } = parseArgs({
  options: { trees: { type: "string", default: "10000" }, seed: { type: "string", default: "1" } },
});

function count(name: "trees" | "seed"): number {
  const n = Number(values[name]);
  if (Number.isSafeInteger(n) && n >= 0) return n;
  process.stderr.write(`campaign:restart: --${name} is ${values[name]}: give a whole number\n`);
  process.exit(2);
}

const MOST_TASKS = 40;
const MOST_LEVELS = 5;
const BATCH = 500;
/** Trees with a third outcome that are printed. */
const SHOWN = 3;

const [trees, seed] = [count("trees"), count("seed")];
const started = process.hrtime.bigint();
const gardens = [true, false].map((rootIsInit) => {
  const there = garden(rootIsInit);
  return { ...there, start: there.machine.snapshot() };
});
const restorer = new Restorer();
const confirmations = new Confirmations();
const outcomes = new Map<string, number>();
/** Trees that are neither restored nor rightly refused. */
const wrong: string[] = [];
const sizes = { tasks: 0, most: 0, levels: 0 };
let done = 0;

function note(outcome: string): void {
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}

function take(kind: "lived" | "changed", tree: Tree): void {
  let parsed: Tree;
  try {
    parsed = parseTree(JSON.stringify(tree), "tree");
  } catch (error) {
    if (!(error instanceof TreeError)) throw error;
    // A leader that has gone with its whole namespace, and whose group lives on, has no place in a tree.
    note(`${kind}: ${kind === "lived" ? "cannot be written down" : "is no tree"}`);
    return;
  }
  const { refused, differences } = restorer.restore(parsed);
  if (refused !== null) {
    note(`${kind}: refused, ${refused.refused}`);
    // What a kernel had can come back: a refusal is a lack of the planner's.
    if (kind === "lived") wrong.push(`${refused.reason}\n${JSON.stringify(tree)}`);
    else confirmations.add(parsed, refused.refused);
    return;
  }
  if (differences.length > 0) {
    note(`${kind}: not restored`);
    wrong.push(`${differences.join("; ")}\n${JSON.stringify(tree)}`);
    return;
  }
  note(`${kind}: restored`);
  done++;
  sizes.tasks += tree.tasks.length;
  sizes.most = Math.max(sizes.most, tree.tasks.length);
  sizes.levels = Math.max(sizes.levels, ...tree.tasks.map(({ pid }) => pid.length));
}

const lives = fc.tuple(
  fc.nat(1),
  fc.array(deed, { minLength: 5, maxLength: 90, size: "max" }),
  fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }),
);
for (let batch = 0; done < trees; batch++) {
  for (const [which, deeds, dice] of fc.sample(lives, { seed: seed * 1_000_003 + batch, numRuns: BATCH })) {
    if (done >= trees) break;
    const there = gardens[which] as (typeof gardens)[number];
    const tree = live(there, deeds);
    const unfinished = [...there.machine.tasks].some(({ state }) => state === "exiting");
    there.start.restore();
    // An init that waits for the last of its namespace is neither alive nor a zombie.
    if (
      unfinished ||
      tree.tasks.length > MOST_TASKS ||
      tree.tasks.some(({ pid }) => pid.length > MOST_LEVELS)
    )
      continue;
    take("lived", tree);
    take("changed", changed(tree, dice));
  }
}

const seconds = Number(process.hrtime.bigint() - started) / 1e9;
for (const [outcome, n] of [...outcomes].sort((a, b) => b[1] - a[1]))
  console.log(`${String(n).padStart(8)}  ${outcome}`);
for (const { rule, verdict, count: n, core } of confirmations.ask()) {
  console.log(`${String(n).padStart(8)}  ${rule}: ${verdict}`);
  for (const tree of core) wrong.push(`it is possible, and was refused: ${rule}\n${JSON.stringify(tree)}`);
}
for (const what of wrong.slice(0, SHOWN)) console.error(what);
console.log(
  `${done} trees restored exactly, up to ${sizes.most} tasks (${(sizes.tasks / done).toFixed(1)} on average) and ` +
    `${sizes.levels} levels, seed ${seed}, ${seconds.toFixed(1)} s; ${wrong.length} with another outcome`,
);
if (wrong.length > 0) process.exitCode = 1;
