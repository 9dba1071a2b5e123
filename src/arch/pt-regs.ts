/** The shape of a saved register frame. */
export interface PtRegsLayout {
  readonly arch: "x86_64" | "i386";
  /** Bytes of the image. */
  readonly size: number;
  readonly wordSize: 4 | 8;
  /** Byte offset of each register, in the kernel's order and spelling. */
  readonly offsets: Readonly<Record<string, number>>;
  /** Other spellings: rax, eax, r10d … */
  readonly aliases: Readonly<Record<string, string>>;
}

function layout(
  arch: PtRegsLayout["arch"],
  wordSize: 4 | 8,
  order: readonly string[],
  aliases: Readonly<Record<string, string>>,
): PtRegsLayout {
  const offsets = Object.fromEntries(order.map((name, i) => [name, i * wordSize]));
  return { arch, wordSize, size: order.length * wordSize, offsets, aliases };
}

/** `struct pt_regs` of x86_64: 21 words. Source: arch/x86/include/asm/ptrace.h. */
export const PT_REGS_X86_64: PtRegsLayout = layout(
  "x86_64",
  8,
  // biome-ignore format: the kernel's order, a few to the line
  ["r15", "r14", "r13", "r12", "bp", "bx", "r11", "r10", "r9", "r8", "ax", "cx", "dx", "si", "di", "orig_ax",
   "ip", "cs", "flags", "sp", "ss"],
  {
    ...Object.fromEntries(
      ["ax", "bx", "cx", "dx", "si", "di", "bp", "sp", "ip"].flatMap((r) => [
        [`r${r}`, r],
        [`e${r}`, r],
      ]),
    ),
    orig_rax: "orig_ax",
    orig_eax: "orig_ax",
    rflags: "flags",
    eflags: "flags",
  },
);

/** `struct pt_regs` of i386: 17 words. Source: arch/x86/include/asm/ptrace.h. */
export const PT_REGS_I386: PtRegsLayout = layout(
  "i386",
  4,
  // biome-ignore format: the kernel's order, a few to the line
  ["bx", "cx", "dx", "si", "di", "bp", "ax", "ds", "es", "fs", "gs", "orig_ax", "ip", "cs", "flags", "sp", "ss"],
  {
    ...Object.fromEntries(["ax", "bx", "cx", "dx", "si", "di", "bp", "sp", "ip"].map((r) => [`e${r}`, r])),
    orig_eax: "orig_ax",
    eflags: "flags",
  },
);

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

  /** A copy of the raw image, little endian as the processor stores it. */
  bytes(): Uint8Array {
    return new Uint8Array(this.u32.buffer, this.u32.byteOffset + this.base * 4, this.layout.size).slice();
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

/** Words a window takes: the larger image, rounded up. */
const WINDOW_WORDS = 48;
const WINDOWS_PER_CHUNK = 32;

/**
 * Hands out register images from shared chunks, so that a task costs no typed array of its own. Freed windows are
 * used again, zeroed.
 */
export class RegsPool {
  private readonly chunks: RegsChunk[] = [];
  private readonly free64: PtRegs[] = [];
  private readonly free32: PtRegs[] = [];
  private next = 0;

  /** Images handed out and not yet freed. */
  live = 0;

  /** A zeroed image. */
  alloc(layout: PtRegsLayout): PtRegs {
    const regs = this.take(layout);
    regs.u32.fill(0, regs.base, regs.base + WINDOW_WORDS);
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
      const u32 = new Uint32Array(WINDOW_WORDS * WINDOWS_PER_CHUNK);
      this.chunks.push({ u32, i32: new Int32Array(u32.buffer), u64: new BigUint64Array(u32.buffer) });
    }
    const chunk = this.chunks[this.chunks.length - 1] as RegsChunk;
    return new PtRegs(layout, chunk, slot * WINDOW_WORDS);
  }

  /** Takes an image back; it must not be used afterwards. */
  free(regs: PtRegs): void {
    this.live--;
    (regs.layout.wordSize === 8 ? this.free64 : this.free32).push(regs);
  }
}
