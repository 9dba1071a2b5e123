import {
  type ArgDescriptor,
  describeArg,
  type Pointee,
  type PointerDescriptor,
} from "../abi/arg-descriptor.ts";
import type { CompiledSyscall } from "../abi/compile.ts";
import type { CType, Role, ScalarInfo, ScalarName } from "../abi/ctype.ts";
import type { FlagSet } from "../abi/flags.ts";
import type { Form } from "../abi/forms.ts";
import type { StructDecl } from "../abi/struct.ts";
import type { Types } from "../abi/types.ts";

/** What an axis holds: a number, flag bits, where an object lies, what a buffer holds, what follows a struct. */
export type AxisKind = "scalar" | "flags" | "pointer" | "bytes" | "tail";

/** What lies behind a pointer. */
export interface PointedAt {
  readonly direction: "in" | "out" | "inout";
  readonly optional: boolean;
  readonly struct: StructDecl | null;
  /** The type of one element that is no struct. */
  readonly scalar: ScalarName | null;
  /** A string or a buffer: bytes that one axis fills. */
  readonly buffer: boolean;
  /** What says how far it goes; null for one object. */
  readonly unit: "count" | "size" | null;
  /** The axis that says so; −1 for none. */
  measure: number;
  /** Written field by field, as far as there is something to tell. */
  readonly partial: boolean;
  /** Elements that have axes of their own. */
  readonly elements: number;
}

/** One thing about a call that can be varied by itself. */
export interface Axis {
  readonly index: number;
  /** `size`, `uargs.flags`, `*len`, `vec[1].iov_base`, `buf.bytes`. */
  readonly path: string;
  readonly kind: AxisKind;
  /** The type of a scalar or flag word. */
  readonly type: ScalarName | null;
  readonly role: Role | null;
  readonly flags: FlagSet | null;
  /** The pointer in whose object it lies; −1 for an argument. */
  readonly holder: number;
  /** Which element of that object, and its field there; "" for the element itself. */
  readonly element: number;
  readonly field: string;
  readonly pointer: PointedAt | null;
  /** The pointer it measures; −1 for none. */
  measures: number;
}

/** A call taken apart: every argument, and every leaf of what pointers point at. */
export interface CallAxes {
  /** Position among the calls of its target. */
  readonly id: number;
  readonly name: string;
  /** The form it is taken apart as; null for a call that has none. */
  readonly form: string | null;
  readonly call: CompiledSyscall;
  /** Holders before what they hold. */
  readonly axes: readonly Axis[];
  readonly byPath: ReadonlyMap<string, Axis>;
  /** The argument that decides on the form, and its value. */
  readonly fixed: { readonly axis: number; readonly value: number } | null;
  /** Numbers that stand in the declaration: sizes, limits, versions. */
  readonly dictionary: readonly number[];
}

/** Pointers inside what pointers inside structs point at, and no deeper. */
const DEEPEST = 3;
const MOST_AXES = 160;
const STRUCT_ELEMENTS = 2;
const SCALAR_ELEMENTS = 4;

/** Takes a call apart: once for every form it has, or as it is. */
export function axesOf(call: CompiledSyscall, types: Types, firstId: number): CallAxes[] {
  const { forms } = call;
  if (forms === null) return [takeApart(call, types, null, firstId)];
  return [null, ...forms.of.values()].map((form, i) => takeApart(call, types, form, firstId + i));
}

function takeApart(call: CompiledSyscall, types: Types, form: Form | null, id: number): CallAxes {
  const builder = new Builder(types);
  const described = form === null ? call.args : form.args;
  for (const arg of described) builder.add(arg, arg.name, -1, 0, "", 0);
  // A form may use fewer registers than there are; the others are what they are for every value.
  for (const arg of call.args.slice(described.length)) builder.add(arg, arg.name, -1, 0, "", 0);
  builder.relate();
  const { axes } = builder;
  const byPath = new Map(axes.map((axis) => [axis.path, axis]));
  const fixed =
    form === null ? null : { axis: byPath.get(call.forms?.by ?? "")?.index ?? 0, value: form.value };
  return {
    id,
    name: call.name,
    form: form?.name ?? null,
    call,
    axes,
    byPath,
    fixed,
    dictionary: numbersIn(call),
  };
}

class Builder {
  readonly axes: Axis[] = [];
  private readonly types: Types;
  private readonly relations: { readonly pointer: Axis; readonly measure: string; readonly scope: string }[] =
    [];

  constructor(types: Types) {
    this.types = types;
  }

  /** @param path its own; @param holder the pointer in whose object it lies; @param field its place there */
  add(arg: ArgDescriptor, path: string, holder: number, element: number, field: string, depth: number): void {
    if (this.axes.length >= MOST_AXES) return;
    if (arg.pointer !== null) this.addPointer(arg.pointer, path, holder, element, field, depth);
    else if (arg.scalar !== null) {
      const type = typeof arg.type === "string" ? arg.type : (arg.type as { of: ScalarName }).of;
      const flags = arg.flags === null ? null : (this.types.flags(arg.flags) ?? null);
      const info: ScalarInfo = arg.scalar;
      const role = info.role ?? null;
      this.push({
        path,
        kind: flags === null ? "scalar" : "flags",
        type: type as ScalarName,
        role,
        flags,
        holder,
        element,
        field,
      });
    }
  }

