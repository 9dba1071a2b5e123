import { iovec, type UserPtr, userPtr, X86_64 } from "../../../src/abi/index.ts";
import type { Call, Result, Rungs } from "../../../src/kernel/index.ts";
import { IOVEC_5_10, type Iovec, IovIter, importIovec, UIO_MAXIOV } from "../../../src/mm/index.ts";
import { ZOO_NUMBERS, type ZooCall, zooCall } from "./planted.ts";

/** A readv-like vector call: the bytes of a small file, spread over segments. */
const decl = {
  name: "zoo_readv",
  numbers: ZOO_NUMBERS,
  args: { vec: { in: "iovec", count: "vlen" }, vlen: "unsigned long" },
  returns: "ssize_t",
  ladder: [
    { include: "import_iovec" },
    ["no-memory", "ENOMEM", [], "no memory for the bytes on their way"],
    ["buffer-unwritable", "EFAULT", "U-03", "a segment cannot be written, before anything was moved"],
  ],
  effects: ["the bytes before a fault stay written, and are counted"],
  support: "full",
  provenance: ["the zoo"],
} as const;

type Readv = Call<Rungs<typeof decl>>;
type Vector = UserPtr<"iovec", "in">;

const FILE_BYTES = 100;

const isCompat = (k: Readv): boolean => k.path.kernel === "x86_64" && !k.path.wide;

function import_(k: Readv, vec: Vector, vlen: number): readonly Iovec[] | Result {
  const segments = importIovec(k.uaccess, vec, vlen, k.path.model, isCompat(k), IOVEC_5_10);
  return typeof segments === "string" ? k.fail(segments) : segments;
}

/** Kernel memory with the first `n` bytes of the file; 0 when there is none. */
function pageIn(k: Readv, n: number): number {
  const at = k.kalloc(n);
  if (at !== 0) for (let i = 0; i < n; i++) k.view.setUint8(at + i, 0x61 + (i % 26));
  return at;
}

function spread(k: Readv, segments: readonly Iovec[]): Result {
  const iter = new IovIter(segments);
  const n = Math.min(iter.count, FILE_BYTES);
  if (n === 0) return 0;
  const at = pageIn(k, n);
  if (at === 0) return k.fail("no-memory");
  const done = iter.copyTo(k.uaccess, at, n);
  return done === 0 ? k.fail("buffer-unwritable") : done;
}

/** The caller's vector, of which nothing has been judged; null on a fault. */
function fetchVector(k: Readv, vec: Vector, count: number): readonly Iovec[] | null {
  const layout = k.layout(iovec);
  const at = count === 0 ? 0 : k.kalloc(count * layout.size);
  if (k.uaccess.copyFromUser(at, vec, count * layout.size) !== 0) return null;
  const [base, length] = [layout.field("iov_base"), layout.field("iov_len")];
  return Array.from({ length: count }, (_, i) => {
    const entry = at + i * layout.size;
    return { base: base.int(k.view, entry), length: length.int(k.view, entry) };
  });
}

function judged(k: Readv, segments: readonly Iovec[]): Result {
  const negative = k.path.model.pointer === 4 ? 2 ** 31 : 2 ** 63;
  if (segments.some(({ length }) => length >= negative)) return k.fail("segment-negative");
  return segments.every(({ base, length }) => k.uaccess.accessOk(base, length))
    ? 0
    : k.fail("segment-not-user-range");
}

/** `zoo_readv` and its copies. */
export const zooReadv: ZooCall = zooCall(
  decl,
  {
    handler: (k, { vec, vlen }) => {
      const segments = import_(k, vec, vlen);
      return typeof segments === "number" ? segments : spread(k, segments);
    },
  },
  {
    "vector-twice": {
      about: "judges the vector, and reads it again for the copy",
      detector: "double-fetch",
      handler: (k, { vec, vlen }) => {
        const first = import_(k, vec, vlen);
        if (typeof first === "number") return first;
        const segments = fetchVector(k, vec, first.length);
        return segments === null ? k.fail("vector-unreadable") : spread(k, segments);
      },
    },
    "vector-before-count": {
      about: "copies the vector before it looks at how many segments it has",
      detector: "touch-before-turn",
      handler: (k, { vec, vlen }) => {
        const segments = fetchVector(k, vec, Math.min(vlen, UIO_MAXIOV));
        if (segments === null) return k.fail("vector-unreadable");
        if (vlen > UIO_MAXIOV) return k.fail("too-many-segments");
        const error = judged(k, segments);
        return error === 0 ? spread(k, segments) : error;
      },
    },
    "total-in-32-bits": {
      about: "answers no more than the sum of the lengths, which it keeps in 32 bits: 4 GiB are 0",
      detector: "partial-copy",
      handler: (k, { vec, vlen }) => {
        if (vlen > UIO_MAXIOV) return k.fail("too-many-segments");
        const segments = fetchVector(k, vec, vlen);
        if (segments === null) return k.fail("vector-unreadable");
        const error = judged(k, segments);
        if (error !== 0) return error;
        const done = spread(k, segments);
        let total = 0;
        for (const { length } of segments) total = (total + length) >>> 0;
        return Math.min(done, total);
      },
    },
    "waits-on-empty": {
      about: "goes to the next segment when the last has taken bytes, which an empty one never does",
      detector: "hang",
      handler: (k, { vec, vlen }) => {
        const segments = import_(k, vec, vlen);
        if (typeof segments === "number") return segments;
        const n = Math.min(new IovIter(segments).count, FILE_BYTES);
        if (n === 0) return 0;
        const at = pageIn(k, n);
        if (at === 0) return k.fail("no-memory");
        let done = 0;
        for (let i = 0; done < n; ) {
          const { base, length } = segments[i] as Iovec;
          // Faulted in beforehand, as a copy that must not sleep wants it.
          k.uaccess.getUser(userPtr(base), 1);
          const size = Math.min(length, n - done);
          const left = k.uaccess.copyToUser(userPtr(base), at + done, size);
          done += size - left;
          if (left > 0) break;
          if (size > 0) i++;
        }
        return done === 0 ? k.fail("buffer-unwritable") : done;
      },
    },
    "native-segments": {
      about: "reads the vector in its own layout, whoever calls: two segments of a 32-bit caller are one",
      detector: "compat-drift",
      handler: (k, { vec, vlen }) => {
        const segments = importIovec(k.uaccess, vec, vlen, X86_64, false, IOVEC_5_10);
        return typeof segments === "string" ? k.fail(segments) : spread(k, segments);
      },
    },
    "no-segment": {
      about: "looks at the first segment of a vector that may have none",
      detector: "oops",
      handler: (k, { vec, vlen }) => {
        const segments = import_(k, vec, vlen);
        if (typeof segments === "number") return segments;
        const [first] = segments as readonly [Iovec];
        return first.length >= FILE_BYTES ? spread(k, [first]) : spread(k, segments);
      },
    },
  },
);
