import type { Pid } from "../../kernel/pid/pid.ts";
import type { Task } from "../../kernel/task/task.ts";
import type { GoneLeader, Tree, TreeNamespace, TreeTask } from "../tree/tree.ts";
import { endOfStatus } from "../tree/wait-status.ts";

/**
 * The tree below a task of an emulated machine, itself included, as it would be written down at a checkpoint.
 * @param base the level of the machine that is to be level 0 of the tree
 */
export function portraitOf(root: Task, base: number): Tree {
  const members = descent(root);
  const inside = new Set<Pid>(members.map(({ pid }) => pid));
  const gone = new Map<Pid, GoneLeader>();
  const namespaces: TreeNamespace[] = [];
  /** The number at level 0 of a struct pid that is of the tree, or of nobody any more; 0 for one from outside. */
  const reference = (pid: Pid): number => {
    if (inside.has(pid)) return pid.numbers[base] ?? 0;
    if (pid.level < base || pid.nr === 0 || pid.task("pid") !== null) return 0;
    gone.set(pid, { pid: numbersOf(pid, base), ...nsOf(pid, base) });
    return pid.numbers[base] ?? 0;
  };
  const tasks = members.map((task): TreeTask => {
    const { pid, signal } = task;
    const threads = signal.threads
      .filter((thread) => thread !== task)
      .map((thread) => numbersOf(thread.pid, base));
    if (pid.level > base && pid.nr === 1)
      namespaces.push({ init: pid.numbers[base] ?? 0, ...around(pid, base) });
    return {
      pid: numbersOf(pid, base),
      parent: task === root ? 0 : (task.realParent.groupLeader.pid.numbers[base] ?? 0),
      session: reference(signal.session),
      group: reference(signal.pgrp),
      ...nsOf(pid, base),
      ...(threads.length > 0 ? { threads } : {}),
      ...(signal.live === 0
        ? endOfStatus(task.exitStatus)
        : { ...nurseryOf(task, inside, base), ...(signal.stopped ? { stopped: true } : {}) }),
    };
  });
  return {
    format: "trapgate-tree-1",
    tasks,
    ...(namespaces.length > 0 ? { namespaces } : {}),
    ...(gone.size > 0 ? { gone: [...gone.values()] } : {}),
  };
}

/** Where its next child is born, if not in its own namespace. Nobody is in one whose init has ended. */
function nurseryOf(
  { nsproxy, pidNs }: Task,
  inside: ReadonlySet<Pid>,
  base: number,
): { readonly childNs?: number } | { readonly unshared?: true } {
  const next = nsproxy.pidNs;
  if (next === pidNs || next.dying) return {};
  if (next.reaper === null) return { unshared: true };
  const init = next.find(1);
  if (next.level <= base) return next.level === base ? { childNs: 0 } : {};
  return init !== undefined && inside.has(init) ? { childNs: initOf(next, base) } : {};
}

/** A task and everybody below it. */
function descent(root: Task): Task[] {
  const all = [root];
  for (const task of all)
    for (const thread of [task, ...task.signal.threads.filter((other) => other !== task)])
      for (const child of thread.children ?? []) all.push(child);
  return all;
}

function numbersOf(pid: Pid, base: number): number[] {
  return pid.numbers.slice(base);
}

function nsOf({ ns }: Pid, base: number): { readonly ns?: number } {
  return ns.level === base ? {} : { ns: initOf(ns, base) };
}

function around({ ns }: Pid, base: number): { readonly in?: number } {
  const { parent } = ns;
  return parent === null || parent.level <= base ? {} : { in: initOf(parent, base) };
}

function initOf(ns: Pid["ns"], base: number): number {
  return ns.find(1)?.numbers[base] ?? 0;
}
