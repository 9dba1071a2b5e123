import { type CType, isScalarName, SCALARS, type ScalarName, scalarSize } from "../../abi/ctype.ts";
import type { DataModel } from "../../abi/data-model.ts";
import type { Word64 } from "../../abi/word64.ts";
import type { Hex, TraceInt, TraceRole, TraceValue } from "./value.ts";
import { namedSignal } from "./wait-status.ts";

const WORD = 2 ** 32;

/** A 64-bit word from two unsigned halves, in hexadecimal. */
export function wordHex({ lo, hi }: Word64): Hex {
  const low = (lo >>> 0).toString(16);
  return hi >>> 0 === 0 ? `0x${low}` : `0x${(hi >>> 0).toString(16)}${low.padStart(8, "0")}`;
}

/** An exact address (below 2^53) in hexadecimal. */
export function addressHex(address: number): Hex {
  return `0x${address.toString(16)}`;
}

/** The low `size` bytes of a word, sign- or zero-extended to 64 bits. */
export function extend({ lo, hi }: Word64, size: number, signed: boolean): Word64 {
  if (size === 8) return { lo: lo >>> 0, hi: hi >>> 0 };
  const shift = 32 - size * 8;
  if (!signed) return { lo: (lo << shift) >>> shift, hi: 0 };
  const low = (lo << shift) >> shift;
  return { lo: low >>> 0, hi: low < 0 ? 0xffff_ffff : 0 };
}

/**
 * An extended word as a JavaScript number where it is exact, else as {@link Hex} (unsigned, whatever the type says).
 */
export function exactNumber({ lo, hi }: Word64, signed: boolean): number | Hex {
  const high = signed ? hi | 0 : hi >>> 0;
  const value = high * WORD + (lo >>> 0);
  return Number.isSafeInteger(value) ? value : wordHex({ lo, hi });
}

/** Reads `size` (1, 2, 4 or 8) bytes at `at`, zero-extended. The bytes are there. */
export function readWord(bytes: Uint8Array, at: number, size: number, littleEndian: boolean): Word64 {
  let lo = 0;
  let hi = 0;
  for (let i = 0; i < size; i++) {
    const byte = bytes[at + (littleEndian ? i : size - 1 - i)] ?? 0;
    if (i < 4) lo |= byte << (8 * i);
    else hi |= byte << (8 * (i - 4));
  }
  return { lo: lo >>> 0, hi: hi >>> 0 };
}

/** A scalar of type `name` whose value is in the low bytes of `word`. */
export function scalarValue(name: ScalarName, word: Word64, model: DataModel, role?: TraceRole): TraceValue {
  const info: { readonly signed: boolean; readonly role?: string } = SCALARS[name];
  const exact = extend(word, scalarSize(name, model), info.signed);
  if (info.role === "address") return { kind: "address", address: wordHex(exact) };
  const value = exactNumber(exact, info.signed);
  if (info.role === "signal" && typeof value === "number")
    return { kind: "signal", value, name: namedSignal(value) };
  return intValue(value, role ?? traceRole(info.role));
}

function intValue(value: number | Hex, role: TraceRole | undefined): TraceInt {
  return role === undefined ? { kind: "int", value } : { kind: "int", value, role };
}

/** The role a trace keeps of a declared one. */
function traceRole(role: string | undefined): TraceRole | undefined {
  switch (role) {
    case "pid":
    case "uid":
    case "gid":
    case "fd":
    case "size":
    case "char":
    case "sigset":
      return role;
    default:
      return undefined;
  }
}

/** The number a scalar or a flag word stands for, as counts and sizes use it; null for any other type. */
export function countOf(type: CType, word: Word64, model: DataModel): number | null {
  const name = typeof type === "string" ? type : "flags" in type ? type.of : null;
  if (name === null || !isScalarName(name)) return null;
  const { signed } = SCALARS[name];
  const { lo, hi } = extend(word, scalarSize(name, model), signed);
  return (signed ? hi | 0 : hi) * WORD + lo;
}
