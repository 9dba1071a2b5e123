import {
  ARITHMETIC,
  ARITHMETIC_RR,
  BARE,
  type Bits,
  CX_TO_XMM0,
  JCXZ,
  JUMPS,
  MOVE,
  REGISTERS,
  type Register,
  XMM0_TO_CX,
} from "./encodings.ts";

/** A place in memory: an address, or a distance from a register. */
export type Memory = number | { readonly base: Register; readonly off: number };

/** A place in the code that may be jumped to before it is known. */
export class Label {
  /** Its address; null until it is placed. */
  address: number | null = null;
  /** Where its distance is still to be written. */
  readonly jumps: number[] = [];
}

const NUMBER = new Map<Register, number>(REGISTERS.map((name, i) => [name, i]));

/**
 * Writes x86 machine code for one address: as many instructions as the programs of the oracle need. Registers are those of
 * the program's width. A misuse throws: it is a defect of the program that is written.
 */
export class Assembler {
  readonly bits: Bits;
  /** Where the first byte will lie. */
  readonly base: number;
  private buffer: Uint8Array = new Uint8Array(1024);
  private length = 0;
  private open = 0;

  /** @param base where the code will lie */
  constructor(bits: Bits, base: number) {
    this.bits = bits;
    this.base = base;
  }

  /** Where the next byte will lie. */
  get here(): number {
    return this.base + this.length;
  }

  /** The code. @throws Error when a label was used and never placed */
  finish(): Uint8Array {
    if (this.open > 0) throw new Error(`${this.open} jumps lead nowhere`);
    return this.buffer.subarray(0, this.length);
  }

