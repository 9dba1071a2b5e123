/**
 * Keeps the contents of an object graph and puts them back into the same objects, so that references a host holds
 * stay good across a restore.
 */
export class Memento {
  private readonly seen: Set<object> = new Set();
  private readonly buffers: Set<ArrayBufferLike> = new Set();
  /** What it takes to go back; nothing for an object that cannot change. */
  private readonly steps: (() => void)[] = [];

  /**
   * Saves everything reachable from `roots`.
   * @param kind what to do with an object: "save" its contents; "value", it never changes, so only what it refers to
   * is saved; "keep" it as it is and look no further; or an own way of saving that returns how to put it back
   */
  constructor(roots: readonly object[], kind: (object: object) => Kind) {
    const queue: object[] = [...roots];
    const enqueue = (value: unknown): void => {
      if (typeof value === "object" && value !== null && !this.seen.has(value)) queue.push(value);
    };
    for (let object = queue.pop(); object !== undefined; object = queue.pop()) {
      if (this.seen.has(object)) continue;
      this.seen.add(object);
      const how = kind(object);
      if (how === "keep") continue;
      if (how === "value") {
        for (const value of Object.values(object)) enqueue(value);
        continue;
      }
      const step = how === "save" ? this.save(object, enqueue) : how.restore;
      if (step !== null) this.steps.push(step);
    }
  }

  /** Whether `object` was reachable when this was taken. */
  has(object: object): boolean {
    return this.seen.has(object);
  }

  /** Puts everything back; may be called any number of times. */
  restore(): void {
    for (const step of this.steps) step();
  }

  private save(object: object, enqueue: Enqueue): (() => void) | null {
    if (ArrayBuffer.isView(object)) return this.saveBuffer(object.buffer);
    if (object instanceof Map) return saveMap(object, enqueue);
    if (object instanceof Set) return saveSet(object, enqueue);
    if (Array.isArray(object)) return saveArray(object, enqueue);
    return saveRecord(object as Record<string, unknown>, enqueue);
  }

  /** Several views may look at the same bytes. */
  private saveBuffer(buffer: ArrayBufferLike): (() => void) | null {
    if (this.buffers.has(buffer)) return null;
    this.buffers.add(buffer);
    const bytes = new Uint8Array(buffer);
    const copy = bytes.slice();
    return () => bytes.set(copy);
  }
}

/** How one object is saved. */
export type Kind = "save" | "value" | "keep" | { readonly restore: () => void };

type Enqueue = (value: unknown) => void;

function saveMap(map: Map<unknown, unknown>, enqueue: Enqueue): () => void {
  const entries = [...map];
  for (const [key, value] of entries) {
    enqueue(key);
    enqueue(value);
  }
  return () => {
    map.clear();
    for (const [key, value] of entries) map.set(key, value);
  };
}

function saveSet(set: Set<unknown>, enqueue: Enqueue): () => void {
  const members = [...set];
  for (const member of members) enqueue(member);
  return () => {
    set.clear();
    for (const member of members) set.add(member);
  };
}

function saveArray(array: unknown[], enqueue: Enqueue): (() => void) | null {
  const copy = array.slice();
  for (const value of copy) enqueue(value);
  if (Object.isFrozen(array)) return null;
  return () => {
    if (array.length !== copy.length) array.length = copy.length;
    for (let i = 0; i < copy.length; i++) if (array[i] !== copy[i]) array[i] = copy[i];
  };
}

function saveRecord(object: Record<string, unknown>, enqueue: Enqueue): (() => void) | null {
  const keys = Object.keys(object);
  const values = keys.map((key) => object[key]);
  for (const value of values) enqueue(value);
  if (Object.isFrozen(object)) return null;
  // An instance has the fields of its class from its constructor on, and no others.
  if (Object.getPrototypeOf(object) !== Object.prototype) return () => restoreFields(object, values);
  return () => {
    dropOthers(object, keys);
    for (const [i, key] of keys.entries()) object[key] = values[i];
  };
}

/** Takes away the properties that have come since. */
function dropOthers(object: Record<string, unknown>, keys: readonly string[]): void {
  const kept = new Set(keys);
  for (const key of Object.keys(object)) if (!kept.has(key)) delete object[key];
}

/**
 * Sets the fields that have changed. Of all ways to read the fields of many classes in one place this is the quickest
 * by far: the engine knows where the next field stands.
 */
function restoreFields(object: Record<string, unknown>, values: readonly unknown[]): void {
  let i = 0;
  for (const key in object) {
    const value = values[i++];
    if (object[key] !== value) object[key] = value;
  }
}
