import { SavedFields } from "./saved-fields.ts";

/**
 * Keeps the contents of an object graph and puts them back into the same objects, so that references a host holds
 * stay good across a restore.
 */
export class Memento {
  private readonly seen: Set<object> = new Set();
  private readonly buffers: Set<ArrayBufferLike> = new Set();
  private readonly fields: SavedFields = new SavedFields();
  private readonly arrays: SavedArray[] = [];
  /** What else it takes to go back. */
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
      if (how === "save") this.save(object, enqueue);
      else this.steps.push(how.restore);
    }
  }

  /** Whether `object` was reachable when this was taken. */
  has(object: object): boolean {
    return this.seen.has(object);
  }

  /** Puts everything back; may be called any number of times. */
  restore(): void {
    this.fields.restore();
    for (const { array, copy } of this.arrays) {
      if (array.length !== copy.length) array.length = copy.length;
      for (let i = 0; i < copy.length; i++) if (array[i] !== copy[i]) array[i] = copy[i];
    }
    for (const step of this.steps) step();
  }

  private save(object: object, enqueue: Enqueue): void {
    if (ArrayBuffer.isView(object)) this.saveBuffer(object.buffer);
    else if (object instanceof Map) this.steps.push(saveMap(object, enqueue));
    else if (object instanceof Set) this.steps.push(saveSet(object, enqueue));
    else if (Array.isArray(object)) this.saveArray(object, enqueue);
    else this.saveRecord(object as Record<string, unknown>, enqueue);
  }

  /** Several views may look at the same bytes. */
  private saveBuffer(buffer: ArrayBufferLike): void {
    if (this.buffers.has(buffer)) return;
    this.buffers.add(buffer);
    const bytes = new Uint8Array(buffer);
    const copy = bytes.slice();
    this.steps.push(() => bytes.set(copy));
  }

  private saveArray(array: unknown[], enqueue: Enqueue): void {
    for (const value of array) enqueue(value);
    if (!Object.isFrozen(array)) this.arrays.push({ array, copy: array.slice() });
  }

  private saveRecord(object: Record<string, unknown>, enqueue: Enqueue): void {
    const keys = Object.keys(object);
    for (const key of keys) enqueue(object[key]);
    if (Object.isFrozen(object)) return;
    // An instance has the fields of its class from its constructor on, and no others.
    if (Object.getPrototypeOf(object) === Object.prototype) this.steps.push(saveProperties(object, keys));
    else this.fields.add(object, keys);
  }
}

interface SavedArray {
  readonly array: unknown[];
  readonly copy: readonly unknown[];
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

function saveProperties(object: Record<string, unknown>, keys: readonly string[]): () => void {
  const values = keys.map((key) => object[key]);
  return () => {
    for (const [i, key] of keys.entries()) object[key] = values[i];
    dropOthers(object, keys);
  };
}

/** Takes away the properties that have come since; those that were there are there. */
function dropOthers(object: Record<string, unknown>, keys: readonly string[]): void {
  if (Object.keys(object).length === keys.length) return;
  const kept = new Set(keys);
  for (const key of Object.keys(object)) if (!kept.has(key)) delete object[key];
}
