import { addressOf } from "../abi/address.ts";
import { type CType, SCALARS, type ScalarName } from "../abi/ctype.ts";
import type { SyscallDecl } from "../abi/syscall.ts";
import type { Word64 } from "../abi/word64.ts";
import type { EntryPath } from "./entry.ts";
import type { PtRegs } from "./pt-regs.ts";

/** Reads one typed argument from a register image. */
type ReadArg = (regs: PtRegs, sixth: number) => number | Word64;

/** The typed arguments of one call through one path: a view of the registers it was last pointed at. */
export type Args = Readonly<Record<string, number | Word64>>;

/**
 * Points the arguments at a register image and returns them. The same object is returned every time: read what you
 * need before the next call through the same row.
 */
export type ArgDecoder = (regs: PtRegs, sixth: number) => Args;

const NO_ARGS: Args = Object.freeze({});

/** What the arguments of one row look at. */
interface Source {
  regs: PtRegs | null;
  sixth: number;
}

/**
 * Compiles the decoder of a declaration for an entry path: which register holds which argument, and how its word
 * becomes a value (N-05 … N-07). Values up to 32 bits are exact; wider scalars and pointers come in address form;
 * flag words of a 64-bit type as two halves.
 *
 * An argument is decoded when it is read: a call pays for those it uses, and entering the kernel allocates nothing.
 */
export function argDecoder(decl: SyscallDecl, path: EntryPath): ArgDecoder {
  const names = argNames(decl, path);
  if (names.length === 0) return () => NO_ARGS;
  const source: Source = { regs: null, sixth: 0 };
  const properties: PropertyDescriptorMap = {};
  for (const [i, name] of names.entries()) {
    const read = reader(decl.args[name] as CType, path, i);
    properties[name] = { enumerable: true, get: () => read(source.regs as PtRegs, source.sixth) };
  }
  const args = Object.defineProperties({}, properties) as Args;
  return (regs, sixth) => {
    source.regs = regs;
    source.sixth = sixth;
    return args;
  };
}

/** Argument names in the order this path passes them. */
export function argNames(decl: SyscallDecl, path: EntryPath): readonly string[] {
  const { cloneOrder } = path.convention;
  const order = cloneOrder === "default" ? undefined : decl.order?.[cloneOrder];
  return order ?? Object.keys(decl.args);
}

/** Argument word `i` as it stands in the registers, zero-extended on 32-bit paths. */
export function rawWord(path: EntryPath, regs: PtRegs, i: number, sixth: number): Word64 {
  if (path.sixthOnStack && i === 5) return { lo: sixth >>> 0, hi: 0 };
  const at = regs.base + (path.argIndex[i] as number);
  return { lo: regs.u32[at] as number, hi: path.wide ? (regs.u32[at + 1] as number) : 0 };
}

function reader(type: CType, path: EntryPath, i: number): ReadArg {
  const at = path.argIndex[i] as number;
  const onStack = path.sixthOnStack && i === 5;
  if (typeof type === "object" && "flags" in type) {
    return isWide(type.of, path) || SCALARS[type.of].size === "long" || SCALARS[type.of].size === 8
      ? wordReader(at, path.wide, onStack)
      : scalarReader(type.of, path, at, onStack);
  }
  if (typeof type === "object") return path.wide ? addressReader(at) : lowReader(at, false, onStack);
  return scalarReader(type, path, at, onStack);
}

function isWide(name: ScalarName, path: EntryPath): boolean {
  const { size } = SCALARS[name];
  return path.wide && (size === 8 || size === "long");
}

function scalarReader(name: ScalarName, path: EntryPath, at: number, onStack: boolean): ReadArg {
  const { size, signed } = SCALARS[name];
  if (isWide(name, path)) return signed ? signedReader(at) : addressReader(at);
  if (size === 1 || size === 2) return narrowReader(at, size, signed, onStack);
  return lowReader(at, signed, onStack);
}

function wordReader(at: number, wide: boolean, onStack: boolean): ReadArg {
  if (onStack) return (_regs, sixth) => ({ lo: sixth >>> 0, hi: 0 });
  if (!wide) return (regs) => ({ lo: regs.u32[regs.base + at] as number, hi: 0 });
  return (regs) => ({ lo: regs.u32[regs.base + at] as number, hi: regs.u32[regs.base + at + 1] as number });
}

function addressReader(at: number): ReadArg {
  return (regs) => addressOf(regs.u32[regs.base + at] as number, regs.u32[regs.base + at + 1] as number);
}

/** A signed 64-bit word: exact within ±2^53, else its high word alone. */
function signedReader(at: number): ReadArg {
  return (regs) => {
    const hi = regs.i32[regs.base + at + 1] as number;
    const lo = regs.u32[regs.base + at] as number;
    return hi < 0x200000 && hi >= -0x200000 ? hi * 2 ** 32 + lo : hi * 2 ** 32;
  };
}

function lowReader(at: number, signed: boolean, onStack: boolean): ReadArg {
  if (onStack) return signed ? (_regs, sixth) => sixth | 0 : (_regs, sixth) => sixth >>> 0;
  if (signed) return (regs) => regs.i32[regs.base + at] as number;
  return (regs) => regs.u32[regs.base + at] as number;
}

function narrowReader(at: number, size: 1 | 2, signed: boolean, onStack: boolean): ReadArg {
  const shift = 32 - size * 8;
  const cut = signed
    ? (w: number): number => (w << shift) >> shift
    : (w: number): number => (w << shift) >>> shift;
  if (onStack) return (_regs, sixth) => cut(sixth);
  return (regs) => cut(regs.i32[regs.base + at] as number);
}
