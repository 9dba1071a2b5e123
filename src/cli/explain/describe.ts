import type { CompiledSyscall } from "../../abi/compile.ts";
import { type CType, pointerOf } from "../../abi/ctype.ts";
import type { DataModel } from "../../abi/data-model.ts";
import { specOf, type TableId } from "../../abi/numbers.ts";
import type { Registry } from "../../abi/registry.ts";
import { layoutOf, type StructDecl } from "../../abi/struct.ts";
import { kernelVersion } from "../../abi/version.ts";
import type { ArchName } from "../../arch/arch-name.ts";
import { ENTRY_PATHS } from "../../arch/entry.ts";
import type { EntryPath } from "../../arch/entry-path.ts";
import type { Profile } from "../../kernel/profile/index.ts";
import { QUIRKS } from "../../kernel/quirk/catalogue.ts";
import { ctypeText } from "../../kernel/trace/ctype-text.ts";
import { fieldType } from "../c-types.ts";
import { argumentPlace, registerName } from "../registers.ts";
import type {
  ExplainedArgument,
  ExplainedLayout,
  ExplainedNumber,
  ExplainedNumbers,
  ExplainedQuirk,
  ExplainedRung,
  ExplainedStruct,
  Explanation,
} from "./explanation.ts";

/** What of a call is explained. */
export interface Scope {
  /** The kernels whose entry paths, tables and layouts are shown. */
  readonly archs: readonly ArchName[];
  /** The eras whose numbers are shown; with one, errnos are that era's too. */
  readonly profiles: readonly Profile[];
}

/** Explains a call: everything comes from its declaration and the registry. */
export function describe(registry: Registry, call: CompiledSyscall, scope: Scope): Explanation {
  const { decl } = call;
  const all = Object.values(ENTRY_PATHS).filter((path) => scope.archs.includes(path.kernel));
  const numbers = tablesOf(call, all).map((table) => numbersOf(registry, call, table, scope.profiles));
  // An entry path on which the call has no number says nothing about its registers.
  const numbered = all.filter((path) => hasNumber(numbers, path.table));
  const paths = numbered.length > 0 ? numbered : all;
  return {
    call: call.name,
    prototype: prototypeOf(call),
    support: decl.support,
    since: decl.since ?? null,
    until: decl.until ?? null,
    note: decl.note ?? null,
    arguments: argumentsOf(call, paths),
    returns: {
      type: ctypeText(decl.returns),
      places: byPath(paths, (path) => registerName(path, path.convention.result)),
    },
    numbers,
    structs: structsOf(registry, call, all),
    ladder: ladderOf(call, scope.profiles),
    quirks: quirksOf(call, scope.profiles),
    effects: decl.effects ?? [],
    provenance: decl.provenance,
  };
}

function prototypeOf({ name, decl, args }: CompiledSyscall): string {
  const list = args.map((arg) => declarator(ctypeText(arg.type), arg.name)).join(", ");
  return `${declarator(ctypeText(decl.returns), name)}(${list || "void"})`;
}

/** `int *` and `p` are `int *p` in C. */
function declarator(type: string, name: string): string {
  return type.endsWith("*") ? type + name : `${type} ${name}`;
}

function byPath(paths: readonly EntryPath[], place: (path: EntryPath) => string): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path.name, place(path)]));
}

function argumentsOf(call: CompiledSyscall, paths: readonly EntryPath[]): ExplainedArgument[] {
  return call.args.map(({ name, type }) => ({
    name,
    type: ctypeText(type),
    remarks: remarksOn(type),
    places: byPath(paths, (path) =>
      argumentPlace(path, call.argOrder(path.convention.cloneOrder).indexOf(name)),
    ),
  }));
}

function remarksOn(type: CType): string[] {
  if (typeof type === "string") return type === "fd" || type === "signal" ? [type] : [];
  if ("flags" in type) return [type.flags];
  if ("string" in type) return [type.string, ...(type.size === undefined ? [] : [`${type.size} bytes`])];
  const pointer = pointerOf(type);
  if (pointer === null) return [];
  return [
    pointer.direction,
    ...(pointer.optional ? ["optional"] : []),
    ...(pointer.count === undefined ? [] : [`${pointer.count} elements`]),
    ...(pointer.size === undefined ? [] : [`${pointer.size} bytes`]),
  ];
}

/** The tables of these entry paths, and the others the declaration has a number in: of one kernel, those of no kernel here. */
function tablesOf({ decl }: CompiledSyscall, paths: readonly EntryPath[]): TableId[] {
  const own = new Set(paths.map((path) => path.table));
  const narrow = new Set(paths.map((path) => path.kernel)).size === 1;
  const hidden = new Set(narrow ? Object.values(ENTRY_PATHS).map((path) => path.table) : own);
  const elsewhere = (Object.keys(decl.numbers) as TableId[]).filter((table) => !hidden.has(table));
  return [...own, ...elsewhere];
}

