/**
 * What the cases in vectors show, and what they do not: `npm run coverage:rules`. Rules (test/rules.json), rungs of the
 * calls' ladders, and for the calls of the clone family every pair of rungs. Whatever is not shown has a name and a
 * reason; exit code 1 when one has none, and when a case fails or another rung speaks than it says.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CALLS, FLAG_SETS, kernelVersion, LADDERS, Registry, STRUCTS } from "../src/abi/index.ts";
import { parseVectors, RECORDING_PROFILE, type Vector } from "../src/conform/index.ts";
import { profileNamed } from "../src/kernel/index.ts";
import { UNOBSERVABLE_CALLS, UNOBSERVABLE_RULES, UNOBSERVABLE_RUNGS } from "./coverage/reasons.ts";
import { shownBy } from "./coverage/shown.ts";
import { CLONE_PLAN } from "./vectors/pairs/clone.ts";
import { CLONE3_PLAN } from "./vectors/pairs/clone3.ts";
import { type BaseWish, type Plan, pairsOf } from "./vectors/pairs/join.ts";
import { oldPlan } from "./vectors/written/ladder.ts";
import { EVERY } from "./vectors/written/spec.ts";

const ROOT = join(import.meta.dirname, "..");
const ERAS = [...EVERY, RECORDING_PROFILE];

/** A plan's ladder, holes and reasons, whatever its calls look like. */
interface Ladder {
  readonly call: string;
  readonly era: string;
  readonly rungs: readonly string[];
  readonly unobservable: Readonly<Record<string, string>>;
  readonly holes: ReadonlyMap<string, string>;
}

function ladderOf<W extends BaseWish, Way extends string>(plan: Plan<W, Way>): Ladder {
  return {
    call: plan.call,
    era: plan.profile ?? RECORDING_PROFILE,
    rungs: [...new Set(plan.demands.map(({ rung }) => rung))],
    unobservable: plan.unobservable,
    holes: new Map(pairsOf(plan).holes.map(({ pair, because }) => [pair.join("+"), because])),
  };
}

const PLANS: readonly Ladder[] = [
  ...EVERY.map((profile) => ladderOf(oldPlan(profile))),
  ladderOf(CLONE_PLAN),
  ladderOf(CLONE3_PLAN),
];

const registry = new Registry({ calls: CALLS, structs: STRUCTS, flagsets: FLAG_SETS, ladders: LADDERS });
const unexplained: string[] = [];
const print = (line: string): void => console.log(line);

function* cases(): Generator<Vector> {
  const folder = join(ROOT, "vectors");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort())
    if (name.endsWith(".jsonl"))
      for (const { vector } of parseVectors(readFileSync(join(folder, name), "utf8"), name)) yield vector;
}

/** Prints names by their reason. */
function listing(reasons: ReadonlyMap<string, string>): void {
  const grouped = new Map<string, string[]>();
  for (const [name, because] of reasons) grouped.set(because, [...(grouped.get(because) ?? []), name]);
  for (const [because, names] of grouped) print(`    ${because}: ${names.join(" ")}`);
}

const shown = shownBy(cases(), (call, rung) => registry.get(call)?.rung(rung)?.rules ?? []);

const rules = JSON.parse(readFileSync(join(ROOT, "test/rules.json"), "utf8")) as Record<
  string,
  { untested?: string }
>;
const without = Object.keys(rules).filter((rule) => !shown.rules.has(rule));
const why = new Map(without.map((rule) => [rule, rules[rule]?.untested ?? UNOBSERVABLE_RULES[rule] ?? ""]));
print(`rules: ${Object.keys(rules).length - without.length} of ${Object.keys(rules).length} shown by a case`);
listing(new Map([...why].filter(([, because]) => because !== "")));
for (const [rule, because] of why) if (because === "") unexplained.push(`rule ${rule}`);
for (const rule of Object.keys(UNOBSERVABLE_RULES))
  if (shown.rules.has(rule)) unexplained.push(`rule ${rule} is shown, and has a reason for not being`);

for (const era of ERAS) {
  const profile = profileNamed(era);
  const kernel = kernelVersion(profile.kernel);
  const reasons = new Map<string, string>();
  const open: string[] = [];
  let all = 0;
  let seen = 0;
  for (const call of registry.calls()) {
    if (registry.number(call.name, "x86_64", { name: era, kernel }) === undefined) continue;
    const plan = PLANS.find((each) => each.call === call.name && each.era === era);
    // Of a historical era the cases are about the call that chooses pids; the others are today's.
    if (plan === undefined && era !== RECORDING_PROFILE) continue;
    for (const { id } of call.ladderIn(kernel)) {
      all++;
      if (shown.rungs.has(`${era} ${call.name} ${id}`)) {
        seen++;
        continue;
      }
      const because =
        plan?.unobservable[id] ??
        UNOBSERVABLE_RUNGS.find(([pattern]) => pattern.test(id))?.[1] ??
        UNOBSERVABLE_CALLS[call.name];
      if (because === undefined) open.push(`${call.name}.${id}`);
      else reasons.set(`${call.name}.${id}`, because);
    }
  }
  print(`\nrungs of ${era}: ${seen} of ${all} shown by a case`);
  listing(reasons);
  if (open.length > 0) print(`    without a case and without a reason: ${open.join(" ")}`);
  const planned = open.filter((name) =>
    PLANS.some((plan) => plan.era === era && name.startsWith(`${plan.call}.`)),
  );
  unexplained.push(...planned.map((name) => `rung ${name} of ${era}`));
}

for (const { call, era, rungs, holes } of PLANS) {
  const missing: string[] = [];
  let covered = 0;
  let total = 0;
  for (const [i, first] of rungs.entries())
    for (const second of rungs.slice(i + 1)) {
      total++;
      const either = [`${first}+${second}`, `${second}+${first}`];
      if (either.some((pair) => shown.pairs.has(`${era} ${call} ${pair}`))) covered++;
      else if (!either.some((pair) => holes.has(pair))) missing.push(either[0] as string);
    }
  print(
    `\npairs of ${call} in ${era}: ${covered} of ${total} shown, ${total - covered - missing.length} cannot be`,
  );
  listing(new Map([...holes].filter(([pair]) => !shown.pairs.has(`${era} ${call} ${pair}`))));
  unexplained.push(...missing.map((pair) => `pair ${pair} of ${call} in ${era}`));
}

const unplanned = [...registry.calls()].filter(
  ({ name, ladder }) =>
    ladder.length > 1 && !(name in UNOBSERVABLE_CALLS) && !PLANS.some(({ call }) => call === name),
);
print(`\nno plan asks for the pairs of: ${unplanned.map(({ name }) => name).join(" ")}`);

unexplained.push(...shown.wrong);
if (unexplained.length > 0) {
  print(`\n${unexplained.length} without a reason, or wrong:`);
  for (const name of unexplained) print(`  ${name}`);
  process.exitCode = 1;
}
