/**
 * Keeps the contents of an object graph and puts them back into the same objects, so that references a host holds
 * stay good across a restore.
 */
export class Memento {
  private readonly saved: Map<object, Saved> = new Map();

  /**
   * Saves everything reachable from `roots`.
   * @param kind what to do with an object: "save" its contents, "keep" it as it is and look no further, or an own way
   * of saving that returns how to put it back
   */
  constructor(roots: readonly object[], kind: (object: object) => Kind) {
    const queue: object[] = [...roots];
    const enqueue = (value: unknown): void => {
      if (typeof value === "object" && value !== null && !this.saved.has(value)) queue.push(value);
    };
    for (let object = queue.pop(); object !== undefined; object = queue.pop()) {
      if (this.saved.has(object)) continue;
      const how = kind(object);
      if (how === "keep") this.saved.set(object, KEPT);
      else if (how !== "save") this.saved.set(object, { restore: how.restore });
      else this.saved.set(object, saveContents(object, enqueue));
    }
  }

  /** Whether `object` was reachable when this was taken. */
  has(object: object): boolean {
    return this.saved.has(object);
  }

  /** Puts everything back; may be called any number of times. */
  restore(): void {
    for (const saved of this.saved.values()) saved.restore();
  }
}

/** How one object is saved. */
export type Kind = "save" | "keep" | { readonly restore: () => void };

interface Saved {
  restore(): void;
}

const KEPT: Saved = { restore: () => {} };

function saveContents(object: object, enqueue: (value: unknown) => void): Saved {
  if (ArrayBuffer.isView(object)) return saveView(object as Uint8Array);
  if (object instanceof Map) return saveMap(object, enqueue);
  if (object instanceof Set) return saveSet(object, enqueue);
  if (Array.isArray(object)) return saveArray(object, enqueue);
  return saveRecord(object as Record<string, unknown>, enqueue);
}

function saveView(view: Uint8Array): Saved {
  const copy = view.slice();
  return { restore: () => view.set(copy) };
}

function saveMap(map: Map<unknown, unknown>, enqueue: (value: unknown) => void): Saved {
  const entries = [...map];
  for (const [key, value] of entries) {
    enqueue(key);
    enqueue(value);
  }
  return {
    restore: () => {
      map.clear();
      for (const [key, value] of entries) map.set(key, value);
    },
  };
}

function saveSet(set: Set<unknown>, enqueue: (value: unknown) => void): Saved {
  const members = [...set];
  for (const member of members) enqueue(member);
  return {
    restore: () => {
      set.clear();
      for (const member of members) set.add(member);
    },
  };
}

function saveArray(array: unknown[], enqueue: (value: unknown) => void): Saved {
  const copy = array.slice();
  for (const value of copy) enqueue(value);
  const frozen = Object.isFrozen(array);
  return {
    restore: () => {
      if (frozen) return;
      array.length = copy.length;
      for (let i = 0; i < copy.length; i++) array[i] = copy[i];
    },
  };
}

function saveRecord(object: Record<string, unknown>, enqueue: (value: unknown) => void): Saved {
  const values = { ...object };
  for (const value of Object.values(values)) enqueue(value);
  const frozen = Object.isFrozen(object);
  return {
    restore: () => {
      if (frozen) return;
      for (const key of Object.keys(object)) if (!(key in values)) delete object[key];
      Object.assign(object, values);
    },
  };
}
