import type { Bits } from "./asm/encodings.ts";

/** A stretch of memory of a program, as PT_LOAD has it. */
export interface Segment {
  /** On a page. */
  readonly addr: number;
  /** `rwx`, with `-` for what is not allowed. */
  readonly prot: string;
  readonly bytes: Uint8Array;
  /** Bytes in memory: those beyond `bytes` are zero. By default none are. */
  readonly size?: number;
}

const PAGE = 4096;
const ET_EXEC = 2;
const EM = { 32: 3, 64: 62 } as const;
const PT_LOAD = 1;
const PT_GNU_STACK = 0x6474e551;
const PF = { r: 4, w: 2, x: 1 } as const;
const EHDR = { 32: 52, 64: 64 } as const;
const PHDR = { 32: 32, 64: 56 } as const;

/**
 * A static executable, byte by byte. It has a PT_GNU_STACK: without one the kernel makes every readable page of a 32-bit
 * program executable. Source: elf(5).
 */
export function elfOf(bits: Bits, entry: number, segments: readonly Segment[]): Uint8Array {
  const count = segments.length + 1;
  const places: number[] = [];
  let end = pageUp(EHDR[bits] + count * PHDR[bits]);
  for (const { bytes } of segments) {
    places.push(end);
    end = pageUp(end + bytes.length);
  }
  const file = new Uint8Array(end);
  const out = new Fields(file, bits);
  out.bytes(0x7f, 0x45, 0x4c, 0x46, bits === 64 ? 2 : 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  out.half(ET_EXEC);
  out.half(EM[bits]);
  out.word(1);
  out.long(entry);
  out.long(EHDR[bits]);
  out.long(0);
  out.word(0);
  for (const value of [EHDR[bits], PHDR[bits], count, 0, 0, 0]) out.half(value);
  for (const [i, segment] of segments.entries()) {
    const { addr, bytes, size = bytes.length } = segment;
    programHeader(out, bits, {
      type: PT_LOAD,
      flags: flagsOf(segment.prot),
      off: places[i] ?? 0,
      addr,
      file: bytes.length,
      size,
    });
    file.set(bytes, places[i] ?? 0);
  }
  programHeader(out, bits, { type: PT_GNU_STACK, flags: PF.r | PF.w, off: 0, addr: 0, file: 0, size: 0 });
  return file;
}

interface Header {
  readonly type: number;
  readonly flags: number;
  readonly off: number;
  readonly addr: number;
  readonly file: number;
  readonly size: number;
}

/** The two widths have the flags in different places. */
function programHeader(out: Fields, bits: Bits, { type, flags, off, addr, file, size }: Header): void {
  out.word(type);
  if (bits === 64) out.word(flags);
  for (const value of [off, addr, addr, file, size]) out.long(value);
  if (bits === 32) out.word(flags);
  out.long(type === PT_LOAD ? PAGE : 16);
}

function flagsOf(prot: string): number {
  return [...prot].reduce((flags, letter) => flags | (PF[letter as keyof typeof PF] ?? 0), 0);
}

function pageUp(n: number): number {
  return Math.ceil(n / PAGE) * PAGE;
}

/** Writes little-endian fields one after the other. */
class Fields {
  private readonly view: DataView;
  private readonly bits: Bits;
  private at = 0;

  constructor(file: Uint8Array, bits: Bits) {
    this.view = new DataView(file.buffer);
    this.bits = bits;
  }

  bytes(...values: readonly number[]): void {
    for (const value of values) this.view.setUint8(this.at++, value);
  }

  half(value: number): void {
    this.view.setUint16(this.at, value, true);
    this.at += 2;
  }

  word(value: number): void {
    this.view.setUint32(this.at, value, true);
    this.at += 4;
  }

  /** A word of the program's width. */
  long(value: number): void {
    if (this.bits === 32) this.word(value);
    else {
      this.view.setBigUint64(this.at, BigInt(value), true);
      this.at += 8;
    }
  }
}
