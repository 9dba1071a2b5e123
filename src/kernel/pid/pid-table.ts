import type { Pid } from "./pid.ts";

/** Numbers are cut in three: 7 bits, 7 bits, 8 bits. */
const LEAF_BITS = 8;
const LEAF = 1 << LEAF_BITS;
const BRANCH_BITS = 7;
const BRANCH = 1 << BRANCH_BITS;
const ROOT_SHIFT = LEAF_BITS + BRANCH_BITS;

/** Numbers a table has room for: those of a bitmap. */
const CAPACITY = BRANCH << ROOT_SHIFT;

type Leaf = (Pid | null)[];
type Branch = (Leaf | null)[];

/**
 * Number to struct pid: a tree of three levels, so that a namespace with a few numbers is small wherever they lie, and
 * one with millions is as quick.
 */
export class PidTable {
  private readonly root: (Branch | null)[] = [];
  private size = 0;

  /** The struct pid of `nr`; null for any other number, whatever it is. */
  find(nr: number): Pid | null {
    if (!(nr >= 0 && nr < CAPACITY)) return null;
    const branch = this.root[nr >>> ROOT_SHIFT] ?? null;
    if (branch === null) return null;
    const leaf = branch[(nr >>> LEAF_BITS) & (BRANCH - 1)] ?? null;
    return leaf === null ? null : (leaf[nr & (LEAF - 1)] as Pid | null);
  }

  /** Puts a struct pid at `nr`, an integer from 0 to 4 194 303; null takes it away. */
  set(nr: number, pid: Pid | null): void {
    const { root } = this;
    const at = nr >>> ROOT_SHIFT;
    while (root.length <= at) root.push(null);
    const branch = (root[at] ??= empty<Leaf>(BRANCH));
    const leaf = (branch[(nr >>> LEAF_BITS) & (BRANCH - 1)] ??= empty<Pid>(LEAF));
    const old = leaf[nr & (LEAF - 1)] as Pid | null;
    leaf[nr & (LEAF - 1)] = pid;
    if (old === null && pid !== null) this.size++;
    else if (old !== null && pid === null) this.size--;
  }

  /** Every struct pid, by ascending number. */
  values(): readonly Pid[] {
    const found: Pid[] = [];
    for (const branch of this.root) {
      if (found.length === this.size) break;
      if (branch !== null) gather(branch, this.size, found);
    }
    return found;
  }
}

/** Adds what stands in a branch, until there are `most`. */
function gather(branch: Branch, most: number, found: Pid[]): void {
  for (const leaf of branch) {
    if (leaf === null) continue;
    for (let i = 0; i < LEAF && found.length < most; i++) {
      const pid = leaf[i] as Pid | null;
      if (pid !== null) found.push(pid);
    }
    if (found.length === most) return;
  }
}

function empty<T>(length: number): (T | null)[] {
  return new Array<T | null>(length).fill(null);
}
