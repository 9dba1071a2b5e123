/**
 * A checkpointed process tree as data: what of every task has to come back. A task is known by its number at level 0,
 * the outermost pid namespace the tree knows of.
 */
export interface Tree {
  readonly format: "trapgate-tree-1";
  readonly tasks: readonly TreeTask[];
  /** The pid namespaces below level 0. */
  readonly namespaces?: readonly TreeNamespace[];
  /** Leaders that have gone, while their number still names a group or a session. */
  readonly gone?: readonly GoneLeader[];
}

/** A process: its leading thread, and the others by their numbers. */
export interface TreeTask {
  /** Its number at every level, from level 0 to its own namespace. */
  readonly pid: readonly number[];
  /** Who is its parent, by number at level 0; 0 for the root of the tree, which there is one of. */
  readonly parent: number;
  /** The number at level 0 of its session; 0 for one from outside the tree. */
  readonly session: number;
  /** The number at level 0 of its process group; 0 for one from outside the tree. */
  readonly group: number;
  /** Its pid namespace, by its init's number at level 0; the outermost when left out. */
  readonly ns?: number;
  /** The numbers of its other threads. */
  readonly threads?: readonly (readonly number[])[];
  /** The exit code of one that has exited and waits for its parent, 0 … 255. */
  readonly zombie?: number;
  /** The signal that killed one that waits for its parent. */
  readonly killed?: number;
  /** It is stopped by a signal, with all its threads. */
  readonly stopped?: true;
  /** The pid namespace its next child is born in (setns), as {@link ns}; its own when left out. 0 is the outermost. */
  readonly childNs?: number;
  /** Its next child is born as the init of a new pid namespace (unshare). */
  readonly unshared?: true;
}

/** A pid namespace below level 0. */
export interface TreeNamespace {
  /** Its init, by number at level 0. */
  readonly init: number;
  /** The namespace around it, by its init's number at level 0; the outermost when left out. */
  readonly in?: number;
}

/** A struct pid without a task. */
export interface GoneLeader {
  readonly pid: readonly number[];
  /** The namespace the leader was in, as {@link TreeTask.ns}. */
  readonly ns?: number;
}
