import type { Family, Member, Ns } from "../tree/family.ts";

/** Numbers below stay with the kernel's own choice on a machine that has just started (RESERVED_PIDS). */
const FIRST = 300;

/** Hands out numbers that nobody of a tree has, in every namespace that sees the helper. */
export class FreeNumbers {
  private readonly taken: Map<Ns, Set<number>> = new Map();
  private readonly next: Map<Ns, number> = new Map();

  /** @param alsoTaken numbers that somebody else has at level 0 */
  constructor(family: Family, alsoTaken: Iterable<number> = []) {
    for (const ns of family.namespaces) this.taken.set(ns, new Set());
    for (const member of [...family.tasks, ...family.gone]) this.note(member);
    for (const number of alsoTaken) this.taken.get(family.root.ns)?.add(number);
  }

  /** A number at every level for somebody in `ns`. */
  take(ns: Ns): readonly number[] {
    const pid: number[] = [];
    for (let at: Ns | null = ns; at !== null; at = at.parent) pid[at.level] = this.one(at);
    return pid;
  }

  private one(ns: Ns): number {
    const taken = this.taken.get(ns) as Set<number>;
    let number = this.next.get(ns) ?? FIRST;
    while (taken.has(number)) number++;
    taken.add(number);
    this.next.set(ns, number + 1);
    return number;
  }

  private note({ pid, threads, ns }: Member): void {
    for (const numbers of [pid, ...threads])
      for (let at: Ns | null = ns; at !== null; at = at.parent)
        this.taken.get(at)?.add(numbers[at.level] as number);
  }
}
