import { type Link, List } from "../list.ts";
import type { PidNamespace } from "./namespace.ts";

/** How a task can use a struct pid: as its own number, its process group's, or its session's. */
export type PidKind = "pid" | "pgid" | "sid";

/**
 * `struct pid`: one identity with a number at every level of its namespace. The numbers stay taken as long as anything
 * uses it: a task, even a zombie, a process group, a session (B-33, A-44).
 */
export class Pid {
  readonly ns: PidNamespace;
  /** Index = level; level 0 first. */
  readonly numbers: readonly number[];
  /** The number in its own namespace (pid_vnr of itself): the last of {@link numbers}. */
  readonly nr: number;
  /** Users by kind, in the order they came; made when first needed. */
  private own: object | null = null;
  private pgids: List<object> | null = null;
  private sids: List<object> | null = null;

  /** Never freed: the idle task's. */
  private readonly eternal: boolean;

  /** Made by allocPid: every number is taken already. */
  constructor(ns: PidNamespace, numbers: readonly number[], eternal = false) {
    this.ns = ns;
    this.numbers = numbers;
    this.nr = numbers[ns.level] as number;
    this.eternal = eternal;
    for (let at: PidNamespace | null = ns; at !== null; at = at.parent)
      at.enter(numbers[at.level] as number, this);
  }

  /** The identity of the idle task: number 0 of the initial namespace, never freed. */
  static idle(root: PidNamespace): Pid {
    root.map.set(0);
    return new Pid(root, [0], true);
  }

  /** Level of the namespace the identity lives in. */
  get level(): number {
    return this.ns.level;
  }

  /** The number `ns` sees; 0 when it is neither this identity's namespace nor one above it (pid_nr_ns). */
  nrIn(ns: PidNamespace): number {
    if (ns === this.ns) return this.nr;
    return ns.contains(this.ns) ? (this.numbers[ns.level] as number) : 0;
  }

  /** Whether anything uses it. */
  get inUse(): boolean {
    return this.own !== null || (this.pgids?.size ?? 0) > 0 || (this.sids?.size ?? 0) > 0;
  }

  /** Makes it the number of `task`. */
  attach(task: object): void {
    this.own = task;
  }

  /** The task with this number has gone; after the last user the numbers are free at every level. */
  detach(): void {
    this.own = null;
    this.releaseUnused();
  }

  /** Adds the leader of a group of threads to the process group or session of this number. */
  join(kind: "pgid" | "sid", leader: object): Link<object> {
    if (kind === "pgid") return (this.pgids ??= new List()).push(leader);
    return (this.sids ??= new List()).push(leader);
  }

  /** Takes a leader out again, by what {@link join} returned. */
  leave(kind: "pgid" | "sid", link: Link<object>): void {
    (kind === "pgid" ? this.pgids : this.sids)?.remove(link);
    this.releaseUnused();
  }

  private releaseUnused(): void {
    if (!this.inUse && !this.eternal) this.release();
  }

  /** Frees the numbers: for an identity that never came into use, and by {@link detach}. */
  release(): void {
    for (let ns: PidNamespace | null = this.ns; ns !== null; ns = ns.parent)
      ns.free(this.numbers[ns.level] as number);
  }

  /** The first user of a kind; null when there is none. */
  task(kind: PidKind): object | null {
    if (kind === "pid") return this.own;
    return (kind === "pgid" ? this.pgids : this.sids)?.head?.value ?? null;
  }

  /** Every user of a kind, in the order they came. */
  tasks(kind: PidKind): Iterable<object> {
    if (kind === "pid") return this.own === null ? [] : [this.own];
    return (kind === "pgid" ? this.pgids : this.sids) ?? [];
  }
}

/**
 * `free_pid` for a task that never came to be. Where it would have been a namespace's first, the namespace is closed:
 * with no number in use it looks as if its init had gone.
 */
export function releaseUnborn(pid: Pid): void {
  pid.release();
  if (pid.ns.live === 0) pid.ns.dying = true;
}