function numbersOf(
  registry: Registry,
  call: CompiledSyscall,
  table: TableId,
  profiles: readonly Profile[],
): ExplainedNumbers {
  const spec = specOf(call.decl.numbers, table);
  const number = (profile: Profile): ExplainedNumber => {
    const kernel = kernelVersion(profile.kernel);
    const resolved = registry.resolve(call.name, table, { name: profile.name, kernel });
    if (resolved !== null) return { nr: resolved.nr, remark: resolved.remark };
    if (typeof spec === "object" && "absent" in spec) return { nr: null, absent: spec.absent };
    if (kernel < call.since) return { nr: null, absent: `it came in ${call.decl.since}` };
    if (kernel >= call.until) return { nr: null, absent: `it was gone in ${call.decl.until}` };
    return { nr: null, absent: "the declaration names none" };
  };
  return { table, profiles: Object.fromEntries(profiles.map((profile) => [profile.name, number(profile)])) };
}

function hasNumber(numbers: readonly ExplainedNumbers[], table: string): boolean {
  const row = numbers.find((n) => n.table === table);
  return Object.values(row?.profiles ?? {}).some(({ nr }) => nr !== null);
}

/** The structs the arguments lead to, in the order they are met. */
function structsOf(
  registry: Registry,
  call: CompiledSyscall,
  paths: readonly EntryPath[],
): ExplainedStruct[] {
  const models = [...new Set(paths.map((path) => path.model))];
  const found = new Map<string, StructDecl>();
  const look = (type: CType): void => {
    const decl = registry.types.struct(structIn(type));
    if (decl === undefined || found.has(decl.struct)) return;
    found.set(decl.struct, decl);
    for (const field of Object.values(decl.fields)) look(field);
  };
  for (const arg of call.args) look(arg.type);
  return [...found.values()].map((decl) => ({
    struct: decl.struct,
    note: decl.note ?? null,
    layouts: models.map((model) => explainedLayout(decl, model, registry)),
  }));
}

/** The name of the struct a type is, holds or points at; empty for none. */
function structIn(type: CType): string {
  if (typeof type === "string") return "";
  if ("array" in type) return structIn(type.array);
  if ("struct" in type) return type.struct;
  return pointerOf(type)?.to ?? "";
}

function explainedLayout(decl: StructDecl, model: DataModel, registry: Registry): ExplainedLayout {
  const { size, align, fields, holes, tailPadding } = layoutOf(decl, model, registry.types);
  return {
    model: model.name,
    size,
    align,
    fields: fields.map((field) => ({
      name: field.name,
      type: fieldType(field.type),
      remarks: remarksOn(field.type),
      offset: field.offset,
      size: field.size,
    })),
    holes,
    tailPadding,
  };
}

function ladderOf(call: CompiledSyscall, profiles: readonly Profile[]): ExplainedRung[] {
  const [profile, ...more] = profiles;
  const overrides = more.length === 0 ? (profile?.errno ?? {}) : {};
  const seen = new Set(profiles.flatMap(({ kernel }) => call.ladderIn(kernelVersion(kernel))));
  return call.ladder
    .filter((rung) => seen.has(rung))
    .map(({ id, errno, rules, reason, from, since, until }, i) => ({
      place: i + 1,
      id,
      errno: overrides[id] ?? errno,
      rules,
      reason,
      from,
      // Of one era it needs no saying that it is of that era.
      since: more.length === 0 ? null : (since ?? null),
      until: more.length === 0 ? null : (until ?? null),
    }));
}

/** The quirks that show in the call, of these eras and of none. */
function quirksOf(call: CompiledSyscall, profiles: readonly Profile[]): ExplainedQuirk[] {
  const names = profiles.map(({ name }) => name);
  return QUIRKS.filter(
    (quirk) =>
      quirk.calls.includes(call.name) &&
      (quirk.profiles.length === 0 || quirk.profiles.some((name) => names.includes(name))),
  ).map((quirk) => ({
    id: quirk.id,
    title: quirk.title,
    happens: quirk.happens,
    switch: "noSwitch" in quirk ? null : { default: quirk.default, off: quirk.off, on: quirk.on },
    noSwitch: "noSwitch" in quirk ? quirk.noSwitch : null,
    advice: quirk.advice,
    profiles: quirk.profiles,
    tables: quirk.tables ?? null,
  }));
}
