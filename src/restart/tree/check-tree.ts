import type { Misfit } from "../../conform/schema-check.ts";
import { defaultAction } from "../../kernel/signal/disposition.ts";
import { SIG } from "../../kernel/task/signal-queue.ts";
import { keyOf } from "./family.ts";
import type { Tree, TreeTask } from "./tree.ts";

/** What every check looks at. */
interface Looked {
  readonly tree: Tree;
  readonly tasks: ReadonlyMap<number, TreeTask>;
  /** Everybody with a number at level 0 that a reference may name: tasks and gone leaders. */
  readonly leaders: ReadonlySet<number>;
  /** By the number of the init, 0 for the outermost: the chain of namespaces from the outermost to it. */
  readonly chains: ReadonlyMap<number, readonly number[]>;
}

type Check = (looked: Looked) => Misfit | null;

/**
 * What is wrong in a tree of the right shape; null for nothing. A tree that passes may still be one that no kernel could
 * ever have: that is for the planner to say.
 */
export function checkTree(tree: Tree): Misfit | null {
  const chains = chainsOf(tree);
  if ("message" in chains) return chains;
  const looked: Looked = {
    tree,
    tasks: new Map(tree.tasks.map((task) => [keyOf(task), task])),
    leaders: new Set([...tree.tasks, ...(tree.gone ?? [])].map(keyOf)),
    chains,
  };
  for (const check of CHECKS) {
    const found = check(looked);
    if (found !== null) return found;
  }
  return null;
}

const CHECKS: readonly Check[] = [
  oneRoot,
  depths,
  numbersOnce,
  inits,
  parents,
  cycles,
  leaders,
  groups,
  ends,
  nurseries,
];

/** The chain of each namespace, or what is wrong with one. */
function chainsOf(tree: Tree): Map<number, readonly number[]> | Misfit {
  const list = tree.namespaces ?? [];
  const around = new Map<number, number>();
  for (const [i, { init, in: outer = 0 }] of list.entries()) {
    if (init === 0) return at(`namespaces[${i}].init`, "0 is the outermost namespace, which is not listed");
    if (around.has(init)) return at(`namespaces[${i}].init`, `${init} is the init of a namespace already`);
    around.set(init, outer);
  }
  const chains = new Map<number, readonly number[]>([[0, [0]]]);
  for (const [i, { init }] of list.entries()) {
    const open: number[] = [];
    for (let ns = init; !chains.has(ns); ns = around.get(ns) as number) {
      if (!around.has(ns)) return at(`namespaces[${i}].in`, `no namespace has ${ns} as its init`);
      if (open.includes(ns)) return at(`namespaces[${i}].in`, "the namespaces lie in each other in a circle");
      open.push(ns);
      if (open.length > MOST_NESTED) return at(`namespaces[${i}]`, "namespaces nest at most 32 deep");
    }
    for (const ns of open.reverse()) chains.set(ns, [...(chains.get(around.get(ns) as number) ?? []), ns]);
  }
  return chains;
}

const MOST_NESTED = 32;

function oneRoot({ tree }: Looked): Misfit | null {
  const roots = tree.tasks.flatMap(({ parent }, i) => (parent === 0 ? [i] : []));
  if (roots.length === 0) return at("tasks", "no task has parent 0: a tree has a root");
  if (roots.length > 1) return at(`tasks[${roots[1]}].parent`, `tasks[${roots[0]}] is the root already`);
  return null;
}

function depths({ tree, chains }: Looked): Misfit | null {
  for (const { path, pid, ns = 0 } of everybody(tree)) {
    const chain = chains.get(ns);
    if (chain === undefined) return at(`${path}.ns`, `no namespace has ${ns} as its init`);
    const numbers = pid.length === 1 ? "1 number" : `${pid.length} numbers`;
    if (pid.length !== chain.length)
      return at(
        `${path}.pid`,
        `${numbers}, and its namespace is at level ${chain.length - 1}: it has ${chain.length}`,
      );
  }
  return null;
}

