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

/** What does not fit, found at the bottom and given its path on the way up. */
interface Fault {
  readonly value: unknown;
  readonly schema: Schema;
  /** Names and indexes on the way to it, the innermost first. */
  readonly way: (string | number)[];
  /** What is wrong, where it is not the value itself. */
  readonly message: string | null;
}

type Check = (value: unknown) => Fault | null;

const compiled: WeakMap<object, Check> = new WeakMap();

/**
 * Holds a JSON value against a schema and says what is wrong first, in the words of the schema's `title` (what the
 * value is) and `description` (how to write it). Null when it fits.
 */
export function firstMisfit(value: unknown, schema: Readonly<Record<string, unknown>>): Misfit | null {
  let check = compiled.get(schema);
  if (check === undefined) compiled.set(schema, (check = checkOf(schema, new Map(), schema)));
  const fault = check(value);
  if (fault === null) return null;
  return { path: pathOf(fault.way), message: fault.message ?? misfit(fault.value, fault.schema) };
}

/** The check of a schema. Schemas may refer to one another in circles, so one that is on its way is waited for. */
function checkOf(ref: Schema, known: Map<Schema, Check>, root: Schema): Check {
  const s = ref.$ref === undefined ? ref : (root.$defs?.[ref.$ref.slice("#/$defs/".length)] as Schema);
  const done = known.get(s);
  if (done !== undefined) return done;
  let check: Check | null = null;
  known.set(s, (value) => (check as Check)(value));
  check = build(s, (inner) => checkOf(inner, known, root));
  known.set(s, check);
  return check;
}

function build(s: Schema, of: (inner: Schema) => Check): Check {
  if (s.oneOf !== undefined) return chooseByTag(s, s.oneOf, of);
  if (s.anyOf !== undefined) {
    const branches = s.anyOf.map(of);
    return (value) => (branches.some((branch) => branch(value) === null) ? null : faultOf(value, s));
  }
  const fits = scalarCheck(s);
  const array = arrayCheck(s, of);
  const object = objectCheck(s, of);
  return (value) => {
    if (!fits(value)) return faultOf(value, s);
    if (Array.isArray(value)) return array(value);
    return typeof value === "object" && value !== null ? object(value as Record<string, unknown>) : null;
  };
}

/** Of several kinds of object, the one whose constants are those of the value. */
function chooseByTag(s: Schema, branches: readonly Schema[], of: (inner: Schema) => Check): Check {
  const kinds = branches.map((branch) => ({
    tags: Object.entries(branch.properties ?? {}).flatMap(([name, property]) =>
      property.const === undefined ? [] : [[name, property.const] as const],
    ),
    check: of(branch),
  }));
  return (value) => {
    if (typeof value !== "object" || value === null) return faultOf(value, s);
    const given = value as Record<string, unknown>;
    const kind = kinds.find(({ tags }) => tags.every(([name, constant]) => given[name] === constant));
    return kind === undefined ? faultOf(value, s) : kind.check(value);
  };
}

function scalarCheck(s: Schema): (value: unknown) => boolean {
  const types = s.type === undefined ? null : [s.type].flat();
  const pattern = s.pattern === undefined ? null : new RegExp(s.pattern);
  const { minLength = 0, minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = s;
  return (value) => {
    if (types !== null && !types.includes(typeOf(value, s))) return false;
    if (s.const !== undefined && value !== s.const) return false;
    if (s.enum !== undefined && !s.enum.includes(value)) return false;
    if (typeof value === "string") return value.length >= minLength && pattern?.test(value) !== false;
    return typeof value !== "number" || (value >= minimum && value <= maximum);
  };
}

function arrayCheck(s: Schema, of: (inner: Schema) => Check): (items: readonly unknown[]) => Fault | null {
  const { maxItems = Number.POSITIVE_INFINITY } = s;
  const item = s.items === undefined ? null : of(s.items);
  return (items) => {
    if (items.length > maxItems) return faultOf(items, s);
    for (let i = 0; item !== null && i < items.length; i++) {
      const fault = item(items[i]);
      if (fault !== null) return under(i, fault);
    }
    return null;
  };
}

function objectCheck(
  s: Schema,
  of: (inner: Schema) => Check,
): (given: Record<string, unknown>) => Fault | null {
  const own = new Map(Object.entries(s.properties ?? {}).map(([name, property]) => [name, of(property)]));
  const others = typeof s.additionalProperties === "object" ? of(s.additionalProperties) : null;
  const names = s.propertyNames === undefined ? null : new RegExp(s.propertyNames.pattern);
  return (given) => {
    for (const name of s.required ?? [])
      if (!Object.hasOwn(given, name)) return under(name, faultOf(given, s, `is missing: ${hint(s)}`));
    for (const name of Object.keys(given))
      if ((!own.has(name) && others === null) || names?.test(name) === false)
        return under(name, faultOf(given, s, unknownName(s)));
    for (const name of Object.keys(given)) {
      const fault = (own.get(name) ?? others)?.(given[name]) ?? null;
      if (fault !== null) return under(name, fault);
    }
    return null;
  };
}

function unknownName(s: Schema): string {
  const there = s.properties === undefined ? hint(s) : `there are ${Object.keys(s.properties).join(", ")}`;
  return `is not known here: ${there}`;
}

function faultOf(value: unknown, schema: Schema, message: string | null = null): Fault {
  return { value, schema, way: [], message };
}

function under(step: string | number, fault: Fault): Fault {
  fault.way.push(step);
  return fault;
}

function pathOf(way: readonly (string | number)[]): string {
  return way.reduceRight<string>(
    (path, step) => (typeof step === "number" ? `${path}[${step}]` : member(path, step)),
    "",
  );
}

function typeOf(value: unknown, s: Schema): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number" && Number.isInteger(value) && s.type !== "number") return "integer";
  return typeof value;
}

function misfit(value: unknown, s: Schema): string {
  return `${brief(value)} is not ${s.title ?? "what stands here"}: ${hint(s)}`;
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
