import type { ArchName } from "./arch-name.ts";

/** The shape of a saved register frame. */
export interface PtRegsLayout {
  readonly arch: ArchName;
  /** Bytes of the image. */
  readonly size: number;
  readonly wordSize: 4 | 8;
  readonly littleEndian: boolean;
  /** Byte offset of each register, in the kernel's order and spelling. */
  readonly offsets: Readonly<Record<string, number>>;
  /** Other spellings: rax, eax, r10d … */
  readonly aliases: Readonly<Record<string, string>>;
  /** Stack pointer. */
  readonly sp: string;
  /** Address of the next instruction: the one behind the trap, whatever a processor itself points at. */
  readonly ip: string;
  /** Where the entry keeps what the result register held, for a call that starts again. */
  readonly kept: string;
  /** The register CLONE_SETTLS loads; null where the thread pointer is none of these. */
  readonly tls: string | null;
}

/** What {@link regsLayout} is told: registers in the kernel's order, and which of them have a part of their own. */
interface RegsParts {
  readonly arch: ArchName;
  readonly wordSize: 4 | 8;
  readonly littleEndian: boolean;
  readonly order: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
  readonly sp: string;
  readonly ip: string;
  readonly kept: string;
  readonly tls: string | null;
}

/** A layout of words of one size, one behind the other. */
export function regsLayout({ order, aliases, ...parts }: RegsParts): PtRegsLayout {
  const offsets = Object.fromEntries(order.map((name, i) => [name, i * parts.wordSize]));
  return { ...parts, size: order.length * parts.wordSize, offsets, aliases };
}