/** No number stands for two in one namespace. */
function numbersOnce({ tree, chains }: Looked): Misfit | null {
  const taken = new Map<string, string>();
  for (const { path, pid, ns = 0 } of everybody(tree)) {
    for (const [level, number] of pid.entries()) {
      const key = `${chains.get(ns)?.[level]} ${number}`;
      const other = taken.get(key);
      if (other !== undefined)
        return at(`${path}.pid[${level}]`, `${number} is ${other}'s at this level already`);
      taken.set(key, path);
    }
  }
  return null;
}

function inits({ tree, tasks }: Looked): Misfit | null {
  const known = new Set((tree.namespaces ?? []).map(({ init }) => init));
  for (const [i, { init }] of (tree.namespaces ?? []).entries()) {
    const task = tasks.get(init);
    if (task === undefined) return at(`namespaces[${i}].init`, `no task has the number ${init}`);
    if (task.ns !== init || task.pid.at(-1) !== 1)
      return at(`namespaces[${i}].init`, `task ${init} is not number 1 in a namespace of its own`);
  }
  for (const [i, task] of tree.tasks.entries()) {
    if (task.pid.length > 1 && task.pid.at(-1) === 1 && !known.has(keyOf(task)))
      return at(`tasks[${i}].ns`, `task ${keyOf(task)} is number 1 of a namespace that is not its own`);
    if (task.pid[0] === 1 && task.parent !== 0)
      return at(`tasks[${i}].parent`, "number 1 of the outermost namespace is the root, and has parent 0");
  }
  return null;
}

function parents({ tree, tasks, chains }: Looked): Misfit | null {
  for (const [i, { parent, ns = 0 }] of tree.tasks.entries()) {
    if (parent === 0) continue;
    const found = tasks.get(parent);
    if (found === undefined) return at(`tasks[${i}].parent`, `no task has the number ${parent}`);
    if (hasEnded(found))
      return at(
        `tasks[${i}].parent`,
        `task ${parent} is a zombie: its children went to its namespace's init`,
      );
    if (chains.get(ns)?.includes(found.ns ?? 0) !== true)
      return at(
        `tasks[${i}].parent`,
        `task ${parent} is in a deeper namespace, or in one beside: it cannot have made this one`,
      );
  }
  return null;
}

function cycles({ tree, tasks }: Looked): Misfit | null {
  const safe = new Set<number>([0]);
  for (const [i, task] of tree.tasks.entries()) {
    const path: number[] = [];
    const walked = new Set<number>();
    for (let at0 = keyOf(task); !safe.has(at0); at0 = tasks.get(at0)?.parent ?? 0) {
      if (walked.has(at0)) return at(`tasks[${i}].parent`, `task ${at0} is its own ancestor`);
      walked.add(at0);
      path.push(at0);
    }
    for (const number of path) safe.add(number);
  }
  return null;
}

/** Sessions and groups are of somebody, who leads them. */
function leaders({ tree, tasks, leaders: known }: Looked): Misfit | null {
  for (const [i, task] of tree.tasks.entries()) {
    const { session, group } = task;
    if (session !== 0 && !known.has(session))
      return at(
        `tasks[${i}].session`,
        `nobody has the number ${session}: list it in gone if its leader has gone`,
      );
    if (group !== 0 && !known.has(group))
      return at(
        `tasks[${i}].group`,
        `nobody has the number ${group}: list it in gone if its leader has gone`,
      );
    const leader = tasks.get(session);
    if (leader !== undefined && leader.session !== session)
      return at(`tasks[${i}].session`, `task ${session} leads no session: it is in ${leader.session} itself`);
    if (session === keyOf(task) && group !== session)
      return at(`tasks[${i}].group`, "the leader of a session leads its own group, and cannot leave it");
  }
  return null;
}

/** A group lies in one session. */
function groups({ tree, tasks }: Looked): Misfit | null {
  const sessions = new Map<number, number>();
  const gone = new Set((tree.gone ?? []).map(keyOf));
  const ledSessions = new Set(tree.tasks.map(({ session }) => session));
  for (const [i, { group, session }] of tree.tasks.entries()) {
    if (group === 0 && session !== 0)
      return at(`tasks[${i}].group`, `a group from outside is not in session ${session}`);
    if (group === 0) continue;
    const led = tasks.get(group)?.session ?? (gone.has(group) && ledSessions.has(group) ? group : undefined);
    const known = sessions.get(group) ?? led ?? session;
    if (known !== session)
      return at(`tasks[${i}].group`, `group ${group} is in session ${known}, the task in ${session}`);
    sessions.set(group, known);
  }
  return null;
}

