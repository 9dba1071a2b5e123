/** The part of WebAssembly used here; the language's own library does not declare it. */
interface Wasm {
  readonly Memory: new (size: { initial: number; maximum: number }) => LinearMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

/** A WebAssembly.Memory. */
export interface LinearMemory {
  readonly buffer: ArrayBuffer;
}

const { Memory, Module, Instance } = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;

/** Linear memory of a fixed number of 64 KiB pages. */
export function linearMemory(pages: number): LinearMemory {
  return new Memory({ initial: pages, maximum: pages });
}

/** Copies and fills inside one linear memory. */
export interface MemoryOps {
  copy(dst: number, src: number, n: number): void;
  fill(dst: number, byte: number, n: number): void;
}

/**
 * A module of two functions, `memory.copy` and `memory.fill` over an imported memory: the cheapest bulk copy a
 * JavaScript engine offers, and it takes no view of its own.
 */
// biome-ignore format: one section a line
const MODULE_BYTES: Uint8Array = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic, version
  0x01, 0x07, 0x01, 0x60, 0x03, 0x7f, 0x7f, 0x7f, 0x00, // type: (i32, i32, i32) → ()
  0x02, 0x08, 0x01, 0x01, 0x6d, 0x01, 0x6d, 0x02, 0x00, 0x01, // import: memory m.m
  0x03, 0x03, 0x02, 0x00, 0x00, // two functions
  0x07, 0x09, 0x02, 0x01, 0x63, 0x00, 0x00, 0x01, 0x66, 0x00, 0x01, // exports c and f
  0x0a, 0x1a, 0x02, // code
  0x0c, 0x00, 0x20, 0x00, 0x20, 0x01, 0x20, 0x02, 0xfc, 0x0a, 0x00, 0x00, 0x0b, // memory.copy
  0x0b, 0x00, 0x20, 0x00, 0x20, 0x01, 0x20, 0x02, 0xfc, 0x0b, 0x00, 0x0b, // memory.fill
]);

let compiled: object | null = null;

/** Copy and fill for `memory`. */
export function memoryOps(memory: LinearMemory): MemoryOps {
  compiled ??= new Module(MODULE_BYTES);
  const { exports } = new Instance(compiled, { m: { m: memory } });
  return { copy: exports.c as MemoryOps["copy"], fill: exports.f as MemoryOps["fill"] };
}