/** Other spellings of numbered registers: `sameRegisters("x", "w", 31)` says that w0 … w30 are x0 … x30. */
export function sameRegisters(own: string, other: string, count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${other}${i}`, `${own}${i}`]));
}

/**
 * One register image: a window of shared memory, read as 32-bit halves. Made by {@link RegsPool}; names are the
 * kernel's (`ax`, `orig_ax`, `sp`) or the processor's (`rax`, `eax`).
 */
export class PtRegs {
  readonly layout: PtRegsLayout;
  /** The chunk the window lies in. */
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
  /** The same chunk in 64-bit words. A word just written by halves is read slowly here: the processor waits for it. */
  readonly u64: BigUint64Array;
  /** Index of the window's first 32-bit word in {@link u32}; even. */
  readonly base: number;

  constructor(layout: PtRegsLayout, chunk: RegsChunk, base: number) {
    this.layout = layout;
    this.u32 = chunk.u32;
    this.i32 = chunk.i32;
    this.u64 = chunk.u64;
    this.base = base;
  }

  /** Index of a register's low word in {@link u32}. @throws RangeError when there is no such register */
  index(name: string): number {
    return this.base + indexOf(this.layout, name);
  }

  /** The register as an unsigned number of its full width. @throws RangeError for an unknown name */
  get(name: string): bigint {
    return (BigInt(this.hi(name)) << 32n) | BigInt(this.lo(name));
  }

  /** Stores a value, cut to the register's width; negative numbers in two's complement. @throws RangeError */
  set(name: string, value: number | bigint): void {
    const word = BigInt.asUintN(64, BigInt(value));
    this.setWord(name, Number(word & 0xffffffffn), Number(word >> 32n));
  }

  /** Stores two halves; the high one is dropped where registers have 32 bits. @throws RangeError */
  setWord(name: string, lo: number, hi: number): void {
    const at = this.index(name);
    this.u32[at] = lo;
    if (this.layout.wordSize === 8) this.u32[at + 1] = hi;
  }

  /** The low 32 bits, unsigned. @throws RangeError for an unknown name */
  lo(name: string): number {
    return this.u32[this.index(name)] as number;
  }

  /** The high 32 bits, unsigned; 0 where registers have 32 bits. @throws RangeError for an unknown name */
  hi(name: string): number {
    return this.layout.wordSize === 8 ? (this.u32[this.index(name) + 1] as number) : 0;
  }

  /** Copies another image of the same layout. */
  copyFrom(other: PtRegs): void {
    const to = this.u64;
    const from = other.u64;
    const at = this.base >>> 1;
    const there = other.base >>> 1;
    // A window is longer than any image, so half a word more does no harm.
    const words = (this.layout.size + 7) >>> 3;
    for (let i = 0; i < words; i++) to[at + i] = from[there + i] as bigint;
  }

  /** A copy of the raw image, in the byte order in which the processor stores it. */
  bytes(): Uint8Array {
    const { size, wordSize, littleEndian } = this.layout;
    const bytes = new Uint8Array(this.u32.buffer, this.u32.byteOffset + this.base * 4, size).slice();
    if (!littleEndian)
      for (let at = 0; at < size; at += wordSize) bytes.subarray(at, at + wordSize).reverse();
    return bytes;
  }

  /** The register names in image order. */
  names(): readonly string[] {
    return Object.keys(this.layout.offsets);
  }
}

/** 32-bit index of a register inside an image. @throws RangeError naming the registers there are */
export function indexOf(layout: PtRegsLayout, name: string): number {
  const offset = layout.offsets[name] ?? layout.offsets[layout.aliases[name] ?? ""];
  if (offset === undefined) {
    throw new RangeError(
      `${layout.arch} has no register ${name}: it has ${Object.keys(layout.offsets).join(", ")}`,
    );
  }
  return offset >> 2;
}

/** Memory of many windows, under three views. */
export interface RegsChunk {
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
  readonly u64: BigUint64Array;
}

/** Words a window takes at least: the larger image of x86, rounded up. */
const WINDOW_WORDS = 48;
const WINDOWS_PER_CHUNK = 32;

/**
 * Hands out register images from shared chunks, so that a task costs no typed array of its own. Freed windows are
 * used again, zeroed.
 */
export class RegsPool {
  private readonly windowWords: number;
  private readonly chunks: RegsChunk[] = [];
  private readonly free64: PtRegs[] = [];
  private readonly free32: PtRegs[] = [];
  private next = 0;

  /** Images handed out and not yet freed. */
  live = 0;

  /** @param largest the longest image that will be asked for; by default x86's */
  constructor(largest?: PtRegsLayout) {
    // Windows are whole 64-bit words.
    this.windowWords = Math.max(WINDOW_WORDS, (((largest?.size ?? 0) + 7) >>> 3) << 1);
  }

  /** A zeroed image. */
  alloc(layout: PtRegsLayout): PtRegs {
    const regs = this.take(layout);
    regs.u32.fill(0, regs.base, regs.base + this.windowWords);
    return regs;
  }

  /** An image with what another holds. */
  copy(original: PtRegs): PtRegs {
    const regs = this.take(original.layout);
    regs.copyFrom(original);
    return regs;
  }

  /** An image that holds whatever it held before. */
  private take(layout: PtRegsLayout): PtRegs {
    this.live++;
    const reused = (layout.wordSize === 8 ? this.free64 : this.free32).pop();
    if (reused !== undefined) return reused;
    const slot = this.next++ % WINDOWS_PER_CHUNK;
    if (slot === 0) {
      const u32 = new Uint32Array(this.windowWords * WINDOWS_PER_CHUNK);
      this.chunks.push({ u32, i32: new Int32Array(u32.buffer), u64: new BigUint64Array(u32.buffer) });
    }
    const chunk = this.chunks[this.chunks.length - 1] as RegsChunk;
    return new PtRegs(layout, chunk, slot * this.windowWords);
  }

  /** Takes an image back; it must not be used afterwards. */
  free(regs: PtRegs): void {
    this.live--;
    (regs.layout.wordSize === 8 ? this.free64 : this.free32).push(regs);
  }
}
