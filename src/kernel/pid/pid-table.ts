import type { Pid } from "./pid.ts";

/** Numbers are cut in three: 7 bits, 7 bits, 8 bits. */
const LEAF_BITS = 8;
const LEAF_MASK = (1 << LEAF_BITS) - 1;
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
    return leaf === null ? null : (leaf[nr & LEAF_MASK] ?? null);
  }

  /** Puts a struct pid at `nr`, an integer from 0 to 4 194 303; null takes it away. */
  set(nr: number, pid: Pid | null): void {
    const branch = child<Leaf>(this.root, nr >>> ROOT_SHIFT);
    const leaf = child<Pid>(branch, (nr >>> LEAF_BITS) & (BRANCH - 1));
    const at = nr & LEAF_MASK;
    reach(leaf, at);
    const old = leaf[at] as Pid | null;
    leaf[at] = pid;
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
    for (let i = 0; i < leaf.length && found.length < most; i++) {
      const pid = leaf[i] as Pid | null;
      if (pid !== null) found.push(pid);
    }
    if (found.length === most) return;
  }
}

/** The node below a node at an index, made where there is none. */
function child<T>(node: ((T | null)[] | null)[], at: number): (T | null)[] {
  reach(node, at);
  return (node[at] ??= []);
}

/** A node is as long as the highest index it was ever asked for: small numbers make small nodes. */
function reach<T>(node: (T | null)[], at: number): void {
  while (node.length <= at) node.push(null);
}
