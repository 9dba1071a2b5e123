/**
 * What the cases in vectors show, and what they do not: `npm run coverage:rules`. Rules (test/rules.json), rungs of the
 * calls' ladders, and every pair of rungs. Whatever is not shown has a name and a
 * reason; exit code 1 when one has none, and when a case fails or another rung speaks than it says.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CALLS, FLAG_SETS, kernelVersion, LADDERS, Registry, STRUCTS } from "../src/abi/index.ts";
import { RECORDING_PROFILE } from "../src/conform/index.ts";
import { profileNamed } from "../src/kernel/index.ts";
import { casesIn, PLANS, pairingOf, unplannedOf, WORD_LADDERS } from "./coverage/plans.ts";
import { UNOBSERVABLE_CALLS, UNOBSERVABLE_RULES, UNOBSERVABLE_RUNGS } from "./coverage/reasons.ts";
import { shownBy } from "./coverage/shown.ts";
import { EVERY } from "./vectors/written/spec.ts";

const ROOT = join(import.meta.dirname, "..");
const ERAS = [...EVERY, RECORDING_PROFILE];

const registry = new Registry({ calls: CALLS, structs: STRUCTS, flagsets: FLAG_SETS, ladders: LADDERS });
const unexplained: string[] = [];
const print = (line: string): void => console.log(line);

/** Prints names by their reason. */
function listing(reasons: ReadonlyMap<string, string>): void {
  const grouped = new Map<string, string[]>();
  for (const [name, because] of reasons) grouped.set(because, [...(grouped.get(because) ?? []), name]);
  for (const [because, names] of grouped) print(`    ${because}: ${names.join(" ")}`);
}

const shown = shownBy(casesIn(join(ROOT, "vectors")), (era, call, rung) => {
  const ladder = registry.get(call)?.ladderIn(kernelVersion(profileNamed(era).kernel)) ?? [];
  return ladder.find(({ id }) => id === rung)?.rules ?? [];
});

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
    const plan = [...PLANS, ...WORD_LADDERS].find((each) => each.call === call.name && each.era === era);
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
    [...PLANS, ...WORD_LADDERS].some((plan) => plan.era === era && name.startsWith(`${plan.call}.`)),
  );
  unexplained.push(...planned.map((name) => `rung ${name} of ${era}`));
}

for (const plan of [...PLANS, ...WORD_LADDERS]) {
  const { call, era, holes } = plan;
  const { covered, missing, total } = pairingOf(plan, shown.pairs);
  print(
    `\npairs of ${call} in ${era}: ${covered} of ${total} shown, ${total - covered - missing.length} cannot be`,
  );
  listing(new Map([...holes].filter(([pair]) => !shown.pairs.has(`${era} ${call} ${pair}`))));
  unexplained.push(...missing.map((pair) => `pair ${pair} of ${call} in ${era}`));
}

const unplanned = unplannedOf(registry.calls());
if (unplanned.length === 0) print("\nevery call with a ladder has a plan");
unexplained.push(...unplanned.map((name) => `no plan asks for the pairs of ${name}`));
unexplained.push(...shown.wrong);
if (unexplained.length > 0) {
  print(`\n${unexplained.length} without a reason, or wrong:`);
  for (const name of unexplained) print(`  ${name}`);
  process.exitCode = 1;
}
