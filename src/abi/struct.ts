import {
  type CType,
  isScalarName,
  pointerOf,
  pointerSize,
  SCALARS,
  type ScalarInfo,
  scalarSize,
} from "./ctype.ts";
import type { DataModel } from "./data-model.ts";
import { DeclarationError } from "./declaration-error.ts";
import { FieldAccessor } from "./field-accessor.ts";
import { leafPaths, type Place, reach, type Shape } from "./field-path.ts";

/** A C struct as a literal: its fields in order. Bit fields are written as the integer that holds them. */
export interface StructDecl {
  readonly struct: string;
  readonly fields: Readonly<Record<string, CType>>;
  /** Sizes in bytes of published versions, for structs that grow (clone_args VER0 = 64 …). */
  readonly versions?: Readonly<Record<string, number>>;
  /** Bytes, where a union the fields do not show makes it longer than they do. */
  readonly size?: number;
  /** Fields that are structs without a name of their own: what is in them is printed as if it stood outside. */
  readonly anonymous?: readonly string[];
  /** Data models, by name, under which the struct is packed. */
  readonly packed?: readonly string[];
  readonly note?: string;
}

/** Where one field lies. */
export interface FieldLayout {
  readonly name: string;
  readonly type: CType;
  /** Bytes from the start of the struct. */
  readonly offset: number;
  readonly size: number;
  readonly align: number;
}

/** Bytes no field owns. */
export interface Hole {
  readonly offset: number;
  readonly size: number;
}

/** Where inner structs are looked up. */
export interface StructLookup {
  struct(name: string): StructDecl | undefined;
}

/** A struct as one data model lays it out: C's own rule, every field at the next multiple of its alignment. */
export class StructLayout {
  readonly name: string;
  readonly decl: StructDecl;
  readonly model: DataModel;
  /** Bytes, tail padding included. */
  readonly size: number;
  readonly align: number;
  readonly fields: readonly FieldLayout[];
  /** Padding between fields; the tail has {@link tailPadding}. */
  readonly holes: readonly Hole[];
  readonly tailPadding: number;
  /** The structs it holds by value, at any depth: the layout is good for every table that agrees on these. */
  readonly inner: ReadonlyMap<string, StructDecl>;
  private readonly accessors: Map<string, FieldAccessor> = new Map();
  /** The fields with what is inside them. */
  readonly members: ReadonlyMap<string, Place>;
  private leaves: readonly string[] | null = null;

  /** @throws DeclarationError for a struct without fields and a field of unknown type */
  constructor(decl: StructDecl, model: DataModel, types: StructLookup) {
    this.name = decl.struct;
    this.decl = decl;
    this.model = model;
    const packed = decl.packed?.includes(model.name) ?? false;
    const fields: FieldLayout[] = [];
    const holes: Hole[] = [];
    const inner = new Map<string, StructDecl>();
    const members = new Map<string, Place>();
    let end = 0;
    let align = 1;
    for (const [name, type] of Object.entries(decl.fields)) {
      const shape = shapeOf(type, model, types, `struct ${decl.struct}.${name}`, inner);
      const fieldAlign = packed ? 1 : shape.align;
      const offset = roundUp(end, fieldAlign);
      if (offset > end) holes.push({ offset: end, size: offset - end });
      fields.push({ name, type, offset, size: shape.size, align: fieldAlign });
      members.set(name, { shape, offset });
      end = offset + shape.size;
      align = Math.max(align, fieldAlign);
    }
    if (fields.length === 0) throw new DeclarationError(`struct ${decl.struct}`, "has no fields");
    this.fields = fields;
    this.holes = holes;
    this.align = align;
    this.size = roundUp(Math.max(end, decl.size ?? 0), align);
    this.tailPadding = this.size - end;
    this.inner = inner;
    this.members = members;
  }

  /**
   * Reads and writes one field.
   * @param path a field, or a way into one: `ru_utime.tv_sec`, `pids[2]`
   * @throws RangeError when the struct has no such field
   */
  field(path: string): FieldAccessor {
    let accessor = this.accessors.get(path);
    if (accessor === undefined) {
      const place = reach(this.members, path);
      if (place === undefined) throw new RangeError(`struct ${this.name} has no field ${path}`);
      const { size, width, signed } = place.shape;
      accessor = new FieldAccessor(place.offset, size, width, signed, this.model.littleEndian);
      this.accessors.set(path, accessor);
    }
    return accessor;
  }

  /**
   * Every scalar and pointer as a value: a number, or a bigint when 8 bytes wide. Fields of inner structs and elements
   * of arrays stand under their paths.
   */
  read(view: DataView, at: number): Record<string, number | bigint> {
    this.leaves ??= leafPaths(this.members);
    const values: Record<string, number | bigint> = {};
    for (const path of this.leaves) {
      const accessor = this.field(path);
      values[path] = accessor.width === 8 ? accessor.big(view, at) : accessor.int(view, at);
    }
    return values;
  }

