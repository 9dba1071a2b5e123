import type { ReadPtr, WritePtr } from "../abi/pointer.ts";
import type { AccessLog } from "./access-log.ts";
import type { AddressSpace } from "./address-space.ts";
import type { Fault, FaultReason } from "./fault.ts";
import type { FaultPlan } from "./fault-plan.ts";
import { type FramePool, KERNEL_RESERVED_AT, PAGE_SIZE } from "./frames.ts";
import { accessOk, type UserLimit } from "./limits.ts";

/**
 * The only way across: the kernel's primitives for user memory, pointed at the memory of one task. As in the kernel,
 * copies return the number of bytes *not* copied. Nothing throws, whatever the address or length; every failure
 * leaves a {@link Fault}.
 *
 * Kernel buffers are byte offsets into the pool, from `FramePool.kalloc`.
 */
export class Uaccess {
  readonly pool: FramePool;
  /** Whose memory; null for a task that has none. */
  mm: AddressSpace | null = null;
  limit: UserLimit;
  private readonly littleEndian: boolean;
  /** The last failure since {@link begin}. */
  fault: Fault | null = null;
  /** A page could not be written because no frame was left. */
  outOfFrames = false;
  log: AccessLog | null = null;
  plan: FaultPlan | null = null;
  /** What {@link getUser} read, as unsigned halves. */
  lo = 0;
  hi = 0;

  /** @param littleEndian the byte order of words in user memory */
  constructor(pool: FramePool, limit: UserLimit, littleEndian = true) {
    this.pool = pool;
    this.limit = limit;
    this.littleEndian = littleEndian;
  }

  /** Points at a task's memory and forgets earlier failures: the start of a call. */
  begin(mm: AddressSpace | null): void {
    if (this.mm !== mm) this.mm = mm;
    if (this.fault !== null) {
      this.fault = null;
      this.outOfFrames = false;
    }
  }

  /** `access_ok`: a look at the range alone, never at mappings (U-05). */
  accessOk(address: number, n: number): boolean {
    return accessOk(this.limit, address, n, "bulk");
  }

  /**
   * `copy_from_user`: returns the bytes not copied, and zeroes them in the kernel's buffer (U-01, U-02). A range that
   * is not user memory copies nothing. A length of 0 touches nothing (U-04).
   * @param dst kernel buffer of at least `n` bytes
   */
  copyFromUser(dst: number, src: ReadPtr, n: number): number {
    if (n === 0) return 0;
    const left = this.bulk("copy_from_user", src, n, false, dst);
    if (left > 0) this.pool.fill(dst + n - left, 0, left);
    return left;
  }

  /** `copy_to_user`: returns the bytes not copied; those before the fault stay written. */
  copyToUser(dst: WritePtr, src: number, n: number): number {
    return n === 0 ? 0 : this.bulk("copy_to_user", dst, n, true, src);
  }

  /** `clear_user`: writes zeros; returns the bytes not written. */
  clearUser(dst: WritePtr, n: number): number {
    return n === 0 ? 0 : this.bulk("clear_user", dst, n, true, ZEROS);
  }

  /** `get_user`: reads one word into {@link lo} and {@link hi}, all or nothing; false on a fault. */
  getUser(src: ReadPtr, size: 1 | 2 | 4 | 8): boolean {
    this.lo = 0;
    this.hi = 0;
    const at = this.word("get_user", src, size, false);
    if (at < 0) return false;
    // An order known when it is compiled costs nothing; so each has statements of its own.
    if (this.littleEndian === false) {
      this.getBig(at, size);
      return true;
    }
    const { view } = this.pool;
    switch (size) {
      case 1:
        this.lo = view.getUint8(at);
        break;
      case 2:
        this.lo = view.getUint16(at, true);
        break;
      default:
        this.lo = view.getUint32(at, true);
        if (size === 8) this.hi = view.getUint32(at + 4, true);
    }
    return true;
  }

  /** `put_user`: writes one word, all or nothing; false on a fault. */
  putUser(dst: WritePtr, size: 1 | 2 | 4 | 8, lo: number, hi = 0): boolean {
    const at = this.word("put_user", dst, size, true);
    if (at < 0) return false;
    if (this.littleEndian === false) this.putBig(at, size, lo, hi);
    else this.putLittle(at, size, lo, hi);
    if (at === this.straddleAt) this.scatter(dst, size);
    return true;
  }

  private putLittle(at: number, size: 1 | 2 | 4 | 8, lo: number, hi: number): void {
    const { view } = this.pool;
    switch (size) {
      case 1:
        view.setUint8(at, lo);
        break;
      case 2:
        view.setUint16(at, lo, true);
        break;
      default:
        view.setUint32(at, lo, true);
        if (size === 8) view.setUint32(at + 4, hi, true);
    }
  }

