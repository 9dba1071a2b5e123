/** Something does not fit its schema: where, and what to do. */
export interface Misfit {
  /** The way to it: `program[0].args[1]`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** The part of JSON Schema that the case format is written in. */
interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: { readonly pattern: string };
  readonly required?: readonly string[];
  readonly additionalProperties?: false | Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/**
 * Holds a JSON value against a schema and says what is wrong first, in the words of the schema's `title` (what the
 * value is) and `description` (how to write it). Null when it fits.
 */
export function firstMisfit(value: unknown, schema: Readonly<Record<string, unknown>>): Misfit | null {
  const root = schema as Schema;
  const resolve = (s: Schema): Schema =>
    s.$ref === undefined ? s : (root.$defs?.[s.$ref.slice("#/$defs/".length)] as Schema);

  const check = (given: unknown, ref: Schema, path: string): Misfit | null => {
    const s = resolve(ref);
    if (s.oneOf !== undefined) {
      const chosen = s.oneOf.find((branch) => tagFits(given, branch));
      return chosen === undefined ? misfit(given, s, path) : check(given, chosen, path);
    }
    if (s.anyOf !== undefined) {
      return s.anyOf.some((branch) => check(given, branch, path) === null) ? null : misfit(given, s, path);
    }
    if (!scalarFits(given, s)) return misfit(given, s, path);
    if (Array.isArray(given)) {
      if (given.length > (s.maxItems ?? Number.POSITIVE_INFINITY)) return misfit(given, s, path);
      return s.items === undefined ? null : first(given.map((item, i) => [item, s.items, `${path}[${i}]`]));
    }
    if (typeof given !== "object" || given === null) return null;
    return checkObject(given as Record<string, unknown>, s, path);
  };

  const checkObject = (given: Record<string, unknown>, s: Schema, path: string): Misfit | null => {
    const missing = s.required?.find((name) => !Object.hasOwn(given, name));
    if (missing !== undefined) return { path: member(path, missing), message: `is missing: ${hint(s)}` };
    const names = s.propertyNames && patternOf(s.propertyNames.pattern);
    for (const name of Object.keys(given)) {
      const known = Object.hasOwn(s.properties ?? {}, name) || typeof s.additionalProperties === "object";
      if (!known || names?.test(name) === false) {
        const there =
          s.properties === undefined ? hint(s) : `there are ${Object.keys(s.properties).join(", ")}`;
        return { path: member(path, name), message: `is not known here: ${there}` };
      }
    }
    return first(
      Object.entries(given).map(([name, item]) => {
        const own = Object.hasOwn(s.properties ?? {}, name) ? s.properties?.[name] : undefined;
        return [item, own ?? (s.additionalProperties as Schema), member(path, name)];
      }),
    );
  };

  const first = (items: readonly (readonly [unknown, Schema | undefined, string])[]): Misfit | null => {
    for (const [item, s, path] of items) {
      const found = s === undefined ? null : check(item, s, path);
      if (found !== null) return found;
    }
    return null;
  };

  return check(value, root, "");
}

/** Whether the constants of a branch are those of the value: which of several kinds of object it is. */
function tagFits(value: unknown, branch: Schema): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(branch.properties ?? {}).every(
    ([name, s]) => s.const === undefined || (value as Record<string, unknown>)[name] === s.const,
  );
}

const patterns: Map<string, RegExp> = new Map();

/** A pattern of a schema, compiled once. */
function patternOf(source: string): RegExp {
  let pattern = patterns.get(source);
  if (pattern === undefined) {
    pattern = new RegExp(source);
    patterns.set(source, pattern);
  }
  return pattern;
}

function scalarFits(value: unknown, s: Schema): boolean {
  if (s.type !== undefined && ![s.type].flat().includes(typeOf(value, s))) return false;
  if (s.const !== undefined && value !== s.const) return false;
  if (s.enum !== undefined && !s.enum.includes(value)) return false;
  if (typeof value === "string")
    return (
      value.length >= (s.minLength ?? 0) && (s.pattern === undefined || patternOf(s.pattern).test(value))
    );
  if (typeof value === "number") return value >= (s.minimum ?? value) && value <= (s.maximum ?? value);
  return true;
}

function typeOf(value: unknown, s: Schema): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number" && Number.isInteger(value) && s.type !== "number") return "integer";
  return typeof value;
}

function misfit(value: unknown, s: Schema, path: string): Misfit {
  return { path, message: `${brief(value)} is not ${s.title ?? "what stands here"}: ${hint(s)}` };
}

function hint(s: Schema): string {
  return s.description ?? "";
}

const LONGEST = 40;

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function member(path: string, name: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}