  /** Writes the fields named in `values`, by path; holes and other fields keep their bytes. @throws RangeError */
  write(view: DataView, at: number, values: Readonly<Record<string, number | bigint>>): void {
    for (const [path, value] of Object.entries(values)) this.field(path).set(view, at, value);
  }

  /** Where everything lies, as plain data. */
  toJSON(): object {
    const { name, model, size, align, fields, holes, tailPadding } = this;
    return { struct: name, model: model.name, size, align, fields, holes, tailPadding };
  }
}

/** @param inner collects the structs the type holds by value */
function shapeOf(
  type: CType,
  model: DataModel,
  types: StructLookup,
  where: string,
  inner: Map<string, StructDecl>,
): Shape {
  if (typeof type === "string") {
    if (!isScalarName(type)) throw new DeclarationError(where, `no type is called ${String(type)}`);
    const size = scalarSize(type, model);
    const { align, signed }: ScalarInfo = SCALARS[type];
    return { size, align: align ?? alignOfWord(size, model), width: size, signed };
  }
  if ("flags" in type) return shapeOf(type.of, model, types, where, inner);
  if ("array" in type) {
    if (!(type.length > 0))
      throw new DeclarationError(where, `an array of ${type.length} elements: at least 1`);
    const element = shapeOf(type.array, model, types, where, inner);
    const size = element.size * type.length;
    return { size, align: element.align, width: 0, signed: false, element, length: type.length };
  }
  if ("struct" in type) {
    const decl = types.struct(type.struct);
    if (decl === undefined) throw new DeclarationError(where, `no struct is called ${type.struct}`);
    const layout = layoutOf(decl, model, types);
    inner.set(type.struct, decl);
    for (const [name, deeper] of layout.inner) inner.set(name, deeper);
    const { size, align, members } = layout;
    return { size, align, width: 0, signed: false, members };
  }
  if ("string" in type || pointerOf(type) !== null) {
    const size = pointerSize(type, model);
    // An address kept in 64 bits is an __aligned_u64.
    const align = size > model.pointer ? size : alignOfWord(size, model);
    return { size, align, width: size, signed: false };
  }
  throw new DeclarationError(where, "is not a type");
}

/** Integers are aligned to their size, up to what the ABI aligns at all. */
function alignOfWord(size: number, model: DataModel): number {
  return Math.min(size, model.align64);
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

/** Bytes of a type under a data model. @throws DeclarationError for an unknown type or struct */
export function sizeOf(type: CType, model: DataModel, types: StructLookup = NO_TYPES): number {
  return shapeOf(type, model, types, "type", new Map()).size;
}

/** Alignment of a type inside a struct, in bytes. @throws DeclarationError for an unknown type or struct */
export function alignOf(type: CType, model: DataModel, types: StructLookup = NO_TYPES): number {
  return shapeOf(type, model, types, "type", new Map()).align;
}

const NO_TYPES: StructLookup = { struct: () => undefined };

/** Layouts by declaration, one for each data model and each meaning of the names the declaration uses. */
const CACHE: WeakMap<StructDecl, StructLayout[]> = new WeakMap();

/** Structs whose layout is being computed: meeting one again means it contains itself. */
const UNDER_WAY: Set<StructDecl> = new Set();

/**
 * The layout of `decl` under `model`; computed once.
 * @param types where the structs it holds by value are found
 * @throws DeclarationError for a field of unknown type, a struct without fields and one that contains itself
 * @example
 * ```ts
 * import { I386, LP64, layoutOf } from "trapgate";
 * const set = { struct: "set", fields: { count: "int", pids: { in: "pid_t", count: "count" } } } as const;
 * console.log(layoutOf(set, LP64).size, layoutOf(set, LP64).field("pids").offset); // 16 8
 * console.log(layoutOf(set, I386).size, layoutOf(set, I386).field("pids").offset); // 8 4
 * ```
 */
export function layoutOf(decl: StructDecl, model: DataModel, types: StructLookup = NO_TYPES): StructLayout {
  let known = CACHE.get(decl);
  if (known === undefined) {
    known = [];
    CACHE.set(decl, known);
  }
  for (const layout of known) if (layout.model === model && agrees(layout, types)) return layout;
  if (UNDER_WAY.has(decl)) throw new DeclarationError(`struct ${decl.struct}`, "contains itself");
  UNDER_WAY.add(decl);
  try {
    const layout = new StructLayout(decl, model, types);
    known.push(layout);
    return layout;
  } finally {
    UNDER_WAY.delete(decl);
  }
}

function agrees(layout: StructLayout, types: StructLookup): boolean {
  if (layout.inner.size === 0) return true;
  for (const [name, decl] of layout.inner) if (types.struct(name) !== decl) return false;
  return true;
}
