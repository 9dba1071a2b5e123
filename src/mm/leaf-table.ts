/** Pages of a leaf: 2 MiB. */
export const LEAF_PAGES = 512;

/** The entries of one 2 MiB region; shared by reference count after a fork. */
export class Leaf {
  /** The number of the region. Whoever shares the leaf has it there. */
  readonly region: number;
  refs = 1;
  readonly entries: Uint32Array;

  constructor(region: number) {
    this.region = region;
    this.entries = SPARE.pop() ?? new Uint32Array(LEAF_PAGES);
  }
}

/** Entries of leaves nobody has any more, all zero: to make an array costs more than most of what is done with it. */
const SPARE: Uint32Array[] = [];
const MOST_SPARE = 64;

/** Keeps the entries of a leaf that nobody has any more for the next one. They must be zero. */
export function spare(leaf: Leaf): void {
  if (SPARE.length < MOST_SPARE) SPARE.push(leaf.entries);
}

const SMALLEST = 4;

/**
 * Leaves by region number: an open-addressed hash. A lookup costs half of what a Map's does, and a small table is one
 * small array.
 */
export class LeafTable {
  /** A power of two, at most half full. A leaf stands at its hash or, past others, in one of the next slots. */
  private slots: (Leaf | null)[] = emptySlots(SMALLEST);
  private shift = shiftOf(SMALLEST);
  /** Leaves in the table. */
  size = 0;

  /** The leaf of a region. */
  get(region: number): Leaf | null {
    const { slots } = this;
    const last = slots.length - 1;
    for (let at = hash(region, this.shift); ; at = (at + 1) & last) {
      const leaf = slots[at] as Leaf | null;
      if (leaf === null || leaf.region === region) return leaf;
    }
  }

  /** Puts a leaf at its region, in place of the one there. */
  set(leaf: Leaf): void {
    if ((this.size + 1) * 2 > this.slots.length) this.grow();
    if (this.put(leaf) === null) this.size++;
  }

  /** Takes the leaf of a region out and returns it; null when there is none. */
  delete(region: number): Leaf | null {
    const gone = this.get(region);
    if (gone === null) return null;
    const rest = [...this.values()].filter((leaf) => leaf !== gone);
    this.slots.fill(null);
    for (const leaf of rest) this.put(leaf);
    this.size--;
    return gone;
  }

  /** Forgets every leaf. */
  clear(): void {
    this.slots = emptySlots(SMALLEST);
    this.shift = shiftOf(SMALLEST);
    this.size = 0;
  }

  /** Every leaf, in no order. */
  *values(): IterableIterator<Leaf> {
    for (const leaf of this.slots) if (leaf !== null) yield leaf;
  }

  /** The regions from `first` to `last` that have a leaf. */
  regionsIn(first: number, last: number): number[] {
    return [...this.values()].map((leaf) => leaf.region).filter((nr) => nr >= first && nr <= last);
  }

  /** A table of its own with the same leaves, each with one reference more. */
  share(): LeafTable {
    const copy = new LeafTable();
    copy.slots = this.slots.slice();
    copy.shift = this.shift;
    copy.size = this.size;
    for (const leaf of copy.slots) if (leaf !== null) leaf.refs++;
    return copy;
  }

  /** Puts a leaf into the first slot that is its own or free; returns what was there. */
  private put(leaf: Leaf): Leaf | null {
    const { slots } = this;
    const last = slots.length - 1;
    let at = hash(leaf.region, this.shift);
    let old = slots[at] as Leaf | null;
    while (old !== null && old.region !== leaf.region) {
      at = (at + 1) & last;
      old = slots[at] as Leaf | null;
    }
    slots[at] = leaf;
    return old;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = emptySlots(old.length * 2);
    this.shift = shiftOf(this.slots.length);
    for (const leaf of old) if (leaf !== null) this.put(leaf);
  }
}

function emptySlots(length: number): (Leaf | null)[] {
  return new Array<Leaf | null>(length).fill(null);
}

function shiftOf(length: number): number {
  return 32 - Math.log2(length);
}

/** 2^32 over the golden ratio: regions that lie side by side, or at any even distance, spread over the table. */
function hash(region: number, shift: number): number {
  return Math.imul(region, 0x9e3779b1) >>> shift;
}
