import type { Vector } from "../../../src/conform/vector.ts";
import { fnv } from "../draft.ts";
import { type Hole, pairsOf } from "../pairs/join.ts";
import { oldPlan } from "./ladder.ts";
import { ARRAY } from "./rules-array.ts";
import { CALL } from "./rules-call.ts";
import { CHOICE, TIDS } from "./rules-choice.ts";
import { PRECEDENCE } from "./rules-precedence.ts";
import { casesOf, EVERY } from "./spec.ts";
import type { OldProfile } from "./way.ts";

/** The cases of one era, and the pairs of rungs that no call can break at once. */
export interface WrittenCorpus {
  readonly profile: OldProfile;
  readonly cases: readonly Vector[];
  readonly holes: readonly Hole[];
}

/** Every case written from the rules, by era. */
export function writtenCorpora(): WrittenCorpus[] {
  const byRule = [
    ...casesOf("array", ARRAY),
    ...casesOf("call", CALL),
    ...casesOf("choice", CHOICE),
    ...casesOf("tids", TIDS),
    ...casesOf("precedence", PRECEDENCE),
  ];
  return EVERY.map((profile) => {
    const { drafts, holes } = pairsOf(oldPlan(profile));
    const own = byRule.filter((vector) => vector.profile === profile);
    return { profile, cases: [...own, ...onOneWay(drafts)], holes };
  });
}

/** Rungs on every way in; a pair, which is about order alone, on one of them. */
function onOneWay(drafts: readonly Vector[]): Vector[] {
  const ways = new Map<string, Vector[]>();
  for (const draft of drafts) {
    const name = draft.group.endsWith(".pair") ? draft.id.slice(0, draft.id.lastIndexOf("/")) : draft.id;
    ways.set(name, [...(ways.get(name) ?? []), draft]);
  }
  return [...ways].flatMap(([name, same]) => same[fnv(name) % same.length] ?? []);
}
