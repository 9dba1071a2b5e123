import { type CType, isScalarName, pointerOf, pointerSize, scalarSize } from "../../abi/ctype.ts";
import type { DataModel } from "../../abi/data-model.ts";
import { layoutOf, type StructLayout } from "../../abi/struct.ts";
import type { Word64 } from "../../abi/word64.ts";
import {
  DECODE_LIMITS,
  type DecodeLimits,
  NO_SIBLING,
  type PendingOut,
  type Sibling,
  type TypeLookup,
} from "./decode-context.ts";
import { hexOf } from "./escape.ts";
import { LONGEST_PEEK, type Peeker } from "./peek.ts";
import type { TraceField, TracePointer, TraceRole, TraceString, TraceTail, TraceValue } from "./value.ts";
import { addressHex, countOf, extend, readWord, scalarValue, wordHex } from "./word.ts";

/** A pointer declaration with its pointee, direction and relations. */
type Pointer = NonNullable<ReturnType<typeof pointerOf>>;

/**
 * Turns words and memory into {@link TraceValue} trees, as a declaration describes them. Memory is only peeked at.
 * Whatever the declaration, the words and the memory are, it ends, within its limits, and does not throw.
 */
export class Decoder {
  /** Out-pointers met so far. */
  readonly pending: PendingOut[] = [];
  private readonly peeker: Peeker;
  private readonly model: DataModel;
  private readonly types: TypeLookup;
  private readonly kernel: number | undefined;
  private readonly limits: DecodeLimits;
  private readonly phase: "enter" | "exit";
  private nodes = 0;

  constructor(parts: {
    readonly peeker: Peeker;
    readonly model: DataModel;
    readonly types: TypeLookup;
    /** Comparable kernel version, for flag names of an era; undefined for the newest. */
    readonly kernel?: number | undefined;
    readonly limits?: DecodeLimits | undefined;
    /** At entry out-pointers are left pending, at exit they are followed. */
    readonly phase: "enter" | "exit";
  }) {
    this.peeker = parts.peeker;
    this.model = parts.model;
    this.types = parts.types;
    this.kernel = parts.kernel;
    this.limits = parts.limits ?? DECODE_LIMITS;
    this.phase = parts.phase;
  }

  /** The value of an argument or field whose word is known. `most` bounds the bytes an out-buffer really holds. */
  value(
    type: CType,
    word: Word64,
    sibling: Sibling,
    at: readonly string[],
    role?: TraceRole,
    most?: number,
  ): TraceValue {
    this.nodes++;
    if (typeof type === "string") return scalarValue(type, word, this.model, role);
    if ("flags" in type) return this.flags(type.flags, extend(word, scalarSize(type.of, this.model), false));
    if ("string" in type) {
      if (type.string === "out" && this.phase === "enter") return this.wait(type, word, sibling, at);
      return this.string(word, type.size === undefined ? null : sibling(type.size), type.max, most);
    }
    const pointer = pointerOf(type);
    if (pointer === null) return { kind: "address", address: wordHex(this.pointerWord(type, word)) };
    if (pointer.direction === "in" || this.phase === "exit") {
      return this.pointer(pointer, word, sibling, at, role, most);
    }
    const waiting = this.wait(type, word, sibling, at);
    if (pointer.direction === "out" || waiting.state === "null") return waiting;
    return { ...this.pointer(pointer, word, sibling, at, role, most), inout: true };
  }

  private flags(name: string, word: Word64): TraceValue {
    const text = this.types.flags(name)?.format(word.lo, word.hi, this.kernel) ?? wordHex(word);
    return { kind: "flags", set: name, raw: wordHex(word), text };
  }

  private wait(
    type: CType,
    word: Word64,
    sibling: Sibling,
    at: readonly string[],
  ): TraceValue & { kind: "pointer" } {
    const address = wordHex(this.pointerWord(type, word));
    if (address === "0x0") return { kind: "pointer", address, state: "null" };
    this.pending.push({ at, type, word, sibling });
    return { kind: "pointer", address, state: "pending" };
  }

  private pointerWord(type: CType | Pointer, word: Word64): Word64 {
    return extend(word, pointerSize(type, this.model), false);
  }