/** Who has exited has nobody left; who has gone is still named. */
function ends({ tree }: Looked): Misfit | null {
  for (const [i, task] of tree.tasks.entries()) {
    const { threads, ns, killed } = task;
    if (!hasEnded(task)) continue;
    if (task.zombie !== undefined && killed !== undefined)
      return at(`tasks[${i}].killed`, "a task ends by itself or by a signal: leave zombie out, or killed");
    if (killed !== undefined && !isDeadly(killed))
      return at(`tasks[${i}].killed`, `signal ${killed} kills nobody`);
    // Of the signals that somebody sends (sig_task_ignored); what it does to itself, such as a fault, is not made again.
    if (killed !== undefined && killed !== SIG.KILL && task.pid.at(-1) === 1)
      return at(`tasks[${i}].killed`, `signal ${killed} does not kill an init: 9 alone does`);
    for (const word of ["stopped", "childNs", "unshared"] as const)
      if (task[word] !== undefined)
        return at(`tasks[${i}].${word}`, "a zombie does nothing any more: leave it out");
    if (threads !== undefined && threads.length > 0)
      return at(`tasks[${i}].threads`, "a zombie has no other threads");
    const own = keyOf(tree.tasks[i] as TreeTask);
    const other = ns === own ? tree.tasks.find((task) => task.ns === own && keyOf(task) !== own) : undefined;
    if (other !== undefined)
      return at(
        `tasks[${i}].${killed === undefined ? "zombie" : "killed"}`,
        `task ${keyOf(other)} is still in its namespace: an init ends last`,
      );
  }
  const named = new Set(tree.tasks.flatMap(({ session, group }) => [session, group]));
  for (const [i, gone] of (tree.gone ?? []).entries())
    if (!named.has(keyOf(gone)))
      return at(`gone[${i}]`, `no task is in a group or session ${keyOf(gone)}: leave it out`);
  return null;
}

/** Children are born in their parent's namespace or in one in it, which has an init (pidns_install). */
function nurseries({ tree, tasks, chains }: Looked): Misfit | null {
  for (const [i, { childNs, unshared, ns = 0 }] of tree.tasks.entries()) {
    if (childNs === undefined) continue;
    const path = `tasks[${i}].childNs`;
    const chain = chains.get(childNs);
    if (chain === undefined) return at(path, `no namespace has ${childNs} as its init`);
    if (unshared === true)
      return at(path, "its next child is in a new namespace: leave childNs out, or unshared");
    if (!chain.includes(ns))
      return at(path, `namespace ${childNs} is not in task ${keyOf(tree.tasks[i] as TreeTask)}'s own`);
    const init = tasks.get(childNs);
    if (init !== undefined && hasEnded(init))
      return at(path, `the init of namespace ${childNs} has ended: nobody is born there`);
  }
  return null;
}

function isDeadly(signal: number): boolean {
  const what = defaultAction(signal);
  return what === "terminate" || what === "dump";
}

function hasEnded({ zombie, killed }: TreeTask): boolean {
  return zombie !== undefined || killed !== undefined;
}

/** Everything that has numbers, with its place. */
function* everybody(tree: Tree): Generator<{ path: string; pid: readonly number[]; ns: number | undefined }> {
  for (const [i, { pid, ns, threads = [] }] of tree.tasks.entries()) {
    yield { path: `tasks[${i}]`, pid, ns };
    for (const [j, thread] of threads.entries()) yield { path: `tasks[${i}].threads[${j}]`, pid: thread, ns };
  }
  for (const [i, { pid, ns }] of (tree.gone ?? []).entries()) yield { path: `gone[${i}]`, pid, ns };
}

function at(path: string, message: string): Misfit {
  return { path, message };
}
