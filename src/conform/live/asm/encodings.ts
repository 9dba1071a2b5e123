/** Width of a program: long mode, or 32-bit protected mode. */
export type Bits = 32 | 64;

/** General registers by the number an instruction has for them; the last eight exist in 64-bit programs alone. */
export const REGISTERS = [
  "ax",
  "cx",
  "dx",
  "bx",
  "sp",
  "bp",
  "si",
  "di",
  "8",
  "9",
  "10",
  "11",
  "12",
  "13",
  "14",
  "15",
] as const;

/** A general register of the program's width, spelt as cases spell it. */
export type Register = (typeof REGISTERS)[number];

/** Instructions without an operand. Source: Intel SDM volume 2, opcode tables. */
export const BARE = {
  syscall: [0x0f, 0x05],
  "int 0x80": [0xcd, 0x80],
  pushf: [0x9c],
  popf: [0x9d],
  cld: [0xfc],
  "rep movsb": [0xf3, 0xa4],
  "rep stosb": [0xf3, 0xaa],
  "repe cmpsb": [0xf3, 0xa6],
  ud2: [0x0f, 0x0b],
} as const;

/** Arithmetic with a 32-bit immediate: the digit in the ModRM byte of opcode 81. */
export const ARITHMETIC = { add: 0, or: 1, and: 4, sub: 5, xor: 6, cmp: 7 } as const;

/** Arithmetic between two registers, the destination in ModRM.rm. */
export const ARITHMETIC_RR = {
  add: 0x01,
  or: 0x09,
  and: 0x21,
  sub: 0x29,
  xor: 0x31,
  cmp: 0x39,
  test: 0x85,
} as const;

/** Jumps with a 32-bit displacement. */
export const JUMPS = {
  jmp: [0xe9],
  jb: [0x0f, 0x82],
  jae: [0x0f, 0x83],
  je: [0x0f, 0x84],
  jne: [0x0f, 0x85],
} as const;

/** Moves between a register and memory or another register. */
export const MOVE = { load: 0x8b, store: 0x89, immediate: 0xb8, storeImmediate: 0xc7 } as const;

/** A jump that looks at cx alone, and at no flag; its displacement has 8 bits. */
export const JCXZ = 0xe3;

/** Between cx and xmm0: where a value can wait that neither memory nor another register may hold. */
export const CX_TO_XMM0 = { prefix: 0x66, opcode: [0x0f, 0x6e], modrm: 0xc1 } as const;
/** The way back. */
export const XMM0_TO_CX = { prefix: 0x66, opcode: [0x0f, 0x7e], modrm: 0xc1 } as const;
