import { addressOf } from "../abi/address.ts";
import type { DataModel } from "../abi/data-model.ts";
import { type ReadPtr, userPtr } from "../abi/pointer.ts";
import { getWord64, setWord64 } from "../abi/word64.ts";
import type { Uaccess } from "./uaccess.ts";

/** One segment of a vector call. */
export interface Iovec {
  readonly base: number;
  /** Bytes, cut so that the total stays within {@link MAX_RW_COUNT}. */
  readonly length: number;
}

/** UIO_MAXIOV: segments a vector may have. */
export const UIO_MAXIOV = 1024;

/** Segments there is room for on the stack; a longer vector takes an allocation. */
const UIO_FASTIOV = 8;

/** MAX_RW_COUNT: bytes one call moves at most. */
export const MAX_RW_COUNT = 0x7ffff000;

/** How an era reads a vector and judges it; the checks themselves are the same in all of them. */
export interface IovecRules {
  /** Only the low 32 bits of the count are looked at (since 4.1). */
  readonly count32: boolean;
  /** The whole vector is copied before anything is judged; else segment by segment, lengths judged as they come. */
  readonly copiedWhole: "always" | "native" | "never";
  /** A segment's range is judged with its length; else all lengths come before the first range (since 5.10). */
  readonly rangeWithLength: boolean;
  /** A total above what one call moves is an error; else it is cut there (since 2.6.36). */
  readonly totalIsLimited: boolean;
  /** A single segment is cut before its range is judged (since 6.4). */
  readonly cutSingleFirst: boolean;
}

/** 2.6.30. */
export const IOVEC_2009: IovecRules = {
  count32: false,
  copiedWhole: "native",
  rangeWithLength: true,
  totalIsLimited: true,
  cutSingleFirst: false,
};

/** 4.1 to 5.9. */
export const IOVEC_4_1: IovecRules = { ...IOVEC_2009, count32: true, totalIsLimited: false };

/** 5.10 to 6.3. */
export const IOVEC_5_10: IovecRules = { ...IOVEC_4_1, rangeWithLength: false };

/** Since 6.4. */
export const IOVEC_6_4: IovecRules = { ...IOVEC_5_10, copiedWhole: "never", cutSingleFirst: true };

/** Why a vector was refused: the rungs of the shared ladder `import_iovec`. */
export type IovecError =
  | "too-many-segments"
  | "no-memory-for-vector"
  | "vector-unreadable"
  | "segment-negative"
  | "segment-not-user-range"
  | "total-too-long";

/**
 * `import_iovec`: reads a vector of segments and judges it. Returns the segments, or the rung that refuses them.
 * Source: lib/iov_iter.c; fs/read_write.c rw_copy_check_uvector before 5.10.
 *
 * @param count in address form, as the register has it
 * @param compat the caller's longs are shorter than the kernel's
 */
export function importIovec(
  u: Uaccess,
  uvec: ReadPtr,
  count: number,
  model: DataModel,
  compat: boolean,
  rules: IovecRules,
): readonly Iovec[] | IovecError {
  const segments = rules.count32 ? count >>> 0 : count;
  if (segments === 0) return [];
  if (!(segments <= UIO_MAXIOV)) return "too-many-segments";
  const bytes = segments * model.pointer * 2;
  const at = segments > UIO_FASTIOV ? u.pool.kalloc(bytes) : u.pool.kstack(bytes);
  if (at === 0) return "no-memory-for-vector";
  const error = readVector(u, uvec, segments, at, { model, compat, rules });
  return typeof error === "string" ? error : judge(u, segments, at, model, rules);
}

/** Brings the vector into kernel memory; the first reason not to. */
function readVector(
  u: Uaccess,
  uvec: number,
  count: number,
  at: number,
  how: { readonly model: DataModel; readonly compat: boolean; readonly rules: IovecRules },
): IovecError | null {
  const width = how.model.pointer;
  const bytes = count * width * 2;
  const { copiedWhole } = how.rules;
  if (copiedWhole === "always" || (copiedWhole === "native" && !how.compat))
    return u.copyFromUser(at, userPtr(uvec), bytes) === 0 ? null : "vector-unreadable";
  if (!u.accessOk(uvec, bytes)) return "vector-unreadable";
  for (let offset = 0; offset < bytes; offset += width * 2) {
    for (const word of [offset + width, offset]) {
      if (!u.getUser(userPtr(uvec + word), width)) return "vector-unreadable";
      if (width === 8) setWord64(u.pool.view, at + word, u, how.model.littleEndian);
      else u.pool.view.setUint32(at + word, u.lo, how.model.littleEndian);
    }
    if (isNegative(readWord(u, at + offset + width, how.model), width)) return "segment-negative";
  }
  return null;
}

function judge(
  u: Uaccess,
  count: number,
  at: number,
  model: DataModel,
  rules: IovecRules,
): readonly Iovec[] | IovecError {
  const width = model.pointer;
  const base = (i: number): number => readWord(u, at + i * width * 2, model);
  const length = (i: number): number => readWord(u, at + i * width * 2 + width, model);
  if (!rules.rangeWithLength)
    for (let i = 0; i < count; i++) if (isNegative(length(i), width)) return "segment-negative";
  const segments: Iovec[] = [];
  let total = 0;
  for (let i = 0; i < count; i++) {
    const bytes = length(i);
    if (isNegative(bytes, width)) return "segment-negative";
    if (rules.totalIsLimited && isNegative(total + bytes, width)) return "total-too-long";
    const first = rules.cutSingleFirst && count === 1 ? Math.min(bytes, MAX_RW_COUNT) : bytes;
    if (!u.accessOk(base(i), first)) return "segment-not-user-range";
    const cut = Math.min(bytes, MAX_RW_COUNT - total);
    total += cut;
    segments.push({ base: base(i), length: cut });
  }
  return segments;
}

function readWord(u: Uaccess, at: number, { pointer, littleEndian }: DataModel): number {
  if (pointer === 4) return u.pool.view.getUint32(at, littleEndian);
  const { lo, hi } = getWord64(u.pool.view, at, littleEndian);
  return addressOf(lo, hi);
}

/** Whether a length does not fit into the caller's ssize_t. */
function isNegative(length: number, width: 4 | 8): boolean {
  return length >= (width === 4 ? 2 ** 31 : 2 ** 63);
}
