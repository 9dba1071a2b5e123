import { ProcError, type ProcTask } from "./proc-task.ts";

/**
 * Which pid namespace each task of a tree is in, by the number its init has where all is seen from. Who may not read a
 * task's links is told what has to be so, and what is a guess.
 */
export class NamespaceSight {
  /** What could only be guessed, a line each. */
  readonly guesses: string[] = [];
  private readonly root: ProcTask;
  private readonly parents: ReadonlyMap<number, ProcTask>;
  private readonly inits: Map<ProcTask, ProcTask | null> = new Map();
  private readonly byLink: Map<string, ProcTask> = new Map();
  private readonly outermost: number;

  /**
   * @param members the tree, a parent before its children
   * @param outermost the level of the namespace whose init need not be in the tree
   */
  constructor(members: readonly [ProcTask, ...ProcTask[]], outermost: number) {
    this.root = members[0];
    this.parents = new Map(members.map((task) => [task.pid[0] as number, task]));
    this.outermost = outermost;
    for (const task of members) if (task.ns !== null && task.pid.at(-1) === 1) this.byLink.set(task.ns, task);
    for (const task of members) this.inits.set(task, this.find(task));
  }

  /** The init of the namespace that the kernel has a name for; undefined for one that is not the tree's. */
  initNamed(ns: string): ProcTask | undefined {
    return this.byLink.get(ns);
  }

  /**
   * The init of the namespace that a task is in, or of the one around that at a level; null for the outermost.
   * @param level at most the task's own
   */
  initAt(task: ProcTask, level: number): ProcTask | null {
    if (level <= this.outermost) return null;
    const own = task.pid.length - 1;
    const init = this.inits.get(task) ?? null;
    return level === own ? init : this.initAt(this.parentOf(init as ProcTask), level);
  }

  private find(task: ProcTask): ProcTask | null {
    const level = task.pid.length - 1;
    if (level <= this.outermost) return null;
    if (task.pid.at(-1) === 1) {
      // A namespace is made by one who is in the namespace around it (copy_pid_ns), and so is who adopts its init.
      if (task !== this.root && this.parentOf(task).pid.length !== level)
        throw new ProcError(
          `process ${task.pid[0]} is init of a pid namespace, and its parent is not in the one around: which that is cannot be seen`,
        );
      return task;
    }
    const known = task.ns === null ? undefined : this.byLink.get(task.ns);
    if (known !== undefined) return known;
    const parent = this.parentOf(task);
    if (task.ns !== null || parent.pid.length !== task.pid.length)
      throw new ProcError(
        `process ${task.pid[0]} is in a pid namespace that did not begin in the tree: take a root further up`,
      );
    this.guesses.push(
      `the pid namespace of process ${task.pid[0]} may not be read: taken to be its parent's`,
    );
    return this.inits.get(parent) ?? null;
  }

  private parentOf(task: ProcTask): ProcTask {
    return this.parents.get(task.parent) as ProcTask;
  }
}