  private getBig(at: number, size: 1 | 2 | 4 | 8): void {
    const { view } = this.pool;
    if (size === 1) this.lo = view.getUint8(at);
    else if (size === 2) this.lo = view.getUint16(at);
    else if (size === 4) this.lo = view.getUint32(at);
    else {
      this.hi = view.getUint32(at);
      this.lo = view.getUint32(at + 4);
    }
  }

  private putBig(at: number, size: 1 | 2 | 4 | 8, lo: number, hi: number): void {
    const { view } = this.pool;
    if (size === 1) view.setUint8(at, lo);
    else if (size === 2) view.setUint16(at, lo);
    else if (size === 4) view.setUint32(at, lo);
    else {
      view.setUint32(at, hi);
      view.setUint32(at + 4, lo);
    }
  }

  /**
   * Moves bytes page by page until the first fault; returns how many are left.
   * @param kernel where the kernel's bytes are; {@link ZEROS} to write zeros
   */
  bulk(op: string, address: number, n: number, write: boolean, kernel: number): number {
    const access = write ? "write" : "read";
    if (!accessOk(this.limit, address, n, "bulk")) return this.refuse(op, access, address, n);
    const allowed = this.plan === null ? n : this.plan.access(access, address, n);
    let done = 0;
    while (done < allowed) {
      const at = address + done;
      const offset = this.translate(at, write);
      if (offset < 0) break;
      const run = Math.min(allowed - done, PAGE_SIZE - (offset & (PAGE_SIZE - 1)));
      if (!write) this.pool.copy(kernel + done, offset, run);
      else if (kernel === ZEROS) this.pool.fill(offset, 0, run);
      else this.pool.copy(offset, kernel + done, run);
      done += run;
    }
    if (done === allowed && allowed < n) this.setFault(address + done, access, "injected");
    this.log?.record(op, access, address, n, done);
    return n - done;
  }

  /** Notes a failure; `this.fault` and, for want of a frame, `this.outOfFrames`. */
  setFault(address: number, access: "read" | "write", reason: FaultReason): void {
    this.fault = { address, access, reason };
    if (reason === "no-frame") this.outOfFrames = true;
  }

  /** Pool offset of one user byte; −1 after a fault, which is noted. */
  translate(address: number, write: boolean): number {
    const { mm } = this;
    const offset = mm === null ? -1 : mm.translate(address, write);
    if (offset < 0) this.setFault(address, write ? "write" : "read", mm?.reason ?? "no-mapping");
    return offset;
  }

  private refuse(op: string, access: "read" | "write", address: number, n: number): number {
    this.setFault(address, access, "not-user-range");
    this.log?.record(op, access, address, n, 0);
    return n;
  }

  private straddleAt = -1;

  /**
   * Pool offset of a whole word, after every page of it has been found accessible; −1 on a fault. A word across two
   * pages is gathered in kernel memory.
   */
  private word(op: string, address: number, size: number, write: boolean): number {
    const access = write ? "write" : "read";
    this.straddleAt = -1;
    if (!accessOk(this.limit, address, size, "scalar")) {
      this.refuse(op, access, address, size);
      return -1;
    }
    if (this.plan !== null && this.plan.access(access, address, size) < size) {
      this.setFault(address, access, "injected");
      this.log?.record(op, access, address, size, 0);
      return -1;
    }
    let offset = this.translate(address, write);
    const inPage = PAGE_SIZE - (offset & (PAGE_SIZE - 1));
    if (offset >= 0 && inPage < size) offset = this.gather(address, offset, inPage, size, write);
    this.log?.record(op, access, address, size, offset < 0 ? 0 : size);
    return offset;
  }

  private gather(address: number, first: number, inPage: number, size: number, write: boolean): number {
    const second = this.translate(address + inPage, write);
    if (second < 0) return -1;
    const at = STRADDLE_AT;
    this.pool.copy(at, first, inPage);
    this.pool.copy(at + inPage, second, size - inPage);
    this.straddleAt = at;
    return at;
  }

  private scatter(address: number, size: number): void {
    const first = this.translate(address, true);
    const inPage = PAGE_SIZE - (first & (PAGE_SIZE - 1));
    this.pool.copy(first, this.straddleAt, inPage);
    this.pool.copy(this.translate(address + inPage, true), this.straddleAt + inPage, size - inPage);
  }
}

/** Stands for "zeros" where a kernel buffer is expected. */
const ZEROS = -1;

/** The first bytes of kernel memory are set aside for words across two pages. */
const STRADDLE_AT = KERNEL_RESERVED_AT;
