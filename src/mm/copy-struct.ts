import type { ErrnoName } from "../abi/errno.ts";
import type { ReadPtr } from "../abi/pointer.ts";
import { PAGE_SIZE } from "./frames.ts";
import { accessOk } from "./limits.ts";
import type { Uaccess } from "./uaccess.ts";

/**
 * `check_zeroed_user`: whether `n` user bytes are all zero. Bytes are looked at in ascending order, so a nonzero byte
 * before a bad page is found first (U-14).
 */
export function checkZeroedUser(u: Uaccess, src: ReadPtr, n: number): "zero" | "nonzero" | "fault" {
  if (n === 0) return "zero";
  if (!accessOk(u.limit, src, n, "bulk")) {
    u.setFault(src, "read", "not-user-range");
    u.log?.record("check_zeroed_user", "read", src, n, 0);
    return "fault";
  }
  const allowed = u.plan === null ? n : u.plan.access("read", src, n);
  let done = 0;
  let answer: "zero" | "nonzero" | "fault" = allowed < n ? "fault" : "zero";
  while (done < allowed) {
    const offset = u.translate(src + done, false);
    if (offset < 0) {
      answer = "fault";
      break;
    }
    const end = offset + Math.min(allowed - done, PAGE_SIZE - (offset & (PAGE_SIZE - 1)));
    const found = firstNonZero(u.pool.u8, offset, end);
    done += found - offset;
    if (found < end) {
      answer = "nonzero";
      break;
    }
  }
  if (answer === "fault" && done === allowed) u.setFault(src + done, "read", "injected");
  u.log?.record("check_zeroed_user", "read", src, n, answer === "nonzero" ? done + 1 : done);
  return answer;
}

function firstNonZero(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && bytes[i] === 0) i++;
  return i;
}

/**
 * `copy_struct_from_user`: a struct that may be older or newer than the kernel's. The tail the kernel does not know is
 * examined before the head (U-15): unreadable → EFAULT, nonzero → E2BIG. What the user's struct lacks is zero.
 * @param ksize size of the kernel's struct, and of the buffer at `dst`
 * @param usize size the user gave
 */
export function copyStructFromUser(
  u: Uaccess,
  dst: number,
  ksize: number,
  src: ReadPtr,
  usize: number,
): ErrnoName | null {
  const size = Math.min(ksize, usize);
  if (usize < ksize) u.pool.fill(dst + size, 0, ksize - size);
  else if (usize > ksize) {
    const tail = checkZeroedUser(u, (src + size) as ReadPtr, usize - size);
    if (tail === "fault") return "EFAULT";
    if (tail === "nonzero") return "E2BIG";
  }
  return u.copyFromUser(dst, src, size) === 0 ? null : "EFAULT";
}
