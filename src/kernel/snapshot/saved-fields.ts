type Instance = Record<string, unknown>;

/** Reads the fields of an instance, and sets those that have changed since. What is read is the copier's own form. */
interface FieldCopier {
  read(instance: Instance): unknown;
  restore(instances: readonly Instance[], saved: readonly unknown[]): void;
}

/** The instances of one class, and what was in their fields. */
interface Group {
  readonly copier: FieldCopier;
  readonly instances: Instance[];
  readonly saved: unknown[];
}

/** Copiers by the fields they are for. */
const copiers: Map<string, FieldCopier> = new Map();

/** What was in the fields of instances of classes, class by class. An instance always has the same fields. */
export class SavedFields {
  private readonly groups: Map<FieldCopier, Group> = new Map();

  /** Remembers an instance as it is now. */
  add(instance: Instance, keys: readonly string[]): void {
    const copier = copierOf(keys);
    let group = this.groups.get(copier);
    if (group === undefined) this.groups.set(copier, (group = { copier, instances: [], saved: [] }));
    group.instances.push(instance);
    group.saved.push(copier.read(instance));
  }

  /** Sets the fields that have changed. */
  restore(): void {
    for (const { copier, instances, saved } of this.groups.values()) copier.restore(instances, saved);
  }
}

function copierOf(keys: readonly string[]): FieldCopier {
  const id = keys.join();
  let copier = copiers.get(id);
  if (copier === undefined) copiers.set(id, (copier = compiled(keys) ?? generic(keys)));
  return copier;
}

/**
 * Code of its own for the instances of each class: one loop over the fields of all classes reads every one of them ten
 * times as slowly, because the engine cannot know where it stands. Null where code may not be made from text, as in a
 * page with a strict content security policy.
 */
function compiled(keys: readonly string[]): FieldCopier | null {
  if (!keys.every((key) => /^[A-Za-z_$][\w$]*$/.test(key))) return null;
  const sets = keys.map((key) => `if (o.${key} !== s.${key}) o.${key} = s.${key};`).join("\n");
  const loop = `for (let i = 0; i < os.length; i++) { const o = os[i], s = ss[i];\n${sets} }`;
  try {
    return {
      read: new Function(
        "o",
        `return {${keys.map((key) => `${key}: o.${key}`).join()}};`,
      ) as FieldCopier["read"],
      restore: new Function("os", "ss", loop) as FieldCopier["restore"],
    };
  } catch {
    return null;
  }
}

/** The same without code of its own: what is saved are the values in the order of their fields, which never changes. */
function generic(keys: readonly string[]): FieldCopier {
  return {
    read: (instance) => keys.map((key) => instance[key]),
    restore(instances, saved) {
      for (let i = 0; i < instances.length; i++)
        setFields(instances[i] as Instance, saved[i] as readonly unknown[]);
    },
  };
}

function setFields(instance: Instance, values: readonly unknown[]): void {
  let i = 0;
  for (const key in instance) {
    const value = values[i++];
    if (instance[key] !== value) instance[key] = value;
  }
}
