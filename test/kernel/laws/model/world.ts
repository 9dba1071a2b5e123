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
  readonly pidMax: number;
  /** The init has gone, and nobody comes after it. */
  closed: boolean;
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
  /** Where its children are born. */
  home: Space;
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
  /** An init that has exited and is no zombie yet: others' numbers are left in its space. */
  leaving: boolean;
}

export interface Limits {
  readonly pidMax: number;
  readonly maxThreads: number;
  readonly newpidRule: "refuse" | "kernel-chooses-1" | "last-slot-1-or-0";
  /** null in 2009; today, how numbers are judged, and the pid_max of a new namespace. */
  readonly today: { readonly phases: 1 | 2; readonly pidMax: number } | null;
}

/** The identity of nobody: number 0, group and session of the first task. */
function nobody(space: Space): Identity {
  return { space, numbers: [0] };
}

/** Every group there is, and what follows from looking at them. */
export class World {
  readonly limits: Limits;
  readonly root: Space;
  groups: Group[] = [];
  /** For each wait that ended with its task: what it may have reported, and reaped, before. */
  doubtful: Group[][] = [];
  readonly init: Group;

  constructor(limits: Limits) {
    this.limits = limits;
    this.root = { level: 0, above: null, last: 1, init: null, pidMax: limits.pidMax, closed: false };
    const none = nobody(this.root);
    const id = { space: this.root, numbers: [1] };
    const init = newGroup({ id, parent: null, processGroup: none, session: none, isInit: true });
    init.threads.push({ id, group: init, home: this.root, waiting: null, vfork: null, answer: null });
    this.root.init = init;
    this.groups.push(init);
    this.init = init;
  }

  /** A namespace below another, where nobody lives yet. */
  spaceBelow(above: Space): Space {
    const pidMax = this.limits.today?.pidMax ?? above.pidMax;
    return { level: above.level + 1, above, last: 0, init: null, pidMax, closed: false };
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
    return group.threads.length === 0 && !group.leaving;
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

  /** The same with set_tid (ladder T), the numbers innermost first; beyond them the kernel chooses (T-15). */
  allocateToday(space: Space, tids: readonly number[], capable: boolean): Identity | string {
    const got = this.serveToday(space, tids, capable);
    // T-18: nobody lives there yet, and the next attempt is the first again.
    if (typeof got === "string" && this.takenIn(space).size === 0) space.last = 0;
    return got;
  }

  private serveToday(space: Space, tids: readonly number[], capable: boolean): Identity | string {
    const twoPhases = this.limits.today?.phases === 2;
    const asked = (at: Space): number | null => tids[space.level - at.level] ?? null;
    if (twoPhases)
      for (let at: Space | null = space; at !== null; at = at.above) {
        const refused = asked(at) === null ? null : judge(asked(at) ?? 0, at, capable, false);
        if (refused !== null) return refused;
      }
    const numbers: number[] = [];
    for (let at: Space | null = space; at !== null; at = at.above) {
      const tid = asked(at);
      const refused = tid === null || twoPhases ? null : judge(tid, at, capable, true);
      if (refused !== null) return refused;
      const got = tid === null ? this.chooseToday(at) : this.takenIn(at).has(tid) ? "pid-exists" : tid;
      if (typeof got === "string") return got;
      if (twoPhases && got !== 1 && lacksInit(at)) return "pid-without-init";
      numbers[at.level] = got;
    }
    return space.closed ? "namespace-dying" : { space, numbers };
  }

  private takenIn(space: Space): Set<number> {
    const numbers = [...this.identities].map((id) => this.numberIn(id, space));
    return new Set(numbers.filter((nr) => nr !== 0));
  }

  /** T-16: after the highest at 300, or at 1 while the last choice was below 300. */
  private chooseToday(space: Space): number | string {
    const taken = this.takenIn(space);
    const floor = space.last >= 300 ? 300 : 1;
    let nr = space.last;
    for (let tries = 0; tries <= taken.size + 1; tries++) {
      nr = nr + 1 >= space.pidMax ? floor : nr + 1;
      if (taken.has(nr)) continue;
      space.last = nr;
      return nr;
    }
    return "pid-exhausted";
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

/** A space where nobody has been 1 yet; one whose init has gone still remembers it. */
function lacksInit(space: Space): boolean {
  return space.init === null && !space.closed;
}

/** T-03 to T-06, for the number of one level. */
function judge(tid: number, space: Space, capable: boolean, init: boolean): string | null {
  if (tid < 1) return "pid-below-one";
  if (tid >= space.pidMax) return "pid-beyond-max";
  if (init && tid !== 1 && lacksInit(space)) return "pid-without-init";
  return capable ? null : "pid-not-capable";
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
    leaving: false,
    ...parts,
  };
}
