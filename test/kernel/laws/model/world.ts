/**
 * A naive model of tasks and their numbers, written from rules.md (§3.3, §3.4, §4) and the manual pages, with nothing
 * of trapgate in it. Whatever can be found by looking at every task is found that way.
 */

/** A namespace: its numbers are those of the identities in use. */
export interface Space {
  readonly level: number;
  readonly above: Space | null;
  /** The last number the kernel chose here. */
  last: number;
  init: Group | null;
}

/** An identity: a number at every level, level 0 first. */
export interface Identity {
  readonly space: Space;
  readonly numbers: readonly number[];
}

/** What a wait is for; a null identity is a number nobody has. */
export interface Waiting {
  readonly kind: "any" | "pid" | "group";
  readonly who: Identity | null;
  readonly options: number;
}

/** One thread that has not exited. */
export interface Thread {
  readonly id: Identity;
  readonly group: Group;
  /** The wait it sleeps in. */
  waiting: Waiting | null;
  /** The child it waits for in vfork. */
  vfork: Thread | null;
  /** What the call it waits in will return, once that is known. */
  answer: number | null;
}

/** A thread group, from fork until it has been reaped. */
export interface Group {
  readonly id: Identity;
  /** Threads that have not exited. */
  readonly threads: Thread[];
  /** Whose child it is; null for the first task's parent. */
  parent: Group | null;
  processGroup: Identity;
  session: Identity;
  leadsSession: boolean;
  exitSignal: number;
  /** Wait status of the leader, and of the group when it ended as a whole. */
  leaderStatus: number;
  status: number | null;
  /** CAP_SYS_ADMIN; a child has what its parent has. */
  capable: boolean;
  /** An init is deaf to signals from inside. */
  readonly isInit: boolean;
}

export interface Limits {
  readonly pidMax: number;
  readonly maxThreads: number;
  readonly newpidRule: "refuse" | "kernel-chooses-1" | "last-slot-1-or-0";
}

/** The identity of nobody: number 0, group and session of the first task. */
function nobody(space: Space): Identity {
  return { space, numbers: [0] };
}

/** Every group there is, and what follows from looking at them. */
export class World {
  readonly limits: Limits;
  readonly root: Space = { level: 0, above: null, last: 1, init: null };
  groups: Group[] = [];
  /** For each wait that ended with its task: what it may have reported, and reaped, before. */
  doubtful: Group[][] = [];
  readonly init: Group;

  constructor(limits: Limits) {
    this.limits = limits;
    const none = nobody(this.root);
    const id = { space: this.root, numbers: [1] };
    const init = newGroup({ id, parent: null, processGroup: none, session: none, isInit: true });
    init.threads.push({ id, group: init, waiting: null, vfork: null, answer: null });
    this.root.init = init;
    this.groups.push(init);
    this.init = init;
  }

  /** Every thread that has not exited. */
  get threads(): Thread[] {
    return this.groups.flatMap((group) => group.threads);
  }

  /** Every identity that something uses: a thread, a group until it is reaped, a process group, a session. */
  get identities(): Set<Identity> {
    const used = new Set<Identity>();
    for (const group of this.groups) {
      used.add(group.id).add(group.processGroup).add(group.session);
      for (const thread of group.threads) used.add(thread.id);
    }
    return used;
  }

  /** The number an identity has in a space; 0 where it is not visible. */
  numberIn(id: Identity, space: Space): number {
    for (let at: Space | null = id.space; at !== null; at = at.above) {
      if (at === space) return id.numbers[space.level] ?? 0;
    }
    return 0;
  }

  /** The identity with a number in a space. */
  find(nr: number, space: Space): Identity | null {
    if (nr === 0) return null;
    return [...this.identities].find((id) => this.numberIn(id, space) === nr) ?? null;
  }

  /** The group of the task, thread or zombie leader, that has a number in a space. */
  groupOf(nr: number, space: Space): Group | null {
    const id = this.find(nr, space);
    return this.groups.find((g) => g.id === id || g.threads.some((t) => t.id === id)) ?? null;
  }

  /** The children of a group that have not been reaped. */
  children(group: Group): Group[] {
    return this.groups.filter((child) => child.parent === group);
  }

  /** A group all of whose threads have exited. */
  isZombie(group: Group): boolean {
    return group.threads.length === 0;
  }

  /** Whether a group lives in a space or below it. */
  isWithin(group: Group, space: Space): boolean {
    return this.numberIn(group.id, space) !== 0;
  }

  /** Tasks that count against the limit: threads, and leaders that have exited but not been reaped. */
  get count(): number {
    return this.groups.reduce(
      (sum, g) => sum + g.threads.length + (g.threads.some((t) => t.id === g.id) ? 0 : 1),
      0,
    );
  }

  /** A number for every level, or the rung that refuses it. Inner levels come first, cursors stay moved. */
  allocate(space: Space, wanted: readonly number[] | null): Identity | string {
    const numbers: number[] = [];
    for (let at: Space | null = space; at !== null; at = at.above) {
      const got = this.choose(at, wanted?.[at.level] ?? 0);
      if (typeof got === "string") return got;
      numbers[at.level] = got;
    }
    return { space, numbers };
  }

  private choose(space: Space, wanted: number): number | string {
    const { pidMax } = this.limits;
    const taken = new Set([...this.identities].map((id) => this.numberIn(id, space)));
    if (wanted < 0) return "pid-negative";
    if (wanted >= pidMax) return "pid-beyond-max";
    if (wanted > 0) return taken.has(wanted) ? "pid-taken" : wanted;
    let nr = space.last;
    for (let tries = 0; tries < pidMax; tries++) {
      nr = nr + 1 >= pidMax ? 300 : nr + 1;
      if (taken.has(nr)) continue;
      space.last = nr;
      return nr;
    }
    return "pid-exhausted";
  }
}

/** What a group is made of; the rest is what a fresh one has. */
export function newGroup(
  parts: Pick<Group, "id" | "parent" | "processGroup" | "session" | "isInit"> & Partial<Group>,
): Group {
  return {
    threads: [],
    leadsSession: false,
    exitSignal: 17,
    leaderStatus: 0,
    status: null,
    capable: true,
    ...parts,
  };
}
