import { type Family, keyOf, knows, type Member } from "../tree/family.ts";
import { type Births, leads } from "./birth.ts";
import type { Refusal } from "./step.ts";

/** A process group: its leader; null for the one from outside, which the root is born in. */
export type Group = Member | null;

/** What a group that is not known in a namespace asks of the births there. */
export interface BirthGroups {
  /** Who is put into a group by its maker's hand, before it does anything. */
  readonly byHand: ReadonlyMap<Member, Group>;
  /** Who has to be born before its maker leads a group of its own. */
  readonly beforeLead: ReadonlySet<Member>;
  /** Who has to be born after its maker leads its group. */
  readonly afterLead: ReadonlySet<Member>;
  /** Who is born in another group, for the sake of those it makes, and put into its own by its maker in the end. */
  readonly late: ReadonlyMap<Member, Member>;
  /** Who has to be born after its maker has been put there. */
  readonly afterMove: ReadonlySet<Member>;
}

/**
 * Says how everybody comes into a group that it cannot join itself, since the group's leader has no number in its
 * namespace: by the hand of a maker that knows the number, or by birth from a maker that is in the group.
 */
export function birthGroupsOf(family: Family, births: Births): BirthGroups | Refusal {
  const byHand = new Map<Member, Group>();
  const beforeLead = new Set<Member>();
  const afterLead = new Set<Member>();
  const afterMove = new Set<Member>();
  const late = new Map<Member, Member>();
  const leaders = groupLeaders(family);
  const needs = new Map<Member, Need[]>();
  for (const child of makersFirst(family, births).reverse()) {
    let wanted = needs.get(child) ?? [];
    if (!child.gone && isForeign(child)) {
      const others = wanted.filter(({ group }) => group !== child.group);
      // Who leads a group of its own meanwhile leaves the one it was born in.
      if (others.length === 0 && !leaders.has(child)) wanted = [{ group: child.group, task: child }];
      else {
        const maker = makerAtHand(child, births);
        const moved = wanted.filter(({ group }) => group === child.group);
        if (maker === null || (moved.length > 0 && leaders.has(child))) return foreign(child, child.group);
        late.set(child, maker);
        for (const { task } of moved) {
          beforeLead.delete(task);
          afterMove.add(task);
        }
        wanted = others;
      }
    }
    const [first, ...more] = wanted;
    if (first === undefined) continue;
    const { group } = first;
    const odd = more.find((other) => other.group !== group);
    if (odd !== undefined) return foreign(odd.task, odd.group);
    const { maker = null, how = "child" } = births.of.get(child) ?? {};
    if (maker === null) {
      if (group !== null) return foreign(child, group);
    } else if (knows(maker.ns, group) && group !== maker && how !== "sister") byHand.set(child, group);
    else if (group === maker) afterLead.add(child);
    else {
      beforeLead.add(child);
      const list = needs.get(maker);
      if (list === undefined) needs.set(maker, [{ group, task: child }]);
      else list.push({ group, task: child });
    }
  }
  return { byHand, beforeLead, afterLead, late, afterMove };
}

/** The group somebody has to be in when a task is born. */
interface Need {
  readonly group: Group;
  readonly task: Member;
}

/** Who can put a task into its group when everything else is done: its maker and parent, of its session. */
function makerAtHand(child: Member, births: Births): Member | null {
  const { maker = null, how } = births.of.get(child) ?? {};
  if (maker === null || how !== "child") return null;
  return maker.session === child.session && !maker.gone && knows(maker.ns, child.group) ? maker : null;
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
