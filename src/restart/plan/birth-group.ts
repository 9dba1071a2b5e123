import { type Family, keyOf, knows, type Member } from "../tree/family.ts";
import { adopts, type Birth, type Births, leads } from "./birth.ts";
import { isRefusal, type Refusal } from "./step.ts";

/** A process group: its leader; null for the one from outside, which the root is born in. */
export type Group = Member | null;

/** What a group that is not known in a namespace asks of the births there. */
export interface BirthGroups {
  /** Who is put into a group by its maker's hand, before it does anything. */
  readonly byHand: ReadonlyMap<Member, Group>;
  /** Who has to be born after its maker leads its group. */
  readonly afterLead: ReadonlySet<Member>;
  /** Who has to be born while its maker is in a group: in the one it was born in (0), or after so many moves. */
  readonly stages: ReadonlyMap<Member, number>;
  /** The groups that somebody is moved to meanwhile, by its maker's hand, for the sake of those it makes there. */
  readonly moves: ReadonlyMap<Member, readonly Group[]>;
  /** Who is put into its own group by its maker in the end, since it cannot go itself. */
  readonly late: ReadonlyMap<Member, Member>;
  /** Who of them has to be there before its maker's setsid: a task is put into groups by who is in its session. */
  readonly early: ReadonlySet<Member>;
}

/** A refusal that may be none where these are not made by their parent, an init, but adopted by it. */
export interface Misplaced extends Refusal {
  readonly misplaced: readonly Member[];
}

/**
 * Says how everybody comes into a group that it cannot join itself, since the group's leader has no number in its
 * namespace: by the hand of a maker that knows the number, or by birth from a maker that is in the group.
 */
export function birthGroupsOf(family: Family, births: Births): BirthGroups | Refusal | Misplaced {
  const byHand = new Map<Member, Group>();
  const afterLead = new Set<Member>();
  const stages = new Map<Member, number>();
  const moves = new Map<Member, readonly Group[]>();
  const late = new Map<Member, Member>();
  const early = new Set<Member>();
  const leaders = groupLeaders(family);
  const needs = new Map<Member, Member[]>();
  const wanted = new Map<Member, Group>();
  for (const who of makersFirst(family, births).reverse()) {
    const children = needs.get(who) ?? [];
    const places = placesOf(who, children, wanted, handOf(who, births), leaders);
    if (places === null) continue;
    if (isRefusal(places)) return places;
    const { born: group } = places;
    if (places.moves.length > 0) moves.set(who, places.moves);
    if (places.late !== null) {
      late.set(who, places.late);
      if (isEarly(births.of.get(who))) early.add(who);
    }
    // Of the group somebody is born in there is no move: it is before the first.
    for (const child of children) stages.set(child, places.moves.indexOf(wanted.get(child) as Group) + 1);
    if (group === undefined) continue;
    const { maker = null, how = "child" } = births.of.get(who) ?? {};
    if (maker === null) {
      if (group !== null) return foreign(who, group);
    } else if (knows(maker.ns, group) && group !== maker && how !== "sister") byHand.set(who, group);
    else if (group === maker) afterLead.add(who);
    else {
      wanted.set(who, group);
      const list = needs.get(maker);
      if (list === undefined) needs.set(maker, [who]);
      else list.push(who);
    }
  }
  return { byHand, afterLead, stages, moves, late, early };
}

/** The groups somebody has to be in, from its birth on. */
interface Stations {
  /** Undefined where that is all the same. */
  readonly born: Group | undefined;
  readonly moves: readonly Group[];
  readonly late: Member | null;
}

/**
 * Which groups somebody has to be in, one after the other, for those it makes and for itself; null where that is all the same.
 * The first it is born in. Into the others its maker can put it; one that the maker does not know has to be the first.
 */
function placesOf(
  who: Member,
  children: readonly Member[],
  wanted: ReadonlyMap<Member, Group>,
  hand: Member | null,
  leaders: ReadonlySet<Member>,
): Stations | Refusal | Misplaced | null {
  const groups = [...new Set(children.map((child) => wanted.get(child) as Group))];
  const isLate = !who.gone && isForeign(who);
  if (isLate && !groups.includes(who.group)) groups.push(who.group);
  // Who leads a group meanwhile, or is in another, comes back by a hand alone that knows its own.
  const comesBack = hand !== null && knows(hand.ns, who.group);
  const stays = isLate && !comesBack;
  if (stays && leaders.has(who)) return foreign(who, who.group);
  const byBirth = stays ? [who.group] : groups.filter((group) => hand === null || !knows(hand.ns, group));
  const [born] = byBirth;
  const misplaced = children.filter((child) => {
    const group = wanted.get(child) as Group;
    return group !== born && (stays || byBirth.includes(group));
  });
  const [task] = misplaced;
  if (task !== undefined) {
    const refusal = foreign(task, wanted.get(task) as Group);
    return adopts(who) ? { ...refusal, misplaced } : refusal;
  }
  if (groups.length === 0) return null;
  const rest = groups.filter((group) => group !== born && (group !== who.group || needed(group)));
  return { born, moves: rest.sort(lastly(who.group)), late: isLate && comesBack ? hand : null };

  function needed(group: Group): boolean {
    return children.some((child) => wanted.get(child) === group);
  }
}

/** Its own group comes last: there it stays. */
function lastly(own: Group): (a: Group, b: Group) => number {
  return (a, b) => Number(a === own) - Number(b === own);
}

/** Who can put a task into groups: its maker and parent, while that is in the session it is born in. */
function handOf(who: Member, births: Births): Member | null {
  const { maker = null, how, when } = births.of.get(who) ?? {};
  if (maker === null || how !== "child") return null;
  return leads(maker) && when === "any" ? null : maker;
}

/** Whether a task is born in a session that its maker leaves. */
export function isEarly(birth: Birth | undefined): boolean {
  return birth?.when === "before";
}

/** Whether a task's group has no number that the task knows. */
function isForeign({ group, ns }: Member): boolean {
  return !knows(ns, group);
}

function foreign(task: Member, group: Group): Refusal {
  const whose =
    group === null
      ? "its group is from outside the tree"
      : `group ${keyOf(group)} has no number in its namespace`;
  return {
    refused: "group-out-of-reach",
    task,
    reason: `${whose}, and task ${keyOf(task)} cannot be born in it: neither who makes it is in the group then, nor knows the group's number`,
  };
}

/** Everybody that descends from the root by birth, a maker before those it makes. */
function makersFirst({ root, tasks, gone }: Family, births: Births): Member[] {
  const made = new Map<Member, Member[]>();
  for (const child of [...tasks, ...gone]) {
    const maker = births.of.get(child)?.maker ?? null;
    if (maker === null) continue;
    const list = made.get(maker);
    if (list === undefined) made.set(maker, [child]);
    else list.push(child);
  }
  const order = [root];
  for (const maker of order) for (const child of made.get(maker) ?? []) order.push(child);
  return order;
}

/** Who leads a group that somebody is in, and no session. */
export function groupLeaders(family: Family): ReadonlySet<Member> {
  const leaders = new Set<Member>();
  for (const { group } of family.tasks) if (group !== null && !leads(group)) leaders.add(group);
  return leaders;
}
