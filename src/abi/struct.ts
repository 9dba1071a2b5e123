import type { CType } from "./ctype.ts";
import { isScalarName, pointerOf, SCALARS, scalarSize } from "./ctype.ts";
import type { DataModel } from "./data-model.ts";
import { DeclarationError } from "./declaration-error.ts";
import { FieldAccessor } from "./field-accessor.ts";

/** A C struct as a literal: its fields in order. */
export interface StructDecl {
  readonly struct: string;
  readonly fields: Readonly<Record<string, CType>>;
  /** Sizes in bytes of published versions, for structs that grow (clone_args VER0 = 64 …). */
  readonly versions?: Readonly<Record<string, number>>;
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

/** Where inner structs and flag sets are looked up. */
export interface StructLookup {
  struct(name: string): StructDecl | undefined;
}

/** A struct as one data model lays it out. */
export class StructLayout {
  readonly name: string;
  readonly decl: StructDecl;
  readonly model: DataModel;
  /** Bytes, tail padding included. */
  readonly size: number;
  readonly align: number;
  readonly fields: readonly FieldLayout[];
  readonly holes: readonly Hole[];
  readonly tailPadding: number;
  private readonly accessors: Map<string, FieldAccessor> = new Map();

  constructor(decl: StructDecl, model: DataModel, types: StructLookup) {
    this.name = decl.struct;
    this.decl = decl;
    this.model = model;
    const packed = decl.packed?.includes(model.name) ?? false;
    const fields: FieldLayout[] = [];
    const holes: Hole[] = [];
    let end = 0;
    let align = 1;
    for (const [name, type] of Object.entries(decl.fields)) {
      const extent = extentOf(type, model, types, `struct ${decl.struct}.${name}`);
      const fieldAlign = packed ? 1 : extent.align;
      const offset = roundUp(end, fieldAlign);
      if (offset > end) holes.push({ offset: end, size: offset - end });
      fields.push({ name, type, offset, size: extent.size, align: fieldAlign });
      end = offset + extent.size;
      align = Math.max(align, fieldAlign);
      this.accessors.set(name, new FieldAccessor(offset, extent.size, extent.signed, model.littleEndian));
    }
    this.fields = fields;
    this.holes = holes;
    this.align = align;
    this.size = roundUp(end, align);
    this.tailPadding = this.size - end;
  }

  /** Reads and writes one field. @throws RangeError when the struct has no such field */
  field(name: string): FieldAccessor {
    const accessor = this.accessors.get(name);
    if (accessor === undefined) throw new RangeError(`struct ${this.name} has no field ${name}`);
    return accessor;
  }

  /** Every scalar or pointer field as a value: a number, or a bigint when 8 bytes wide. */
  read(view: DataView, at: number): Record<string, number | bigint> {
    const values: Record<string, number | bigint> = {};
    for (const { name, size } of this.fields) {
      const accessor = this.field(name);
      if (size === 8) values[name] = accessor.big(view, at);
      else if (size < 8) values[name] = accessor.int(view, at);
    }
    return values;
  }

  /** Writes the fields named in `values`; holes and other fields keep their bytes. */
  write(view: DataView, at: number, values: Readonly<Record<string, number | bigint>>): void {
    for (const [name, value] of Object.entries(values)) this.field(name).set(view, at, value);
  }
}

interface Extent {
  readonly size: number;
  readonly align: number;
  readonly signed: boolean;
}

/** Size and alignment of a type inside a struct. */
function extentOf(type: CType, model: DataModel, types: StructLookup, where: string): Extent {
  if (typeof type === "string") {
    if (!isScalarName(type)) throw new DeclarationError(where, `${String(type)} is not a type`);
    const size = scalarSize(type, model);
    return { size, align: size === 8 ? model.align64 : size, signed: SCALARS[type].signed };
  }
  if ("flags" in type) return extentOf(type.of, model, types, where);
  if ("array" in type) {
    const element = extentOf(type.array, model, types, where);
    return { size: element.size * type.length, align: element.align, signed: false };
  }
  if ("struct" in type) {
    const inner = types.struct(type.struct);
    if (inner === undefined) throw new DeclarationError(where, `no struct is called ${type.struct}`);
    const layout = layoutOf(inner, model, types);
    return { size: layout.size, align: layout.align, signed: false };
  }
  if ("string" in type || pointerOf(type) !== null) {
    return { size: model.pointer, align: model.pointer === 8 ? model.align64 : model.pointer, signed: false };
  }
  throw new DeclarationError(where, "is not a type");
}

/** Bytes of a type under a data model. @throws DeclarationError for an unknown type or struct */
export function sizeOf(type: CType, model: DataModel, types: StructLookup = NO_TYPES): number {
  return extentOf(type, model, types, "type").size;
}

/** Alignment of a type inside a struct, in bytes. @throws DeclarationError for an unknown type or struct */
export function alignOf(type: CType, model: DataModel, types: StructLookup = NO_TYPES): number {
  return extentOf(type, model, types, "type").align;
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

const NO_TYPES: StructLookup = { struct: () => undefined };

const CACHE: WeakMap<StructDecl, WeakMap<DataModel, StructLayout>> = new WeakMap();

/**
 * The layout of `decl` under `model`; computed once per pair.
 * @throws DeclarationError for a field of unknown type
 */
export function layoutOf(decl: StructDecl, model: DataModel, types: StructLookup = NO_TYPES): StructLayout {
  let perModel = CACHE.get(decl);
  if (perModel === undefined) {
    perModel = new WeakMap();
    CACHE.set(decl, perModel);
  }
  let layout = perModel.get(model);
  if (layout === undefined) {
    layout = new StructLayout(decl, model, types);
    perModel.set(model, layout);
  }
  return layout;
}
