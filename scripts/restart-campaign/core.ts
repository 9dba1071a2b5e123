import { isRefusal, planRestart, type RefusalRule, type Tree } from "../../src/restart/index.ts";
import { checkTree } from "../../src/restart/tree/check-tree.ts";
import { keyOf } from "../../src/restart/tree/family.ts";

type Task = Tree["tasks"][number];

/**
 * The smallest tree that is refused by the same rule: tasks without children are left out, one after the other, as long as
 * what is left is a tree and is refused so. A leader that is left out has gone.
 */
export function coreOf(tree: Tree, rule: RefusalRule): Tree {
  let core = tree;
  for (;;) {
    const smaller = lessThan(core).find((less) => isRefusedBy(less, rule));
    if (smaller === undefined) return core;
    core = smaller;
  }
}

function isRefusedBy(tree: Tree, rule: RefusalRule): boolean {
  if (checkTree(tree) !== null) return false;
  const plan = planRestart(tree);
  return isRefusal(plan) && plan.refused === rule;
}

/** Everything that is one thing less. */
function* ways(tree: Tree): Generator<Tree> {
  const { tasks } = tree;
  const parents = new Set(tasks.map(({ parent }) => parent));
  for (const task of tasks) {
    if (!parents.has(keyOf(task)) && task.parent !== 0) yield without(tree, task);
  }
  for (const task of tasks) {
    if (Object.keys(task).length > Object.keys(bare(task)).length) yield put(tree, task, bare(task));
    // What is there for nobody else's sake: a session or group of one's own instead of another's.
    for (const change of [{ group: task.session }, { session: 0, group: 0 }])
      yield put(tree, task, { ...task, ...change });
  }
}

function lessThan(tree: Tree): Tree[] {
  return [...ways(tree)].filter((less) => weight(less) < weight(tree));
}

function weight({ tasks, gone = [] }: Tree): number {
  const words = tasks.reduce(
    (sum, { threads = [], zombie, killed, stopped, childNs, unshared, session, group, pid }) =>
      sum +
      threads.length +
      [zombie, killed, stopped, childNs, unshared].filter((word) => word !== undefined).length +
      (session === 0 ? 0 : 1) +
      (group === session ? 0 : 1) +
      pid.length,
    0,
  );
  return (tasks.length + gone.length) * 100 + words;
}

function without(tree: Tree, task: Task): Tree {
  const rest = { ...tree, tasks: tree.tasks.filter((other) => other !== task) };
  const namespaces = (tree.namespaces ?? []).filter(({ init }) => init !== keyOf(task));
  const { pid, ns } = task;
  return tidy({
    ...rest,
    namespaces,
    gone: [...(tree.gone ?? []), { pid, ...(ns === undefined ? {} : { ns }) }],
  });
}

function put(tree: Tree, task: Task, other: Task): Tree {
  return tidy({ ...tree, tasks: tree.tasks.map((one) => (one === task ? other : one)) });
}

function bare({ pid, parent, session, group, ns }: Task): Task {
  return { pid, parent, session, group, ...(ns === undefined ? {} : { ns }) };
}

/** Without leaders that nobody names. */
function tidy({ format, tasks, namespaces = [], gone = [] }: Tree): Tree {
  const named = new Set(tasks.flatMap(({ session, group }) => [session, group]));
  const inits = new Set([0, ...namespaces.map(({ init }) => init)]);
  const there = gone.filter((one) => named.has(keyOf(one)));
  return {
    format,
    tasks: tasks.map(({ childNs, ...task }) =>
      childNs === undefined || !inits.has(childNs) ? task : { ...task, childNs },
    ),
    ...(namespaces.length > 0 ? { namespaces } : {}),
    ...(there.length > 0 ? { gone: there } : {}),
  };
}