  private push(parts: Partial<Axis> & Pick<Axis, "path" | "kind" | "holder" | "element" | "field">): Axis {
    const none = { type: null, role: null, flags: null, pointer: null };
    const axis: Axis = { ...none, ...parts, index: this.axes.length, measures: -1 };
    this.axes.push(axis);
    return axis;
  }

  private addPointer(
    to: PointerDescriptor,
    path: string,
    holder: number,
    element: number,
    field: string,
    depth: number,
  ): void {
    const { pointee, direction, optional } = to;
    const partial = to.partial === true || pointee.kind === "string";
    const struct = pointee.kind === "struct" ? pointee.decl : null;
    const scalar = pointee.kind === "scalar" ? pointee.name : null;
    const measure = to.count ?? to.size;
    const buffer = isBuffer(pointee, measure);
    const unit = measure === null ? null : to.count === null ? "size" : "count";
    const most = struct === null ? SCALAR_ELEMENTS : STRUCT_ELEMENTS;
    const elements = buffer ? 0 : unit === "count" ? most : 1;
    const pointer: PointedAt = {
      direction,
      optional,
      struct,
      scalar,
      buffer,
      unit,
      measure: -1,
      partial,
      elements,
    };
    const axis = this.push({ path, kind: "pointer", holder, element, field, pointer });
    if (measure !== null) this.relations.push({ pointer: axis, measure, scope: path.replace(/[^.]*$/, "") });
    if (direction === "out" || depth >= DEEPEST) return;
    const inside = { holder: axis.index, element: 0, field: "" };
    if (buffer) this.push({ path: `${path}.bytes`, kind: "bytes", ...inside });
    else this.addElements(pointer, path, axis.index, depth);
    if (unit === "size" && struct !== null) this.push({ path: `${path}.tail`, kind: "tail", ...inside });
  }

  private addElements(
    { struct, scalar, unit, elements }: PointedAt,
    path: string,
    holder: number,
    depth: number,
  ): void {
    for (let i = 0; i < elements; i++) {
      const at = unit === "count" ? `${path}[${i}]` : path;
      if (struct !== null) this.addFields(struct, at, holder, i, "", depth);
      else if (scalar !== null) {
        const own = unit === "count" ? at : `*${path}`;
        this.add(describeArg(own, scalar, this.types), own, holder, i, "", depth + 1);
      }
    }
  }

  private addFields(
    struct: StructDecl,
    path: string,
    holder: number,
    element: number,
    prefix: string,
    depth: number,
  ): void {
    for (const [name, type] of Object.entries(struct.fields))
      this.addField(type, `${path}.${name}`, holder, element, prefix + name, depth);
  }

  private addField(
    type: CType,
    path: string,
    holder: number,
    element: number,
    field: string,
    depth: number,
  ): void {
    if (typeof type === "object" && "array" in type) {
      for (let i = 0; i < Math.min(type.length, SCALAR_ELEMENTS); i++)
        this.addField(type.array, `${path}[${i}]`, holder, element, `${field}[${i}]`, depth);
    } else if (typeof type === "object" && "struct" in type) {
      const inner = this.types.struct(type.struct);
      if (inner !== undefined) this.addFields(inner, path, holder, element, `${field}.`, depth);
    } else this.add(describeArg(path, type, this.types), path, holder, element, field, depth + 1);
  }

  /** Joins each pointer and the number that measures it. */
  relate(): void {
    const byPath = new Map(this.axes.map((axis) => [axis.path, axis]));
    for (const { pointer, measure, scope } of this.relations) {
      let found = byPath.get(scope + measure) ?? byPath.get(measure);
      if (found?.kind === "pointer") found = byPath.get(`*${found.path}`);
      if (found === undefined || pointer.pointer === null) continue;
      pointer.pointer.measure = found.index;
      if (found.measures < 0) found.measures = pointer.index;
    }
  }
}

/** Strings, and bytes in a number that something says. */
function isBuffer(pointee: Pointee, measure: string | null): boolean {
  if (pointee.kind === "string") return true;
  return pointee.kind === "scalar" && pointee.info.size === 1 && measure !== null;
}

/** Every whole number that a declaration and the structs it names mention. */
function numbersIn(call: CompiledSyscall): number[] {
  const structs = call.args.flatMap((a) =>
    a.pointer?.pointee.kind === "struct" ? [a.pointer.pointee.decl] : [],
  );
  const texts = [
    ...call.ladder.map((rung) => rung.reason),
    call.decl.note ?? "",
    ...structs.map((s) => s.note ?? ""),
  ];
  const written = texts.join(" ").match(/(?<![\w.-])\d{1,10}(?![\w.-]*\d)/g) ?? [];
  const versions = structs.flatMap((s) => Object.values(s.versions ?? {}));
  return [...new Set([...written.map(Number), ...versions])];
}