  private pointer(
    pointer: Pointer,
    raw: Word64,
    sibling: Sibling,
    at: readonly string[],
    role?: TraceRole,
    most = Number.POSITIVE_INFINITY,
  ): TracePointer {
    const word = this.pointerWord(pointer, raw);
    const address = wordHex(word);
    if (address === "0x0") return { kind: "pointer", address, state: "null" };
    if (this.nodes > this.limits.nodes || at.length > this.limits.depth) {
      return { kind: "pointer", address, state: "too-deep" };
    }
    const decl = isScalarName(pointer.to) ? undefined : this.types.struct(pointer.to);
    const layout = decl === undefined ? null : layoutOf(decl, this.model, this.types);
    const type: CType | null = isScalarName(pointer.to)
      ? pointer.to
      : layout === null
        ? null
        : { struct: pointer.to };
    if (type === null) return { kind: "pointer", address, state: "uncounted" };
    const element = layout?.size ?? (typeof type === "string" ? scalarSize(type, this.model) : 0);
    const count = pointer.count === undefined ? undefined : sibling(pointer.count);
    const size = pointer.size === undefined ? undefined : sibling(pointer.size);
    if (!isCount(count) || !isCount(size)) return { kind: "pointer", address, state: "uncounted" };
    if (size !== undefined && layout !== null) return this.sizedStruct(layout, word, size, at);
    if (size !== undefined && element === 1) return this.buffer(word, Math.min(size, most));
    const items = count ?? (size === undefined ? undefined : Math.floor(size / element));
    if (items !== undefined)
      return this.counted(type, element, word, Math.min(items, Math.floor(most / element)), at);
    return this.single(type, element, word, at, role);
  }

  /** One scalar or struct. */
  private single(
    type: CType,
    size: number,
    word: Word64,
    at: readonly string[],
    role?: TraceRole,
  ): TracePointer {
    const address = wordHex(word);
    if (size > LONGEST_PEEK) return { kind: "pointer", address, state: "too-deep" };
    const bytes = this.peeker.read(word, size);
    if (bytes.length < size) return { kind: "pointer", address, state: "unreadable", readable: bytes.length };
    return {
      kind: "pointer",
      address,
      state: "decoded",
      to: this.inMemory(type, bytes, 0, NO_SIBLING, at, role),
    };
  }

  /** `count` elements, as many as are recorded and readable. */
  private counted(
    type: CType,
    size: number,
    word: Word64,
    count: number,
    at: readonly string[],
  ): TracePointer {
    const address = wordHex(word);
    const room = Math.max(1, this.limits.nodes - this.nodes);
    const wanted = Math.min(count, this.limits.items, room, Math.floor(LONGEST_PEEK / Math.max(1, size)));
    if (wanted < 1 && count >= 1) return { kind: "pointer", address, state: "too-deep" };
    const bytes = this.peeker.read(word, wanted * size);
    const got = size === 0 ? wanted : Math.floor(bytes.length / size);
    if (got === 0 && wanted > 0)
      return { kind: "pointer", address, state: "unreadable", readable: bytes.length };
    const items: TraceValue[] = [];
    for (let i = 0; i < got; i++)
      items.push(this.inMemory(type, bytes, i * size, NO_SIBLING, [...at, String(i)]));
    const array = { kind: "array", items, count } as const;
    if (got === wanted) return { kind: "pointer", address, state: "decoded", to: array };
    const cut = addressHex(word.hi * 2 ** 32 + word.lo + got * size);
    return { kind: "pointer", address, state: "decoded", to: { ...array, cut } };
  }

  /** A struct the caller says is `size` bytes long: what it has of the known fields, then what it has beyond them. */
  private sizedStruct(layout: StructLayout, word: Word64, size: number, at: readonly string[]): TracePointer {
    const address = wordHex(word);
    const smallest = Math.min(...Object.values(layout.decl.versions ?? {}));
    if (Number.isFinite(smallest) && size < smallest) return { kind: "pointer", address, state: "uncounted" };
    const head = Math.min(size, layout.size);
    if (head > LONGEST_PEEK) return { kind: "pointer", address, state: "too-deep" };
    const bytes = this.peeker.read(word, head);
    if (bytes.length < head) return { kind: "pointer", address, state: "unreadable", readable: bytes.length };
    const tail = size > layout.size ? this.tail(word, layout.size, size) : null;
    return { kind: "pointer", address, state: "decoded", to: this.struct(layout, bytes, 0, at, head, tail) };
  }

  /** What lies behind the known fields; null when all of it is zero, as the kernel wants it. */
  private tail(word: Word64, from: number, size: number): TraceTail | null {
    const to = Number.isSafeInteger(size) ? size : (`0x${size.toString(16)}` as const);
    if (size > LARGEST_STRUCT) return { from, to, bytes: null };
    const bytes = this.peeker.read(word, size).subarray(from);
    if (bytes.length < size - from) return { from, to, bytes: null };
    if (bytes.every((byte) => byte === 0)) return null;
    return { from, to, bytes: hexOf(bytes, Math.min(bytes.length, this.limits.bytes)) };
  }

  /** A buffer of `size` bytes; like strace, all of what is recorded or nothing. */
  private buffer(word: Word64, size: number): TracePointer {
    const wanted = Math.min(size, this.limits.bytes);
    const bytes = this.peeker.read(word, wanted);
    const address = wordHex(word);
    if (bytes.length < wanted)
      return { kind: "pointer", address, state: "unreadable", readable: bytes.length };
    return { kind: "pointer", address, state: "decoded", to: stringValue(bytes, wanted === size) };
  }

