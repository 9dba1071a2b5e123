import { signalName } from "../../../abi/signal.ts";
import { planRestart } from "../../../restart/plan/plan.ts";
import { type Actor, isRefusal, type Refusal, type Schedule, type Step } from "../../../restart/plan/step.ts";
import { type Family, familyOf, keyOf, type Member } from "../../../restart/tree/family.ts";
import type { Tree } from "../../../restart/tree/tree.ts";
import { actorText, numbersText, stateWords } from "../names.ts";

/** A card of a picture: somebody, and what there is to say of him. */
export interface Card {
  /** Null for whoever restarts. */
  readonly member: Member | null;
  readonly title: string;
  readonly kind: "task" | "zombie" | "gone" | "restarter";
  /** What it is, then what it does in the schedule. */
  readonly lines: readonly { readonly text: string; readonly tone: "state" | "deed" }[];
  /** Cards drawn to the right of it: those of its own namespace or of one that begins there. */
  readonly below: Card[];
  /** The line to it; null for the restarter. */
  readonly link: Link | null;
  /** The plan fails on it. */
  readonly guilty: boolean;
}

/** A line between two cards. */
export interface Link {
  readonly from: Card;
  /** The step in which the clone happens; null where there is no schedule. */
  readonly step: number | null;
}

/** A tree as cards, with its schedule. */
export interface Sketch {
  readonly restarter: Card;
  readonly plan: Schedule | Refusal;
  readonly levels: number;
}

/** What a picture of a tree has to show. */
export function sketchOf(tree: Tree): Sketch {
  const family = familyOf(tree);
  const plan = planRestart(tree);
  const guilty = isRefusal(plan) ? keyOf(plan.task) : null;
  const steps = isRefusal(plan) ? [] : plan.steps;
  const births = birthsIn(steps);
  const deeds = deedsIn(steps);
  const restarter: Card = {
    member: null,
    title: "restarter",
    kind: "restarter",
    lines: [],
    below: [],
    link: null,
    guilty: false,
  };
  const cards = new Map<number, Card>();
  for (const member of [...family.tasks, ...goneInOrder(family, births)]) {
    const birth = births.get(keyOf(member));
    const parent = parentOf(member, birth);
    const from = parent === null ? restarter : (cards.get(parent) as Card);
    const card: Card = {
      member,
      title: numbersText(member.pid),
      kind: member.gone ? "gone" : member.end === null ? "task" : "zombie",
      lines: [
        ...stateLines(member).map((text) => ({ text, tone: "state" }) as const),
        ...[...madeBy(birth?.by ?? null, parent), ...(deeds.get(keyOf(member)) ?? [])].map(
          (text) => ({ text, tone: "deed" }) as const,
        ),
      ],
      below: [],
      link: { from, step: birth?.step ?? null },
      guilty: keyOf(member) === guilty,
    };
    cards.set(keyOf(member), card);
  }
  // Who was born into a namespace from outside comes last there.
  const places = [...cards.values()].map((card) => ({ card, at: placeOf(card, cards) }));
  for (const { card, at } of places) if (at === card.link?.from) at.below.push(card);
  for (const { card, at } of places) if (at !== card.link?.from) at.below.push(card);
  return { restarter, plan, levels: Math.max(...family.namespaces.map(({ level }) => level)) + 1 };
}

interface Birth {
  readonly step: number;
  readonly by: Actor | null;
}

/** By number: a schedule has the members of its planner. */
function birthsIn(steps: readonly Step[]): Map<number, Birth> {
  const births = new Map<number, Birth>();
  for (const [i, step] of steps.entries())
    if (step.do === "clone" && step.makes.member !== null)
      births.set(keyOf(step.makes.member), { step: i + 1, by: step.by });
  return births;
}

/** Leaders that have gone, a maker before those it makes; without a schedule all hang below the root. */
function goneInOrder({ gone }: Family, births: ReadonlyMap<number, Birth>): Member[] {
  return [...gone].sort((a, b) => (births.get(keyOf(a))?.step ?? 0) - (births.get(keyOf(b))?.step ?? 0));
}

/** Beside whom a card is drawn: its parent, or the init of the namespace that it was born into from outside. */
function placeOf({ member, link }: Card, cards: ReadonlyMap<number, Card>): Card {
  const from = link?.from as Card;
  const { ns = null } = member ?? {};
  const bornInside = ns?.init === member || from.member === null || from.member.ns === ns;
  return bornInside || ns === null || ns.init === null ? from : (cards.get(keyOf(ns.init)) ?? from);
}

/** The number of the card that a card hangs on; null for the restarter's. Who has gone hangs on who makes it. */
function parentOf(member: Member, birth: Birth | undefined): number | null {
  const parent = member.gone ? (birth?.by?.member ?? null) : member.parent;
  return parent === null ? null : keyOf(parent);
}

/** Who makes it, where that is not its parent. */
function madeBy(by: Actor | null, parent: number | null): string[] {
  return by === null || (by.member !== null && keyOf(by.member) === parent)
    ? []
    : [`made by ${actorText(by)}`];
}

function stateLines(member: Member): string[] {
  if (member.gone) return ["has gone"];
  const { session, group, threads, ns } = member;
  const lines: string[] = [];
  if (ns.init === member) lines.push("init");
  if (session === member) lines.push("leads a session");
  else {
    if (session !== null) lines.push(`session ${numbersText(session.pid)}`);
    if (group === member) lines.push("leads a group");
    else if (group !== null && group !== session) lines.push(`group ${numbersText(group.pid)}`);
  }
  lines.push(...stateWords(member));
  if (threads.length > MOST_THREADS) lines.push(`${threads.length} more threads`);
  else for (const thread of threads) lines.push(`thread ${numbersText(thread)}`);
  return wrapped(lines, ", ");
}

/** What each does beside making others, with the step's number. */
function deedsIn(steps: readonly Step[]): Map<number, readonly string[]> {
  const words = new Map<number, string[]>();
  for (const [i, step] of steps.entries()) {
    const { member = null } = step.by ?? {};
    const text = member === null ? null : wordOf(step);
    if (member === null || text === null) continue;
    const list = words.get(keyOf(member));
    if (list === undefined) words.set(keyOf(member), [`${i + 1} ${text}`]);
    else list.push(`${i + 1} ${text}`);
  }
  return new Map([...words].map(([key, list]) => [key, wrapped(list, " · ")]));
}

function wordOf(step: Step): string | null {
  switch (step.do) {
    case "clone":
      return null;
    case "thread":
      return "thread";
    case "enter":
      return `setns ${numbersText(step.through.pid)}`;
    case "setsid":
      return "setsid";
    case "setpgid":
      return step.who === step.by
        ? `setpgid ${groupText(step.group)}`
        : `setpgid ${numbersText(step.who.pid)} to ${groupText(step.group)}`;
    case "unshare":
      return "unshare";
    case "adopt":
      return step.on ? "subreaper" : "no subreaper";
    case "kill":
      return step.who === step.by
        ? `kill ${signalName(step.signal)}`
        : `kill ${signalName(step.signal)} ${numbersText(step.who.pid)}`;
    case "exit":
      return "exit";
    case "wait":
      return `wait ${numbersText(step.child.pid)}`;
  }
}

function groupText(group: Actor | null): string {
  return group === null ? "outside" : numbersText(group.pid);
}

/** Threads that are named one by one. */
const MOST_THREADS = 3;
/** Letters on a line of a card. */
const MOST_LETTERS = 26;

function wrapped(words: readonly string[], between: string): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    const longer = line === undefined ? "" : line + between + word;
    if (line === undefined || longer.length > MOST_LETTERS) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
