import { addressOf, type UserPtr, userPtr } from "../../../src/abi/index.ts";
import type { Call, Result, Rungs } from "../../../src/kernel/index.ts";
import { ZOO_NUMBERS, type ZooCall, zooCall } from "./planted.ts";

/** A read-like partial copy: bytes of a small file from an offset on, as many as there are and fit. */
const decl = {
  name: "zoo_read",
  numbers: ZOO_NUMBERS,
  args: { buf: { out: "char", size: "count" }, count: "size_t", offset: "long" },
  returns: "ssize_t",
  ladder: [
    ["offset-negative", "EINVAL", [], "the offset is negative"],
    ["not-user-range", "EFAULT", "U-05", "the buffer reaches beyond user space"],
    ["no-memory", "ENOMEM", [], "no memory for the bytes on their way"],
    ["buffer-unwritable", "EFAULT", "U-03", "the buffer cannot be written, before anything was moved"],
  ],
  effects: ["the bytes before a fault stay written, and are counted"],
  support: "full",
  provenance: ["the zoo"],
} as const;

type Read = Call<Rungs<typeof decl>>;
type Buf = UserPtr<"char", "out">;

const FILE_BYTES = 300;
/** Bytes of a piece, where the copy is made in pieces. */
const PIECE = 64;

/** The checks before anything is copied. */
function refused(k: Read, buf: Buf, count: number, offset: number): Result {
  if (offset < 0) return k.fail("offset-negative");
  return k.uaccess.accessOk(buf, count) ? 0 : k.fail("not-user-range");
}

/** How much of the file a read of `count` bytes at `offset` gets. */
function bytesAt(offset: number, count: number): number {
  return Math.max(0, Math.min(count, FILE_BYTES - offset));
}

/** Kernel memory of `size` bytes with `n` bytes of the file at its start; 0 when there is none. */
function pageIn(k: Read, offset: number, n: number, size: number = n): number {
  const at = k.kalloc(size);
  if (at !== 0) for (let i = 0; i < n; i++) k.view.setUint8(at + i, 0x61 + ((offset + i) % 26));
  return at;
}

/** Bytes that reached the buffer. */
function handOut(k: Read, buf: Buf, at: number, n: number): Result {
  const done = n - k.uaccess.copyToUser(buf, at, n);
  return done === 0 ? k.fail("buffer-unwritable") : done;
}

/** `zoo_read` and its copies. */
export const zooRead: ZooCall = zooCall(
  decl,
  {
    handler: (k, { buf, count, offset }) => {
      const error = refused(k, buf, count, offset);
      if (error !== 0) return error;
      const n = bytesAt(offset, count);
      if (n === 0) return 0;
      const at = pageIn(k, offset, n);
      return at === 0 ? k.fail("no-memory") : handOut(k, buf, at, n);
    },
  },
  {
    "one-too-many": {
      about: "copies one byte more than there is room for: `<=` where `<` was meant",
      detector: "partial-copy",
      handler: (k, { buf, count, offset }) => {
        const error = refused(k, buf, count, offset);
        if (error !== 0) return error;
        const n = bytesAt(offset, count);
        if (n === 0) return 0;
        const at = pageIn(k, offset, n + 1);
        if (at === 0) return k.fail("no-memory");
        const done = handOut(k, buf, at, n + 1);
        return Math.min(done, n);
      },
    },
    "short-is-whole": {
      about: "answers the whole count after a copy that ended at a fault",
      detector: "partial-copy",
      handler: (k, { buf, count, offset }) => {
        const error = refused(k, buf, count, offset);
        if (error !== 0) return error;
        const n = bytesAt(offset, count);
        if (n === 0) return 0;
        const at = pageIn(k, offset, n);
        if (at === 0) return k.fail("no-memory");
        return handOut(k, buf, at, n) < 0 ? k.fail("buffer-unwritable") : n;
      },
    },
    "answers-what-is-left": {
      about: "answers what copy_to_user returned, which is the bytes that were not copied",
      detector: "partial-copy",
      handler: (k, { buf, count, offset }) => {
        const error = refused(k, buf, count, offset);
        if (error !== 0) return error;
        const n = bytesAt(offset, count);
        if (n === 0) return 0;
        const at = pageIn(k, offset, n);
        if (at === 0) return k.fail("no-memory");
        const left = k.uaccess.copyToUser(buf, at, n);
        return left === n ? k.fail("buffer-unwritable") : left;
      },
    },
    "past-the-end": {
      about: "hands out the whole of its buffer where the file ends earlier: the rest was never filled",
      detector: "kernel-bytes",
      handler: (k, { buf, count, offset }) => {
        const error = refused(k, buf, count, offset);
        if (error !== 0) return error;
        const n = bytesAt(offset, count);
        if (n === 0) return 0;
        const size = Math.min(count, 2 * FILE_BYTES);
        const at = pageIn(k, offset, n, size);
        return at === 0 ? k.fail("no-memory") : handOut(k, buf, at, size);
      },
    },
    "range-first": {
      about: "looks at the range of the buffer before it looks at the offset",
      detector: "error-order",
      handler: (k, { buf, count, offset }) => {
        if (!k.uaccess.accessOk(buf, count)) return k.fail("not-user-range");
        if (offset < 0) return k.fail("offset-negative");
        const n = bytesAt(offset, count);
        if (n === 0) return 0;
        const at = pageIn(k, offset, n);
        return at === 0 ? k.fail("no-memory") : handOut(k, buf, at, n);
      },
    },
    "offset-not-extended": {
      about: "takes the offset as the register has it, so the −1 of a 32-bit caller is 4 GiB",
      detector: "compat-drift",
      handler: (k, { buf, count }) => {
        const { lo, hi } = k.word("offset");
        const offset = (hi | 0) < 0 ? -1 : addressOf(lo, hi);
        const error = refused(k, buf, count, offset);
        if (error !== 0) return error;
        const n = bytesAt(offset, count);
        if (n === 0) return 0;
        const at = pageIn(k, offset, n);
        return at === 0 ? k.fail("no-memory") : handOut(k, buf, at, n);
      },
    },
    "unsigned-rest": {
      about: "copies pieces until an unsigned rest is 0, and the rest of a size that is no multiple wraps",
      detector: "hang",
      handler: (k, { buf, count, offset }) => {
        const error = refused(k, buf, count, offset);
        if (error !== 0) return error;
        const n = bytesAt(offset, count);
        if (n === 0) return 0;
        const at = pageIn(k, offset, n);
        if (at === 0) return k.fail("no-memory");
        let done = 0;
        for (let rest = n; rest !== 0; rest = (rest - PIECE) >>> 0)
          done += PIECE - k.uaccess.copyToUser(userPtr(buf + done), at + done, PIECE);
        return done === 0 ? k.fail("buffer-unwritable") : done;
      },
    },
  },
);
