/** One place in a {@link List}: what `remove` takes. */
export class Link<T> {
  readonly value: T;
  prev: Link<T> | null = null;
  next: Link<T> | null = null;

  constructor(value: T) {
    this.value = value;
  }
}

/**
 * A doubly linked list (`struct list_head`), in the order its members came. Whoever adds a member keeps its link:
 * leaving takes the same few stores however long the list is, and nothing is hashed.
 */
export class List<T> {
  /** The first link; walk on with `next`. Null when the list is empty. */
  head: Link<T> | null = null;
  /** Members. */
  size = 0;
  private tail: Link<T> | null = null;

  /** Adds a member at the end. */
  push(value: T): Link<T> {
    const link = new Link(value);
    link.prev = this.tail;
    if (this.tail === null) this.head = link;
    else this.tail.next = link;
    this.tail = link;
    this.size++;
    return link;
  }

  /** Takes a member out. The link must be one of this list. */
  remove(link: Link<T>): void {
    if (link.prev === null) this.head = link.next;
    else link.prev.next = link.next;
    if (link.next === null) this.tail = link.prev;
    else link.next.prev = link.prev;
    this.size--;
  }

  /** Whether `value` is a member: a walk. */
  has(value: T): boolean {
    for (let link = this.head; link !== null; link = link.next) if (link.value === value) return true;
    return false;
  }

  /** The members in order. A member may leave while it is looked at. */
  [Symbol.iterator](): Walk<T> {
    return new Walk(this);
  }
}

/** A walk along a list: no generator, for a compiler takes one of those apart less readily. */
class Walk<T> {
  private readonly list: List<T>;
  /** The member looked at last; null before the first. */
  private at: Link<T> | null = null;

  constructor(list: List<T>) {
    this.list = list;
  }

  next(): IteratorResult<T, undefined> {
    const link = this.at === null ? this.list.head : this.at.next;
    if (link === null) return { done: true, value: undefined };
    this.at = link;
    return { done: false, value: link.value };
  }

  [Symbol.iterator](): Walk<T> {
    return this;
  }
}