  /** Bytes as they are. Returns where they lie. */
  data(bytes: ArrayLike<number>): number {
    const at = this.here;
    this.grow(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
    return at;
  }

  /** 32-bit words. Returns where they lie. */
  words(...values: readonly number[]): number {
    const at = this.here;
    for (const value of values) this.dword(value);
    return at;
  }

  /** Words of the program's width. Returns where they lie. */
  longs(...values: readonly number[]): number {
    const at = this.here;
    for (const value of values) this.immediate(BigInt(value), this.bits === 64 ? 8 : 4);
    return at;
  }

  /** An instruction without operands. */
  bare(name: keyof typeof BARE): void {
    for (const byte of BARE[name]) this.byte(byte);
  }

  /** A constant into a register; no flag changes. */
  set(register: Register, value: number | bigint): void {
    const wide = BigInt.asUintN(this.bits, BigInt(value));
    const short = wide < 0x1_0000_0000n;
    this.rex({ w: !short, rm: register });
    this.byte(MOVE.immediate + (number(register) & 7));
    this.immediate(wide, short ? 4 : 8);
  }

  /** One register into another. */
  copy(to: Register, from: Register): void {
    this.rex({ w: true, reg: from, rm: to });
    this.byte(MOVE.store);
    this.registers(from, to);
  }

  /** Memory into a register. */
  load(register: Register, from: Memory): void {
    this.withMemory(true, MOVE.load, register, from);
  }

  /** 32 bits of memory into a register, its upper half zero. */
  load32(register: Register, from: Memory): void {
    this.withMemory(false, MOVE.load, register, from);
  }

  /** A register into memory. */
  store(to: Memory, register: Register): void {
    this.withMemory(true, MOVE.store, register, to);
  }

  /** The lower 32 bits of a register into memory. */
  store32(to: Memory, register: Register): void {
    this.withMemory(false, MOVE.store, register, to);
  }

  /** A 32-bit constant into memory. */
  put32(to: Memory, value: number): void {
    this.withMemory(false, MOVE.storeImmediate, 0, to, 4);
    this.dword(value);
  }

  /** Arithmetic with a constant, which is sign-extended. */
  arithmetic(name: keyof typeof ARITHMETIC, register: Register, value: number): void {
    this.rex({ w: true, rm: register });
    this.byte(0x81);
    this.byte(0xc0 | (ARITHMETIC[name] << 3) | (number(register) & 7));
    this.dword(value);
  }

  /** Compares 32 bits of memory with a constant. */
  compare32(memory: Memory, value: number): void {
    this.withMemory(false, 0x81, ARITHMETIC.cmp, memory, 4);
    this.dword(value);
  }

  /** Arithmetic between registers, the result in the first. */
  combine(name: keyof typeof ARITHMETIC_RR, to: Register, from: Register): void {
    this.rex({ w: true, reg: from, rm: to });
    this.byte(ARITHMETIC_RR[name]);
    this.registers(from, to);
  }

  /** A constant of 32 bits onto the stack, sign-extended. */
  push(value: number): void {
    this.byte(0x68);
    this.dword(value);
  }

  /** The top of the stack into a register. */
  pop(register: Register): void {
    this.rex({ rm: register });
    this.byte(0x58 + (number(register) & 7));
  }

  /** Jumps to where a register points. */
  jumpTo(register: Register): void {
    this.rex({ rm: register });
    this.byte(0xff);
    this.byte(0xc0 | (4 << 3) | (number(register) & 7));
  }

  /** cx into xmm0, and no flag changes. */
  hideCx(): void {
    this.xmm(CX_TO_XMM0);
  }

  /** xmm0 into cx, and no flag changes. */
  bringCx(): void {
    this.xmm(XMM0_TO_CX);
  }

  /** Jumps. */
  jump(name: keyof typeof JUMPS, to: Label): void {
    for (const byte of JUMPS[name]) this.byte(byte);
    this.distance(to);
  }

  /** Jumps when cx is 0, whatever the flags are, and leaves them so. */
  jumpIfCxZero(to: Label): void {
    this.byte(JCXZ);
    // Over the jump that is taken otherwise.
    this.byte(JUMPS.jmp.length + 4);
    const past = new Label();
    this.jump("jmp", past);
    this.jump("jmp", to);
    this.place(past);
  }

  /** A new label, or `label`, is here. */
  place(label: Label = new Label()): Label {
    if (label.address !== null) throw new Error("a label lies in one place");
    label.address = this.here;
    for (const at of label.jumps) this.patch(at, this.here - (this.base + at + 4));
    this.open -= label.jumps.length;
    return label;
  }

  private xmm(move: typeof CX_TO_XMM0 | typeof XMM0_TO_CX): void {
    this.byte(move.prefix);
    this.rex({ w: true });
    for (const byte of move.opcode) this.byte(byte);
    this.byte(move.modrm);
  }

  private distance(to: Label): void {
    if (to.address !== null) {
      this.dword(to.address - (this.here + 4));
      return;
    }
    to.jumps.push(this.length);
    this.open++;
    this.dword(0);
  }

  /** REX where something of it is asked for; there is none in 32-bit code. */
  private rex({
    w = false,
    reg = 0,
    rm = "ax",
  }: {
    w?: boolean;
    reg?: Register | number;
    rm?: Register;
  }): void {
    const r = (typeof reg === "number" ? reg : number(reg)) >> 3;
    const b = number(rm) >> 3;
    if (this.bits === 32) {
      if (r + b > 0) throw new Error("no such register in 32-bit code");
      return;
    }
    const byte = 0x40 | (w ? 8 : 0) | (r << 2) | b;
    if (byte !== 0x40) this.byte(byte);
  }

  private registers(reg: Register, rm: Register): void {
    this.byte(0xc0 | ((number(reg) & 7) << 3) | (number(rm) & 7));
  }

  /** @param reg a register, or the digit that stands in its place @param behind bytes of the instruction after this */
  private withMemory(
    wide: boolean,
    opcode: number,
    reg: Register | number,
    memory: Memory,
    behind = 0,
  ): void {
    const digit = (typeof reg === "number" ? reg : number(reg)) & 7;
    if (typeof memory === "number") {
      this.rex({ w: wide, reg });
      this.byte(opcode);
      // A displacement alone: from the next instruction in 64-bit code, from 0 in 32-bit code.
      this.byte((digit << 3) | 5);
      this.dword(this.bits === 64 ? this.near(memory - (this.here + 4 + behind)) : memory);
      return;
    }
    const base = number(memory.base);
    if ((base & 7) === 4) throw new Error(`${memory.base} is no base`);
    this.rex({ w: wide, reg, rm: memory.base });
    this.byte(opcode);
    this.byte(0x80 | (digit << 3) | (base & 7));
    this.dword(memory.off);
  }

  private near(distance: number): number {
    if (distance !== (distance | 0)) throw new Error("too far away");
    return distance;
  }

  private byte(value: number): void {
    this.grow(1);
    this.buffer[this.length++] = value;
  }

  private dword(value: number): void {
    this.grow(4);
    this.patch(this.length, value);
    this.length += 4;
  }

  private immediate(value: bigint, bytes: 4 | 8): void {
    this.dword(Number(BigInt.asIntN(32, value)));
    if (bytes === 8) this.dword(Number(BigInt.asIntN(32, value >> 32n)));
  }

  private patch(at: number, value: number): void {
    const { buffer } = this;
    buffer[at] = value;
    buffer[at + 1] = value >> 8;
    buffer[at + 2] = value >> 16;
    buffer[at + 3] = value >> 24;
  }

  private grow(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const bigger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + more));
    bigger.set(this.buffer.subarray(0, this.length));
    this.buffer = bigger;
  }
}

function number(register: Register): number {
  return NUMBER.get(register) as number;
}
