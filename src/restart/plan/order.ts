import { type Family, keyOf, type Member } from "../tree/family.ts";
import { type Births, leads } from "./birth.ts";
import { type BirthGroups, groupLeaders } from "./birth-group.ts";
import type { Refusal } from "./step.ts";

/** Somebody is born, begins a session, makes a group, or is put into its own by its maker. */
export interface Moment {
  readonly who: Member;
  readonly what: "birth" | "setsid" | "lead" | "move";
}

/**
 * Births, setsids and the making of groups in an order of time: a maker before its child, on the right side of its own
 * setsid and of its own group; a namespace before those in it; a group before those who are put into it. A circle is
 * refused.
 */
export function orderOf(family: Family, births: Births, groups: BirthGroups): readonly Moment[] | Refusal {
  const everybody = [...family.tasks, ...family.gone];
  const leaders = groupLeaders(family);
  const graph = new Graph(everybody.length * MOMENTS.length);
  const index = new Map(everybody.map((who, i) => [who, i * MOMENTS.length]));
  const birth = (who: Member): number => index.get(who) as number;
  const setsid = (who: Member): number => birth(who) + 1;
  const lead = (who: Member): number => (leads(who) ? setsid(who) : birth(who) + 2);
  const move = (who: Member): number => birth(who) + 3;
  // Others that are moved are so when all is done.
  const movers = new Set([...groups.afterMove].map((who) => births.of.get(who)?.maker as Member));
  for (const who of everybody) {
    const born = birth(who);
    graph.edge(born, setsid(who));
    graph.edge(born, birth(who) + 2);
    const { maker, when } = births.of.get(who) as NonNullable<ReturnType<Births["of"]["get"]>>;
    if (maker !== null) {
      graph.edge(birth(maker), born);
      if (when === "after") graph.edge(setsid(maker), born);
      if (when === "before") graph.edge(born, setsid(maker));
      if (groups.afterLead.has(who)) graph.edge(lead(maker), born);
      if (groups.beforeLead.has(who) && (leads(maker) || leaders.has(maker))) graph.edge(born, lead(maker));
    }
    if (maker !== null && movers.has(maker)) {
      if (groups.afterMove.has(who)) graph.edge(move(maker), born);
      else graph.edge(born, move(maker));
    }
    graph.edge(born, move(who));
    if (movers.has(who) && who.group !== null) graph.edge(lead(who.group), move(who));
    const hand = groups.byHand.get(who);
    if (hand !== undefined && hand !== null) graph.edge(lead(hand), born);
    const around = who.ns.init === who ? who.ns.parent : who.ns;
    if (around !== null && around.init !== null && around.init !== who) graph.edge(birth(around.init), born);
    // Whoever adopts it is there before.
    if (who.parent !== null && who.parent !== maker) graph.edge(birth(who.parent), born);
  }
  const order = graph.sorted();
  if ("stuck" in order) return circle(everybody[Math.floor(order.stuck / MOMENTS.length)] as Member);
  return order.flatMap((at): Moment[] => {
    const who = everybody[Math.floor(at / MOMENTS.length)] as Member;
    const what = MOMENTS[at % MOMENTS.length] as Moment["what"];
    const happens = {
      birth: true,
      setsid: leads(who),
      lead: leaders.has(who),
      move: movers.has(who),
    };
    return happens[what] ? [{ who, what }] : [];
  });
}

const MOMENTS = ["birth", "setsid", "lead", "move"] as const;

/** What has to come before what. */
class Graph {
  private readonly next: number[][];
  private readonly waits: Int32Array;

  constructor(nodes: number) {
    this.next = Array.from({ length: nodes }, () => []);
    this.waits = new Int32Array(nodes);
  }

  edge(from: number, to: number): void {
    this.next[from]?.push(to);
    this.waits[to] = (this.waits[to] as number) + 1;
  }

  /** Every node after those it waits for; or one that waits for ever. */
  sorted(): number[] | { readonly stuck: number } {
    const { next, waits } = this;
    const order: number[] = [];
    for (let i = 0; i < waits.length; i++) if (waits[i] === 0) order.push(i);
    // What becomes ready on the way is visited too.
    for (const at of order) {
      for (const to of next[at] as number[]) {
        waits[to] = (waits[to] as number) - 1;
        if (waits[to] === 0) order.push(to);
      }
    }
    return order.length === waits.length ? order : { stuck: waits.findIndex((count) => count > 0) };
  }
}

function circle(task: Member): Refusal {
  return {
    refused: "circle",
    task,
    reason: `task ${keyOf(task)} would have to be born after somebody who is born after it: its session's or group's leader, or its maker's, descends from it`,
  };
}