  /** A string up to its NUL, `size`, `max`, or what is recorded. */
  private string(
    raw: Word64,
    size: number | null,
    max = Number.POSITIVE_INFINITY,
    most = Number.POSITIVE_INFINITY,
  ): TracePointer {
    const word = extend(raw, this.model.pointer, false);
    const address = wordHex(word);
    if (address === "0x0") return { kind: "pointer", address, state: "null" };
    if (size !== null && size < 0) return { kind: "pointer", address, state: "uncounted" };
    const longest = Math.min(max, most, size ?? Number.POSITIVE_INFINITY);
    const wanted = Math.min(longest, this.limits.bytes);
    const bytes = this.peeker.read(word, wanted);
    const nul = bytes.indexOf(0);
    if (nul >= 0)
      return { kind: "pointer", address, state: "decoded", to: stringValue(bytes.subarray(0, nul), true) };
    if (bytes.length < wanted)
      return { kind: "pointer", address, state: "unreadable", readable: bytes.length };
    return { kind: "pointer", address, state: "decoded", to: stringValue(bytes, wanted === longest) };
  }

  /** A value of any type that lies in memory already read. */
  private inMemory(
    type: CType,
    bytes: Uint8Array,
    offset: number,
    sibling: Sibling,
    at: readonly string[],
    role?: TraceRole,
  ): TraceValue {
    if (typeof type === "object" && "struct" in type) {
      const decl = this.types.struct(type.struct);
      if (decl === undefined) return { kind: "struct", name: type.struct, fields: [] };
      return this.struct(layoutOf(decl, this.model, this.types), bytes, offset, at);
    }
    if (typeof type === "object" && "array" in type)
      return this.inlineArray(type.array, type.length, bytes, offset, at);
    const size = wordSize(type, this.model);
    return this.value(type, readWord(bytes, offset, size, this.model.littleEndian), sibling, at, role);
  }

  private inlineArray(
    type: CType,
    length: number,
    bytes: Uint8Array,
    offset: number,
    at: readonly string[],
  ): TraceValue {
    if (typeof type === "string" && (type === "char" || type === "unsigned char" || type === "u8")) {
      const text = bytes.subarray(offset, offset + length);
      const nul = type === "char" ? text.indexOf(0) : -1;
      const end = nul < 0 ? length : nul;
      return stringValue(text.subarray(0, Math.min(end, this.limits.bytes)), end <= this.limits.bytes);
    }
    const size = elementSize(type, this.model, this.types);
    const items: TraceValue[] = [];
    const shown = Math.min(length, this.limits.items);
    for (let i = 0; i < shown && this.nodes <= this.limits.nodes; i++) {
      items.push(this.inMemory(type, bytes, offset + i * size, NO_SIBLING, [...at, String(i)]));
    }
    return { kind: "array", items, count: length };
  }

  /** The fields within `size` bytes; pointers among them are followed with their siblings' values. */
  private struct(
    layout: StructLayout,
    bytes: Uint8Array,
    base: number,
    at: readonly string[],
    size: number = layout.size,
    tail: TraceTail | null = null,
  ): TraceValue {
    this.nodes++;
    const within = layout.fields.filter((field) => field.offset + field.size <= size);
    const word = (field: { readonly offset: number; readonly size: number }): Word64 =>
      readWord(bytes, base + field.offset, Math.min(8, field.size), this.model.littleEndian);
    const sibling: Sibling = (name) => {
      const field = within.find((f) => f.name === name);
      return field === undefined ? null : countOf(field.type, word(field), this.model);
    };
    const fields = within.flatMap((field): TraceField[] => {
      const value = this.inMemory(field.type, bytes, base + field.offset, sibling, [...at, field.name]);
      const inline = value.kind === "struct" && layout.decl.anonymous?.includes(field.name);
      return inline ? [...value.fields] : [{ name: field.name, value }];
    });
    const struct = { kind: "struct", name: layout.name, fields } as const;
    return tail === null ? struct : { ...struct, tail };
  }
}

/** copy_struct_from_user's callers refuse a struct above one page without reading it (C-01). */
const LARGEST_STRUCT = 4096;

/** True for "not given" and for a count that can be counted. */
function isCount(count: number | null | undefined): count is number | undefined {
  return count === undefined || (count !== null && count >= 0);
}

/** Bytes of a scalar, flag word or pointer in memory. */
function wordSize(type: CType, model: DataModel): number {
  if (typeof type === "string") return scalarSize(type, model);
  return "flags" in type ? scalarSize(type.of, model) : pointerSize(type, model);
}

/** Bytes of one element of an inline array. */
function elementSize(type: CType, model: DataModel, types: TypeLookup): number {
  if (typeof type === "object" && "array" in type) return elementSize(type.array, model, types) * type.length;
  if (typeof type === "object" && "struct" in type) {
    const decl = types.struct(type.struct);
    return decl === undefined ? 0 : layoutOf(decl, model, types).size;
  }
  return wordSize(type, model);
}

function stringValue(bytes: Uint8Array, ended: boolean): TraceString {
  return { kind: "string", bytes: hexOf(bytes), ended };
}
