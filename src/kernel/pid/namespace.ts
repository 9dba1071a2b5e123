import type { UserNamespace } from "../task/credentials.ts";
import { PidBitmap } from "./bitmap.ts";
import type { Pid } from "./pid.ts";
import { PidTable } from "./pid-table.ts";

/** What a pid namespace is made of. */
export interface PidNamespaceOptions {
  /** Unique within the machine. */
  readonly id: number;
  /** Null for the initial namespace, level 0. */
  readonly parent: PidNamespace | null;
  /** The namespace's own bound; which bound counts is the policy's affair. */
  readonly pidMax: number;
  /** The user namespace that owns it: whose capabilities count. */
  readonly userNs: UserNamespace;
}

/** `struct pid_namespace`: one numbering of tasks. A number means something only in a namespace. */
export class PidNamespace {
  readonly id: number;
  readonly level: number;
  readonly parent: PidNamespace | null;
  readonly userNs: UserNamespace;
  pidMax: number;
  /** The last number the kernel chose by itself (last_pid, or the cursor of the id allocator). */
  lastPid = 0;
  /** The init of the namespace has gone: it takes no more tasks. */
  dying = false;
  /** Who waits until no more than so many numbers are in use here. */
  awaited: { readonly most: number; readonly wake: () => void } | null = null;
  /** child_reaper: the task that inherits orphans; null before the first task and after the last. */
  reaper: object | null = null;
  readonly map: PidBitmap = new PidBitmap();
  private readonly table: PidTable = new PidTable();

  constructor(options: PidNamespaceOptions) {
    this.id = options.id;
    this.parent = options.parent;
    this.level = options.parent === null ? 0 : options.parent.level + 1;
    this.pidMax = options.pidMax;
    this.userNs = options.userNs;
  }

  /** The initial namespace above this one. */
  get root(): PidNamespace {
    let ns: PidNamespace = this;
    while (ns.parent !== null) ns = ns.parent;
    return ns;
  }

  /** This namespace, or the one above it at `level`. */
  atLevel(level: number): PidNamespace {
    let ns: PidNamespace = this;
    while (ns.level > level && ns.parent !== null) ns = ns.parent;
    return ns;
  }

  /** Whether `other` is this namespace or lies below it. */
  contains(other: PidNamespace): boolean {
    return other.level >= this.level && other.atLevel(this.level) === this;
  }

  /** Numbers in use here. */
  get live(): number {
    return this.map.count;
  }

  /** The struct pid with number `nr` here (find_pid_ns); undefined for any other number, whatever it is. */
  find(nr: number): Pid | undefined {
    return this.table.find(nr) ?? undefined;
  }

  /** Every struct pid with a number here, ascending. */
  pids(): readonly Pid[] {
    return this.table.values();
  }

  /** Enters a number that has been taken in {@link map}. */
  enter(nr: number, pid: Pid): void {
    this.table.set(nr, pid);
  }

  /** Gives a number back: it can be chosen again at once. */
  free(nr: number): void {
    this.map.clear(nr);
    this.table.set(nr, null);
    const { awaited } = this;
    if (awaited === null || this.map.count > awaited.most) return;
    this.awaited = null;
    awaited.wake();
  }
}
