import { addressOf } from "../abi/address.ts";
import { type CType, SCALARS, type ScalarName } from "../abi/ctype.ts";
import type { SyscallDecl } from "../abi/syscall.ts";
import type { Word64 } from "../abi/word64.ts";
import type { EntryPath } from "./entry-path.ts";
import type { PtRegs } from "./pt-regs.ts";

/** What the arguments of a machine's calls are read from; the kernel points it at the caller. */
export interface ArgSource {
  /** The caller's registers; null before the first call. */
  regs: PtRegs | null;
  /** The sixth argument where it came from the user's stack (N-10). */
  sixth: number;
}

/** Reads one typed argument of the call under way. */
type ReadArg = (regs: PtRegs, sixth: number) => number | Word64;

/** The typed arguments of one call through one path, read anew at every look. */
export type Args = Readonly<Record<string, number | Word64>>;

const NO_ARGS: Args = Object.freeze({});

/** Where a view keeps what it looks at. */
const SOURCE = Symbol("source");

/** A view before its properties: of its own shape for every declaration and path. */
type View = { readonly [SOURCE]: ArgSource };

/**
 * What the views of one declaration through one path are made from. All machines share it, so a handler sees arguments
 * of as many shapes as there are paths, however many machines there are.
 */
interface Shape {
  readonly prototype: object;
  readonly properties: PropertyDescriptorMap;
}

const SHAPES: WeakMap<SyscallDecl, Map<EntryPath, Shape>> = new WeakMap();

/**
 * Compiles the arguments of a declaration for an entry path: which register holds which argument, and how its word
 * becomes a value (N-05 … N-07). Values up to 32 bits are exact; wider scalars and pointers come in address form;
 * flag words of a 64-bit type as two halves.
 *
 * They are a view of what `source` points at: a call pays for the arguments it reads, and entering the kernel
 * allocates nothing. Read what you need before another task enters.
 */
export function argsView(decl: SyscallDecl, path: EntryPath, source: ArgSource): Args {
  if (argNames(decl, path).length === 0) return NO_ARGS;
  const { prototype, properties } = shapeOf(decl, path);
  const view = Object.defineProperty(Object.create(prototype) as object, SOURCE, { value: source });
  return Object.defineProperties(view, properties) as Args;
}

function shapeOf(decl: SyscallDecl, path: EntryPath): Shape {
  let shapes = SHAPES.get(decl);
  if (shapes === undefined) {
    shapes = new Map();
    SHAPES.set(decl, shapes);
  }
  let shape = shapes.get(path);
  if (shape === undefined) {
    shape = { prototype: {}, properties: propertiesOf(decl, path) };
    shapes.set(path, shape);
  }
  return shape;
}

function propertiesOf(decl: SyscallDecl, path: EntryPath): PropertyDescriptorMap {
  const properties: PropertyDescriptorMap = {};
  for (const [i, name] of argNames(decl, path).entries()) {
    const read = reader(decl.args[name] as CType, path, i);
    const get = function (this: View): number | Word64 {
      const { regs, sixth } = this[SOURCE];
      return read(regs as PtRegs, sixth);
    };
    properties[name] = { enumerable: true, get };
  }
  return properties;
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
