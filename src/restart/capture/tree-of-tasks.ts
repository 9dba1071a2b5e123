import { SIG } from "../../kernel/task/signal-queue.ts";
import type { GoneLeader, Tree, TreeNamespace, TreeTask } from "../tree/tree.ts";
import { endOfStatus } from "../tree/wait-status.ts";
import { lossesOf } from "./losses.ts";
import { NamespaceSight } from "./namespace-sight.ts";
import { ProcError, type ProcTask, UNSHARED } from "./proc-task.ts";

/** What of a machine becomes a tree. */
export interface CaptureOptions {
  /** The reader's number of the tree's root. */
  readonly root: number;
  /** Levels that the tree does not know of, from the reader's own on; or all around the root's. Default: as few as can be. */
  readonly skipLevels?: number | "around-root";
}

/** A tree, and what of it could not be seen or cannot be said, a line each. */
export interface Captured {
  readonly tree: Tree;
  readonly notes: readonly string[];
}

/**
 * The process tree below a task of a machine.
 * @param all every process that the reader sees
 * @throws ProcError when there is no such root, or when a part of the tree is in a namespace that began outside of it
 */
export function treeOfTasks(all: readonly ProcTask[], options: CaptureOptions): Captured {
  const { root: number } = options;
  const everybody = new Map(all.map((task) => [numberOf(task), task]));
  const root = everybody.get(number);
  if (root === undefined) throw new ProcError(`there is no process ${number}`);
  const level = root.pid.length - 1;
  const skipLevels = options.skipLevels === "around-root" ? level : (options.skipLevels ?? 0);
  if (skipLevels > level)
    throw new ProcError(`process ${number} is at level ${level}, not at ${skipLevels} or below`);
  // Of the namespaces around the root only its own can have begun with it.
  const base = Math.max(skipLevels, root.pid.at(-1) === 1 ? level - 1 : level);
  return new Capture(everybody, descent(all, root), base).captured();
}

class Capture {
  private readonly everybody: ReadonlyMap<number, ProcTask>;
  private readonly members: readonly [ProcTask, ...ProcTask[]];
  private readonly inside: ReadonlySet<number>;
  /** The level here that is level 0 of the tree. */
  private readonly base: number;
  private readonly sight: NamespaceSight;
  private readonly gone: Map<number, GoneLeader> = new Map();
  private readonly notes: string[] = [];

  constructor(
    everybody: ReadonlyMap<number, ProcTask>,
    members: readonly [ProcTask, ...ProcTask[]],
    base: number,
  ) {
    this.everybody = everybody;
    this.members = members;
    this.inside = new Set(members.map(numberOf));
    this.base = base;
    this.sight = new NamespaceSight(members, base);
  }

  captured(): Captured {
    const tasks = this.members.map((task, i) => this.task(task, i === 0));
    const namespaces = this.members
      .filter((task) => this.initOf(task) === task)
      .map((init) => this.namespace(init));
    return {
      tree: {
        format: "trapgate-tree-1",
        tasks,
        ...(namespaces.length > 0 ? { namespaces } : {}),
        ...(this.gone.size > 0 ? { gone: [...this.gone.values()] } : {}),
      },
      notes: [...this.sight.guesses, ...this.notes, ...this.members.flatMap(lossesOf)],
    };
  }

  private task(task: ProcTask, isRoot: boolean): TreeTask {
    const threads = task.threads.map((numbers) => numbers.slice(this.base));
    const init = this.initOf(task);
    return {
      pid: task.pid.slice(this.base),
      parent: isRoot ? 0 : this.keyOf(this.everybody.get(task.parent) as ProcTask),
      session: this.reference(task, task.session, "session"),
      group: this.reference(task, task.group, "process group"),
      ...(init === null ? {} : { ns: this.keyOf(init) }),
      ...(threads.length > 0 ? { threads } : {}),
      ...(task.state === "Z" && threads.length === 0 ? this.endOf(task) : this.nursery(task)),
      ...(task.state === "T" ? { stopped: true } : {}),
    };
  }

  private endOf({ pid, exitStatus }: ProcTask): Pick<TreeTask, "zombie" | "killed"> {
    const end = endOfStatus(exitStatus ?? 0);
    const { killed = SIG.KILL } = end;
    if (pid.at(-1) !== 1 || killed === SIG.KILL) return end;
    this.notes.push(
      `process ${pid[0]} was killed by signal ${killed}, and was an init: from others it takes ${SIG.KILL} alone, and will be killed by that`,
    );
    return { killed: SIG.KILL };
  }

  /** Where its next child is born, if not in its own namespace. */
  private nursery(task: ProcTask): Pick<TreeTask, "childNs" | "unshared"> {
    const { ns, childNs } = task;
    if (childNs === UNSHARED) return { unshared: true };
    if (childNs === null || childNs === ns) return {};
    const init = this.sight.initNamed(childNs);
    if (init !== undefined) return { childNs: this.keyOf(init) };
    this.notes.push(
      `process ${numberOf(task)} has its children born in a pid namespace that is not of the tree, or has ended: they will be born in its own`,
    );
    return {};
  }

  private namespace(init: ProcTask): TreeNamespace {
    const around = this.sight.initAt(init, init.pid.length - 2);
    return { init: this.keyOf(init), ...(around === null ? {} : { in: this.keyOf(around) }) };
  }

  /** The number at level 0 of a session or group; 0 for one from outside. */
  private reference(task: ProcTask, numbers: readonly number[], what: string): number {
    const [here = 0] = numbers;
    const key = numbers[this.base] ?? 0;
    if (key === 0 || this.inside.has(here)) return key;
    const [root] = this.members;
    const isRoots = root.session[0] === here || root.group[0] === here;
    if (isRoots) return 0;
    if (this.everybody.has(here)) {
      this.notes.push(
        `the ${what} of process ${numberOf(task)} is led from outside of the tree, by process ${here}`,
      );
      return 0;
    }
    this.leaderHasGone(task, key, numbers);
    return key;
  }

  /** Nobody has the number any more. Who sees most levels of it knows where the leader was. */
  private leaderHasGone(task: ProcTask, key: number, numbers: readonly number[]): void {
    const end = numbers.indexOf(0);
    const pid = numbers.slice(this.base, end === -1 ? numbers.length : end);
    if ((this.gone.get(key)?.pid.length ?? 0) >= pid.length) return;
    const init = this.sight.initAt(task, this.base + pid.length - 1);
    this.gone.set(key, { pid, ...(init === null ? {} : { ns: this.keyOf(init) }) });
  }

  private initOf(task: ProcTask): ProcTask | null {
    return this.sight.initAt(task, task.pid.length - 1);
  }

  private keyOf(task: ProcTask): number {
    return task.pid[this.base] as number;
  }
}

function numberOf(task: ProcTask): number {
  return task.pid[0] as number;
}

/** The root and everybody below it, a parent before its children, siblings by number. */
function descent(all: readonly ProcTask[], root: ProcTask): [ProcTask, ...ProcTask[]] {
  const children = new Map<number, ProcTask[]>();
  for (const task of [...all].sort((a, b) => numberOf(a) - numberOf(b))) {
    const list = children.get(task.parent);
    if (list === undefined) children.set(task.parent, [task]);
    else list.push(task);
  }
  const members: [ProcTask, ...ProcTask[]] = [root];
  // What is added on the way is visited too.
  for (const task of members) for (const child of children.get(numberOf(task)) ?? []) members.push(child);
  return members;
}
