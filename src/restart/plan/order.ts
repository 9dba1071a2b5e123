import { type Family, keyOf, type Member } from "../tree/family.ts";
import { type Birth, type Births, leads } from "./birth.ts";
import { type BirthGroups, type Group, groupLeaders, isEarly } from "./birth-group.ts";
import type { Refusal } from "./step.ts";

/** Somebody is born, begins a session, makes a group, or is put by its maker into one, or into its own for good. */
export type Moment =
  | { readonly who: Member; readonly what: "birth" }
  | { readonly who: Member; readonly what: "setsid" }
  | { readonly who: Member; readonly what: "lead" }
  | { readonly who: Member; readonly what: "move" | "return"; readonly to: Group };

/**
 * Births, setsids and the making of groups in an order of time: a maker before its child, on the right side of its own
 * setsid and of its own group; a namespace before those in it; a group before those who are put into it. A circle is
 * refused.
 */
export function orderOf(family: Family, births: Births, groups: BirthGroups): readonly Moment[] | Refusal {
  const everybody = [...family.tasks, ...family.gone];
  const leaders = groupLeaders(family);
  const moments: Moment[] = everybody.flatMap((who): Moment[] => [
    { who, what: "birth" },
    { who, what: "setsid" },
    { who, what: "lead" },
  ]);
  const index = new Map(everybody.map((who, i) => [who, i * 3]));
  const firstMove = new Map<Member, number>();
  for (const [who, list] of groups.moves) {
    firstMove.set(who, moments.length);
    for (const to of list) moments.push({ who, what: "move", to });
  }
  const returns = new Map<Member, number>();
  for (const who of groups.early) {
    returns.set(who, moments.length);
    moments.push({ who, what: "return", to: who.group });
  }
  const graph = new Graph(moments.length);
  const birth = (who: Member): number => index.get(who) as number;
  const setsid = (who: Member): number => birth(who) + 1;
  const lead = (who: Member): number => (leads(who) ? setsid(who) : birth(who) + 2);
  const leadsAny = (who: Member): boolean => leads(who) || leaders.has(who);
  for (const who of everybody) {
    const born = birth(who);
    graph.edge(born, setsid(who));
    graph.edge(born, birth(who) + 2);
    const { maker, when } = births.of.get(who) as Birth;
    if (maker !== null) {
      graph.edge(birth(maker), born);
      if (when === "after") graph.edge(setsid(maker), born);
      if (when === "before") graph.edge(born, setsid(maker));
      if (groups.afterLead.has(who)) graph.edge(lead(maker), born);
    }
    const stage = groups.stages.get(who);
    if (maker !== null && stage !== undefined) {
      const moves = groups.moves.get(maker)?.length ?? 0;
      const first = firstMove.get(maker) ?? 0;
      if (stage > 0) graph.edge(first + stage - 1, born);
      if (stage < moves) graph.edge(born, first + stage);
      if (leadsAny(maker)) graph.edge(born, lead(maker));
      const back = returns.get(maker);
      if (back !== undefined) graph.edge(born, back);
    }
    for (const [i, to] of (groups.moves.get(who) ?? []).entries()) {
      const move = (firstMove.get(who) as number) + i;
      graph.edge(i === 0 ? born : move - 1, move);
      if (to !== null) graph.edge(lead(to), move);
      if (leadsAny(who)) graph.edge(move, lead(who));
      if (isEarly(births.of.get(who))) graph.edge(move, setsid(maker as Member));
    }
    const back = returns.get(who);
    if (back !== undefined) {
      const moves = groups.moves.get(who)?.length ?? 0;
      graph.edge(moves === 0 ? born : (firstMove.get(who) as number) + moves - 1, back);
      if (leadsAny(who)) graph.edge(lead(who), back);
      if (who.group !== null) graph.edge(lead(who.group), back);
      graph.edge(back, setsid(maker as Member));
    }
    const hand = groups.byHand.get(who);
    if (hand !== undefined && hand !== null) graph.edge(lead(hand), born);
    const around = who.ns.init === who ? who.ns.parent : who.ns;
    if (around !== null && around.init !== null && around.init !== who) graph.edge(birth(around.init), born);
    // Whoever adopts it is there before.
    if (who.parent !== null && who.parent !== maker) graph.edge(birth(who.parent), born);
  }
  const order = graph.sorted();
  if ("stuck" in order) return circle((moments[order.stuck] as Moment).who);
  return order
    .map((at) => moments[at] as Moment)
    .filter(({ who, what }) => (what === "setsid" ? leads(who) : what !== "lead" || leaders.has(who)));
}

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
