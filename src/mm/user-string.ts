import type { ReadPtr } from "../abi/pointer.ts";
import { PAGE_SIZE } from "./frames.ts";
import { accessOk } from "./limits.ts";
import type { Uaccess } from "./uaccess.ts";

/** What the string calls answer on a fault. */
export const STRING_FAULT = -1;

/**
 * `strncpy_from_user`: copies up to `max` bytes of a string, its NUL included. Never crosses into a page before it is
 * needed, so a NUL before a bad page wins. Returns the length without the NUL, `max` when there is none in `max`
 * bytes, {@link STRING_FAULT} when a byte before the NUL cannot be read.
 */
export function strncpyFromUser(u: Uaccess, dst: number, src: ReadPtr, max: number): number {
  if (max === 0) return 0;
  const length = scan(u, "strncpy_from_user", src, max);
  if (length < 0) return STRING_FAULT;
  const bytes = Math.min(length + 1, max);
  for (let done = 0; done < bytes; ) {
    const offset = u.translate(src + done, false);
    const run = Math.min(bytes - done, PAGE_SIZE - (offset & (PAGE_SIZE - 1)));
    u.pool.copy(dst + done, offset, run);
    done += run;
  }
  return length;
}

/**
 * `strnlen_user`: the length of a string with its NUL, a number above `max` when there is none in `max` bytes, 0 on a
 * fault.
 */
export function strnlenUser(u: Uaccess, src: ReadPtr, max: number): number {
  if (!(max > 0)) return 0;
  const length = scan(u, "strnlen_user", src, max);
  return length < 0 ? 0 : length + 1;
}

/** Bytes before the NUL, `max` when none of the first `max` is one, −1 on a fault before it. */
function scan(u: Uaccess, op: string, src: ReadPtr, max: number): number {
  if (!accessOk(u.limit, src, 1, "scalar")) {
    u.setFault(src, "read", "not-user-range");
    u.log?.record(op, "read", src, max, 0);
    return -1;
  }
  const allowed = u.plan === null ? max : u.plan.access("read", src, max);
  // A string may end at the limit: bytes beyond it are looked at only when no NUL came before.
  let done = 0;
  while (done < allowed) {
    const at = src + done;
    const offset = accessOk(u.limit, at, 1, "scalar") ? u.translate(at, false) : notUser(u, at);
    if (offset < 0) {
      u.log?.record(op, "read", src, max, done);
      return -1;
    }
    const end = offset + Math.min(allowed - done, PAGE_SIZE - (offset & (PAGE_SIZE - 1)));
    let nul = offset;
    while (nul < end && u.pool.u8[nul] !== 0) nul++;
    if (nul < end) {
      u.log?.record(op, "read", src, max, done + nul - offset + 1);
      return done + nul - offset;
    }
    done += end - offset;
  }
  u.log?.record(op, "read", src, max, done);
  if (allowed < max) {
    u.setFault(src + done, "read", "injected");
    return -1;
  }
  return max;
}

function notUser(u: Uaccess, address: number): number {
  u.setFault(address, "read", "not-user-range");
  return -1;
}
