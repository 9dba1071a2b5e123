import {
  read as readDecl,
  readv as readvDecl,
  write as writeDecl,
  writev as writevDecl,
} from "../../abi/calls/index.ts";
import type { ReadPtr } from "../../abi/pointer.ts";
import { rawWord } from "../../arch/words.ts";
import { IovIter } from "../../mm/iov-iter.ts";
import { importIovec, MAX_RW_COUNT } from "../../mm/iovec.ts";
import { type Call, type Implementation, implement, type Rungs } from "../call.ts";
import { fdget } from "../file/descriptor.ts";
import type { Result } from "../outcome.ts";

/** What every call that moves bytes fails with before it moves any. */
type RangeCall = Call<"not-user-range" | "count-negative">;
type VectorCall = Call<Extract<Rungs<typeof readvDecl>, Rungs<typeof writevDecl>>>;

/** `read`. Source: fs/read_write.c vfs_read. */
export const read: Implementation = implement(readDecl, (k, { fd, buf, count }) => {
  const file = fdget(k.task, fd);
  if (file === null) return k.fail("bad-fd");
  if (!file.readable) return k.fail("not-readable");
  if (file.op.read === undefined) return k.fail("no-such-operation");
  const iter = oneBuffer(k, buf, count);
  return typeof iter === "number" ? iter : file.op.read(k, file, iter);
});

/** `write`. Source: fs/read_write.c vfs_write. */
export const write: Implementation = implement(writeDecl, (k, { fd, buf, count }) => {
  const file = fdget(k.task, fd);
  if (file === null) return k.fail("bad-fd");
  if (!file.writable) return k.fail("not-writable");
  if (file.op.write === undefined) return k.fail("no-such-operation");
  const iter = oneBuffer(k, buf, count);
  return typeof iter === "number" ? iter : file.op.write(k, file, iter);
});

/** `readv`. Source: fs/read_write.c vfs_readv. */
export const readv: Implementation = implement(readvDecl, (k, { fd, vec, vlen }) => {
  const file = fdget(k.task, fd);
  if (file === null) return k.fail("bad-fd");
  if (!file.readable) return k.fail("not-readable");
  if (file.op.read === undefined) return k.fail("no-such-operation");
  const iter = manyBuffers(k, vec, vlen);
  if (typeof iter === "number") return iter;
  return iter.count === 0 ? 0 : file.op.read(k, file, iter);
});

/** `writev`. Source: fs/read_write.c vfs_writev. */
export const writev: Implementation = implement(writevDecl, (k, { fd, vec, vlen }) => {
  const file = fdget(k.task, fd);
  if (file === null) return k.fail("bad-fd");
  if (!file.writable) return k.fail("not-writable");
  if (file.op.write === undefined) return k.fail("no-such-operation");
  const iter = manyBuffers(k, vec, vlen);
  if (typeof iter === "number") return iter;
  return iter.count === 0 ? 0 : file.op.write(k, file, iter);
});

/** The first look at a buffer: its range alone. */
function oneBuffer(k: RangeCall, base: number, count: number): IovIter | Result {
  if (!k.uaccess.accessOk(base, count)) return k.fail("not-user-range");
  if (k.path.kernel === "i386" && count >= 2 ** 31) return k.fail("count-negative");
  return new IovIter([{ base, length: Math.min(count, MAX_RW_COUNT) }]);
}

function manyBuffers(k: VectorCall, vec: ReadPtr, vlen: number): IovIter | Result {
  const { path, profile } = k;
  const compat = path.kernel === "x86_64" && !path.wide;
  const rules = profile.files.iovec;
  // Of a number beyond every address vlen does not know the low half.
  const count = rules.count32 ? rawWord(path, k.task.regs, 2, 0).lo : vlen;
  const segments = importIovec(k.uaccess, vec, count, path.model, compat, rules);
  return typeof segments === "string" ? k.fail(segments) : new IovIter(segments);
}
