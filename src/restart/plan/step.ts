import type { Member, Ns } from "../tree/family.ts";

/** Why somebody acts in a schedule. */
export type Role =
  /** A task of the tree. */
  | "task"
  /** Stands for a leader that has gone, until its session or group has its members. */
  | "leader"
  /** Makes a task where whoever is to be its parent cannot: in another session, or in another namespace; and goes at once. */
  | "midwife"
  /** Keeps a group from ending while its last members are still elsewhere. */
  | "holder";

/** Who acts in a schedule. */
export interface Actor {
  readonly role: Role;
  /** The task, or the leader it stands for; null for a helper nobody asked for. */
  readonly member: Member | null;
  /** Its number at every level of the tree. */
  readonly pid: readonly number[];
  readonly ns: Ns;
}

/** Whether an actor is the init of a pid namespace, which comes with it. */
export function beginsNamespace({ member, ns }: Actor): boolean {
  return member !== null && ns.init === member;
}

/** One step of a schedule, in the order of time. */
export type Step =
  /**
   * A child with these numbers, in a pid namespace of its own where it is number 1 there. `by` null: whoever restarts.
   * A sister has its maker's parent (CLONE_PARENT).
   */
  | { readonly do: "clone"; readonly by: Actor | null; readonly makes: Actor; readonly sister: boolean }
  /** Another thread of `by`. */
  | { readonly do: "thread"; readonly by: Actor; readonly pid: readonly number[] }
  /** The children of `by` are born in `ns` from now on (setns on a pidfd of `through`). */
  | { readonly do: "enter"; readonly by: Actor; readonly ns: Ns; readonly through: Actor }
  /** The next child of `by` is born as the init of a new pid namespace (unshare). */
  | { readonly do: "unshare"; readonly by: Actor }
  /** `by` adopts orphans below it from now on, or does not any more (PR_SET_CHILD_SUBREAPER). */
  | { readonly do: "adopt"; readonly by: Actor; readonly on: boolean }
  | { readonly do: "setsid"; readonly by: Actor }
  /** `who`, `by` itself or a child of it, joins the group of `group`, or makes it; null: that of whoever restarts. */
  | { readonly do: "setpgid"; readonly by: Actor; readonly who: Actor; readonly group: Actor | null }
  | { readonly do: "exit"; readonly by: Actor; readonly code: number }
  /** `who` gets a signal that stops or kills it: from itself, or, an init, from its parent; null for whoever restarts. */
  | { readonly do: "kill"; readonly by: Actor | null; readonly who: Actor; readonly signal: number }
  /** `by` reaps `child`. */
  | { readonly do: "wait"; readonly by: Actor; readonly child: Actor };

/** Why a tree cannot come back. */
export type RefusalRule =
  /** A task would have to be born in two sessions. */
  | "two-births"
  /** A task is in a session that its parent never was in, whose leader is no child of its parent, which adopts nobody. */
  | "session-not-inherited"
  /** The session's leader is in a namespace from which nobody can be born where the task is. */
  | "session-out-of-reach"
  /** Somebody would have to be born before an ancestor. */
  | "circle"
  /** The group's number is not known in the task's namespace, and it was not born in the group. */
  | "group-out-of-reach"
  /** The root's session is in the tree, and not its own. */
  | "root-session";

/** A tree cannot come back: which task forbids it, and why. */
export interface Refusal {
  readonly refused: RefusalRule;
  readonly task: Member;
  readonly reason: string;
}

/** What brings a tree back. */
export interface Schedule {
  readonly steps: readonly Step[];
  /** Helpers in it: leaders, midwives, holders. */
  readonly helpers: number;
}

/** The number `seer` knows somebody by. */
export function numberFor(actor: Actor, seer: Actor): number {
  return actor.pid[seer.ns.level] ?? 0;
}

/** Whether a schedule makes the outermost namespace of its tree. */
export function rootIsInit({ steps }: Schedule): boolean {
  const [first] = steps;
  return first?.do === "clone" && first.makes.pid[0] === 1;
}

/** Whether planning was refused. */
export function isRefusal<T extends object>(result: T | Refusal): result is Refusal {
  return "refused" in result;
}
