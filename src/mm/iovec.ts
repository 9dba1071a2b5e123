import { addressOf } from "../abi/address.ts";
import type { DataModel } from "../abi/data-model.ts";
import type { ErrnoName } from "../abi/errno.ts";
import type { ReadPtr } from "../abi/pointer.ts";
import type { Uaccess } from "./uaccess.ts";

/** One segment of a vector call. */
export interface Iovec {
  readonly base: number;
  /** Bytes, cut so that the total stays within {@link MAX_RW_COUNT}. */
  readonly length: number;
}

/** UIO_MAXIOV: segments a vector may have. */
export const UIO_MAXIOV = 1024;

/** MAX_RW_COUNT: bytes one call moves at most. */
export const MAX_RW_COUNT = 0x7ffff000;

/**
 * `import_iovec`: reads a vector of segments and judges it, in the kernel's order: too many → EINVAL; unreadable →
 * EFAULT; then segment by segment a negative length → EINVAL, a base out of user space → EFAULT; the total is cut at
 * MAX_RW_COUNT. Returns the segments or an errno.
 */
export function importIovec(
  u: Uaccess,
  uvec: ReadPtr,
  count: number,
  model: DataModel,
): readonly Iovec[] | ErrnoName {
  if (count === 0) return [];
  if (!(count > 0 && count <= UIO_MAXIOV)) return "EINVAL";
  const width = model.pointer;
  const bytes = count * width * 2;
  const at = u.pool.kalloc(bytes);
  if (at === 0) return "ENOMEM";
  if (u.copyFromUser(at, uvec, bytes) !== 0) return "EFAULT";
  const segments: Iovec[] = [];
  let total = 0;
  for (let i = 0; i < count; i++) {
    const base = readWord(u, at + i * width * 2, width);
    const length = readWord(u, at + i * width * 2 + width, width);
    if (isNegative(length, width)) return "EINVAL";
    if (!u.accessOk(base, length)) return "EFAULT";
    const cut = Math.min(length, MAX_RW_COUNT - total);
    total += cut;
    segments.push({ base, length: cut });
  }
  return segments;
}

function readWord(u: Uaccess, at: number, width: 4 | 8): number {
  const lo = u.pool.view.getUint32(at, true);
  return width === 4 ? lo : addressOf(lo, u.pool.view.getUint32(at + 4, true));
}

function isNegative(length: number, width: 4 | 8): boolean {
  return length >= (width === 4 ? 2 ** 31 : 2 ** 63);
}
