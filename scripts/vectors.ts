/**
 * Makes the cases of the corpus, without answers: `npm run vectors -- FOLDER` writes one file a group, for
 * `trapgate record` to complete on a live kernel. Prints which pairs of rungs no call can break at once.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Vector, VectorArch } from "../src/conform/vector.ts";
import { ARCHES, fnv } from "./vectors/draft.ts";
import * as clone from "./vectors/families/clone.ts";
import * as struct from "./vectors/families/clone3-struct.ts";
import * as words from "./vectors/families/clone3-words.ts";
import * as credentials from "./vectors/families/credentials.ts";
import * as descriptors from "./vectors/families/descriptors.ts";
import * as fcntl from "./vectors/families/fcntl.ts";
import * as lives from "./vectors/families/lives.ts";
import * as memory from "./vectors/families/memory.ts";
import * as pipes from "./vectors/families/pipes.ts";
import * as processWords from "./vectors/families/process-words.ts";
import * as processes from "./vectors/families/processes.ts";
import * as random from "./vectors/families/random.ts";
import * as setTid from "./vectors/families/set-tid.ts";

import * as signals from "./vectors/families/signals.ts";
import * as threadArea from "./vectors/families/thread-area.ts";
import { withRules } from "./vectors/group-rules.ts";
import { CLONE_PLAN } from "./vectors/pairs/clone.ts";
import { CLONE3_PLAN } from "./vectors/pairs/clone3.ts";
import { type Hole, pairsOf } from "./vectors/pairs/join.ts";
import { WORD_PLANS } from "./vectors/pairs/word-plans.ts";

/** Groups kept on every way in: their words or their layouts are what they are about. */
const WHOLE: ReadonlySet<string> = new Set([
  "clone.argorder",
  "clone.tls",
  "clone.rung",
  "clone3.rung",
  "clone3.tls",
  "identity",
  "mmap.huge",
  "regs",
  "set_tid_address",
  "arch_prctl",
  "i386.set_thread_area",
]);

/** Groups that sweep: a third of each shows as much. */
const THIN: ReadonlySet<string> = new Set([
  "mmap.file",
  "mmap.place",
  "mmap.random",
  "mprotect.prot",
  "mprotect.range",
  "pipe.random",
  "pipe.fault",
  "pipe.merge",
  "iovec.random",
  "fcntl",
  "close_range",
]);

type Family = (arch: VectorArch) => readonly Vector[];

const FAMILIES: readonly Family[] = [
  struct,
  words,
  setTid,
  clone,
  processes,
  processWords,
  lives,
  signals,
  credentials,
  descriptors,
  memory,
  threadArea,
  pipes,
  fcntl,
  random,
].flatMap((families): Family[] => Object.values(families));

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("which folder? npm run vectors -- FOLDER");
  process.exit(2);
}

const family = [CLONE3_PLAN, CLONE_PLAN].map((plan) => ({ call: plan.call, ...pairsOf(plan) }));
const others = WORD_PLANS.map((plan) => ({ call: plan.call, ...pairsOf(plan) }));
const paired = [...family, ...others];
const drafts = [
  ...ARCHES.flatMap((arch) => FAMILIES.flatMap((family) => family(arch).filter(isKept).map(withRules))),
  ...family.flatMap((pairs) => [...pairs.drafts.filter(isKept), ...lost(pairs.drafts)]),
  ...others.flatMap((pairs) => pairs.drafts),
];

const groups = new Map<string, Vector[]>();
const ids = new Set<string>();
for (const draft of drafts) {
  if (ids.has(draft.id)) throw new Error(`two cases are called ${draft.id}`);
  ids.add(draft.id);
  groups.set(draft.group, [...(groups.get(draft.group) ?? []), draft]);
}
mkdirSync(folder, { recursive: true });
for (const [group, cases] of groups)
  writeFileSync(join(folder, `${group}.jsonl`), cases.map((draft) => `${JSON.stringify(draft)}\n`).join(""));

console.log(`${drafts.length} cases in ${groups.size} groups`);
for (const { call, drafts: cases, holes } of paired) {
  const pairs = new Set(cases.filter((d) => d.group === `${call}.pair`).map((d) => d.id.split("/")[1]));
  console.log(`${call}: ${pairs.size} pairs of rungs can be broken at once, ${holes.length} cannot:`);
  printHoles(holes);
}

function printHoles(holes: readonly Hole[]): void {
  const reasons = new Map<string, string[]>();
  for (const { pair, because } of holes)
    reasons.set(because, [...(reasons.get(because) ?? []), pair.join("+")]);
  for (const [because, members] of reasons) console.log(`  ${because}: ${members.join(" ")}`);
}

/** Of pairs that none of their ways in was kept of, because they are not on all three: one of each. */
function lost(pairs: readonly Vector[]): Vector[] {
  const ways = new Map<string, Vector[]>();
  for (const draft of pairs) {
    const name = draft.id.slice(0, draft.id.lastIndexOf("/"));
    ways.set(name, [...(ways.get(name) ?? []), draft]);
  }
  return [...ways].flatMap(([name, same]) =>
    same.some(isKept) ? [] : (same[fnv(name) % same.length] ?? []),
  );
}

/**
 * Whether a case is worth its place: each has one way in for sure, and every eleventh the other two as well. The
 * ways in differ in words and layouts, which groups of their own show in full.
 */
function isKept(draft: Vector): boolean {
  const name = draft.id.slice(0, draft.id.lastIndexOf("/"));
  const hash = fnv(name);
  if (THIN.has(draft.group) && Math.floor(hash / 3) % 3 !== 0) return false;
  const random = draft.group.startsWith("random");
  return random || ARCHES[hash % 3] === draft.arch || hash % 11 === 0 || WHOLE.has(draft.group);
}
