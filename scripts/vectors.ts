/**
 * Makes the cases of the corpus, without answers: `npm run vectors -- FOLDER` writes one file a group, for
 * `trapgate record` to complete on a live kernel. Prints how much of clone3's ladder its pairs cover.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Vector, VectorArch } from "../src/conform/vector.ts";
import { ARCHES } from "./vectors/draft.ts";
import * as clone from "./vectors/families/clone.ts";
import * as struct from "./vectors/families/clone3-struct.ts";
import * as processes from "./vectors/families/processes.ts";
import * as setTid from "./vectors/families/set-tid.ts";
import { clone3Pairs } from "./vectors/pairs.ts";

/** Groups kept on every way in: their words or their layouts are what they are about. */
const WHOLE: ReadonlySet<string> = new Set([
  "clone.argorder",
  "clone.tls",
  "clone3.rung",
  "regs",
  "set_tid_address",
  "arch_prctl",
  "i386.set_thread_area",
]);

type Family = (arch: VectorArch) => readonly Vector[];

const FAMILIES: readonly Family[] = [struct, setTid, clone, processes].flatMap((families): Family[] =>
  Object.values(families),
);

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("which folder? npm run vectors -- FOLDER");
  process.exit(2);
}

const { drafts: paired, holes } = clone3Pairs();
const drafts = [
  ...ARCHES.flatMap((arch) => FAMILIES.flatMap((family) => family(arch).filter(isKept))),
  ...paired.filter(isKept),
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
const pairs = new Set(paired.filter((d) => d.group === "clone3.pair").map((d) => d.id.split("/")[1]));
console.log(`clone3: ${pairs.size} pairs of rungs can be broken at once, ${holes.length} cannot:`);
const reasons = new Map<string, string[]>();
for (const { pair, because } of holes) reasons.set(because, [...(reasons.get(because) ?? []), pair]);
for (const [because, members] of reasons) console.log(`  ${because}: ${members.join(" ")}`);

/**
 * Whether a case is worth its place: each has one way in for sure, and every third of the rest the other two as well. The
 * ways in differ in words and layouts, which groups of their own show in full.
 */
function isKept(draft: Vector): boolean {
  const name = draft.id.slice(0, draft.id.lastIndexOf("/"));
  const hash = fnv(name);
  return ARCHES[hash % 3] === draft.arch || hash % 5 === 0 || WHOLE.has(draft.group);
}

function fnv(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) as number), 0x01000193) >>> 0;
  return hash;
}
