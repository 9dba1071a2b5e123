import type { Family, Member, Ns } from "../tree/family.ts";
import { FreeNumbers } from "./free-numbers.ts";
import { type Actor, beginsNamespace, type Role, type Step } from "./step.ts";

/** A schedule while it is written: who is there, in which group, and where the children of each are born. */
export class Stage {
  readonly steps: Step[] = [];
  helpers = 0;
  private readonly actors: Map<Member, Actor> = new Map();
  private readonly groups: Map<Actor, Member | null> = new Map();
  private readonly nurseries: Map<Actor, Ns> = new Map();
  private readonly numbers: FreeNumbers;

  constructor(family: Family, taken: Iterable<number>) {
    this.numbers = new FreeNumbers(family, taken);
  }

  /** Who acts for a member that is there. */
  actor(member: Member): Actor {
    return this.actors.get(member) as Actor;
  }

  /** The group an actor is in now; null for the one from outside. */
  groupOf(actor: Actor): Member | null {
    return this.groups.get(actor) ?? null;
  }

  /** `by` makes a task of the tree, or who stands for a leader that has gone; as its sister, if asked for. */
  bear(by: Actor | null, member: Member, sister = false): Actor {
    const role = member.gone ? "leader" : "task";
    if (member.gone) this.helpers++;
    const actor: Actor = { role, member, pid: member.pid, ns: member.ns };
    this.actors.set(member, actor);
    this.clone(by, actor, sister);
    return actor;
  }

  /** `by` makes a helper in `ns`. */
  help(by: Actor, role: Role, ns: Ns, sister = false): Actor {
    this.helpers++;
    const actor: Actor = { role, member: null, pid: this.numbers.take(ns), ns };
    this.clone(by, actor, sister);
    return actor;
  }

  /** `by` is a subreaper, or is none any more. */
  adopt(by: Actor, on: boolean): void {
    this.steps.push({ do: "adopt", by, on });
  }

  setsid(by: Actor): void {
    this.steps.push({ do: "setsid", by });
    this.groups.set(by, by.member);
  }

  setpgid(by: Actor, who: Actor, group: Member | null): void {
    this.steps.push({ do: "setpgid", by, who, group: group === null ? null : this.actor(group) });
    this.groups.set(who, group);
  }

  /** A helper ends, and its parent reaps it. */
  leave(helper: Actor, parent: Actor): void {
    this.exit(helper, 0);
    this.steps.push({ do: "wait", by: parent, child: helper });
  }

  exit(by: Actor, code: number): void {
    this.steps.push({ do: "exit", by, code });
  }

  /** `who` gets a signal; an init does from its parent, for it takes none of its own. */
  kill(who: Actor, signal: number): void {
    const { member, ns } = who;
    const parent = member?.parent ?? null;
    const outside = parent === null ? null : this.actor(parent);
    this.steps.push({ do: "kill", by: ns.init === member ? outside : who, who, signal });
  }

  /** Where the next child of a task is born for good: in a namespace, or, null, in one of its own. */
  settle(by: Actor, ns: Ns | null): void {
    this.enter(by, ns ?? by.ns);
    if (ns === null) this.steps.push({ do: "unshare", by });
  }

  thread(by: Actor, pid: readonly number[]): void {
    this.enter(by, by.ns);
    this.steps.push({ do: "thread", by, pid });
  }

  private clone(by: Actor | null, makes: Actor, sister: boolean): void {
    if (by !== null) {
      this.enter(by, beginsNamespace(makes) ? (makes.ns.parent ?? makes.ns) : makes.ns);
    }
    this.steps.push({ do: "clone", by, makes, sister });
    this.groups.set(makes, by === null ? null : this.groupOf(by));
  }

  /** Lets the children of `by` be born in a namespace: its own, or one in it. */
  private enter(by: Actor, ns: Ns): void {
    if ((this.nurseries.get(by) ?? by.ns) === ns) return;
    const through = ns === by.ns ? by : this.actor(ns.init as Member);
    this.steps.push({ do: "enter", by, ns, through });
    this.nurseries.set(by, ns);
  }
}
