import type { Tree, TreeTask } from "./tree.ts";

/** A pid namespace of a tree. */
export interface Ns {
  readonly level: number;
  /** Null for the outermost. */
  readonly parent: Ns | null;
  /** Pid 1 there; null for an outermost namespace whose init is not in the tree. */
  init: Member | null;
}

/** A struct pid of a tree: a task, or a leader that has gone. */
export interface Member {
  readonly pid: readonly number[];
  readonly ns: Ns;
  /** No task has it any more. */
  readonly gone: boolean;
  /** Null for the root, and for who has gone. */
  parent: Member | null;
  readonly children: Member[];
  /** Null for a session from outside. */
  session: Member | null;
  /** Null for a group from outside. */
  group: Member | null;
  readonly threads: readonly (readonly number[])[];
  /** What it has ended of, where it waits for its parent; null for who is alive, or has gone. */
  readonly end: End | null;
  readonly stopped: boolean;
  /** Where its next child is born; null for a namespace that comes with the child. */
  readonly childNs: Ns | null;
}

/** How a task has ended: by itself with a code, or by a signal. */
export type End = { readonly code: number } | { readonly signal: number };

/** A tree with its references followed. */
export interface Family {
  readonly root: Member;
  /** Tasks, a parent before its children. */
  readonly tasks: readonly Member[];
  readonly gone: readonly Member[];
  /** The outermost first, a namespace before those in it. */
  readonly namespaces: readonly Ns[];
}

/** Follows the references of a tree that has been checked. */
export function familyOf(tree: Tree): Family {
  const namespaces = namespacesOf(tree);
  const nsOf = (init: number | undefined): Ns => namespaces.get(init ?? 0) as Ns;
  const members = new Map<number, Member>();
  for (const task of tree.tasks) {
    const { threads = [], stopped = false, childNs, unshared } = task;
    const own = nsOf(task.ns);
    const next = childNs === undefined ? own : nsOf(childNs);
    members.set(keyOf(task), {
      ...bare(task.pid, own),
      ...{ threads, stopped, end: endOf(task), childNs: unshared === true ? null : next },
    });
  }
  for (const { pid, ns } of tree.gone ?? [])
    members.set(keyOf({ pid }), { ...bare(pid, nsOf(ns)), gone: true });
  const find = (number: number): Member | null => members.get(number) ?? null;
  for (const task of tree.tasks) {
    const member = find(keyOf(task)) as Member;
    member.parent = find(task.parent);
    member.parent?.children.push(member);
    member.session = find(task.session);
    member.group = find(task.group);
    if (member.pid.at(-1) === 1) member.ns.init = member;
  }
  for (const task of tree.tasks) adopt(find(keyOf(task)) as Member);
  const root = find(
    keyOf(tree.tasks.find(({ parent }) => parent === 0) as { pid: readonly number[] }),
  ) as Member;
  return {
    root,
    tasks: descent(root),
    gone: [...members.values()].filter(({ gone }) => gone),
    namespaces: [...namespaces.values()],
  };
}

/** A leader that has gone was in the session of its group, or led it. */
function adopt({ group, session }: Member): void {
  if (session?.gone === true) session.session = session;
  if (group?.gone === true && group.session === null) group.session = session;
  if (group?.gone === true) group.group = group;
}

/** The number a task is known by. */
export function keyOf({ pid }: { readonly pid: readonly number[] }): number {
  return pid[0] as number;
}

/** Whether `outer` is `inner` or one of the namespaces around it: whether it sees who is in there. */
export function sees(outer: Ns, inner: Ns): boolean {
  let ns: Ns | null = inner;
  while (ns !== null && ns.level > outer.level) ns = ns.parent;
  return ns === outer;
}

/**
 * Whether who is in a namespace knows a group by a number, and can join it. The group from outside is that of whoever
 * restarts, which has one where the outermost namespace is not the tree's own.
 */
export function knows(ns: Ns, group: Member | null): boolean {
  if (group !== null) return sees(ns, group.ns);
  return ns.parent === null && ns.init === null;
}

/** A task that nothing is known of but its numbers. */
function bare(pid: readonly number[], ns: Ns): Member {
  return {
    ...{ pid, ns, gone: false, parent: null, children: [], session: null, group: null },
    ...{ threads: [], end: null, stopped: false, childNs: ns },
  };
}

function endOf({ zombie, killed }: TreeTask): End | null {
  if (killed !== undefined) return { signal: killed };
  return zombie === undefined ? null : { code: zombie };
}

/** Namespaces by their init's number; 0 is the outermost. */
function namespacesOf(tree: Tree): Map<number, Ns> {
  const found = new Map<number, Ns>([[0, { level: 0, parent: null, init: null }]]);
  const around = new Map((tree.namespaces ?? []).map((ns) => [ns.init, ns.in ?? 0]));
  const resolve = (init: number): Ns => {
    const chain: number[] = [];
    for (let at = init; !found.has(at); at = around.get(at) ?? 0) chain.push(at);
    for (const at of chain.reverse()) {
      const parent = found.get(around.get(at) ?? 0) as Ns;
      found.set(at, { level: parent.level + 1, parent, init: null });
    }
    return found.get(init) as Ns;
  };
  for (const { init } of tree.namespaces ?? []) resolve(init);
  return found;
}

/** The root and everybody below it, a parent before its children. */
function descent(root: Member): Member[] {
  const all = [root];
  // What is added on the way is visited too.
  for (const member of all) for (const child of member.children) all.push(child);
  return all;
}
