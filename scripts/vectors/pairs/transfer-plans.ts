import { READ_ONLY } from "../families/setting.ts";
import { HOLE_AT, OUT, SECOND } from "./memory.ts";
import { allow, demand, planOf, THERE, type WordDemand, type WordPlan } from "./words.ts";

const ONE_DESCRIPTOR = "a call has one descriptor";
/** Beyond user space, which 32 bits never are on a 64-bit kernel. */
const KERNEL = "0xffff888000000000";
/** A length no kernel's ssize_t has, whatever a long is. */
const NEGATIVE = "0xffffffffffffffff";
const READER = 3;
const WRITER = 4;
const PIDFD = 5;

const badFd = demand("bad-fd", "descriptor 99", { allow: allow("a0", 99) });
const noOperation = demand("no-such-operation", "a pidfd", {
  allow: allow("a0", PIDFD),
  preludes: ["own-pidfd"],
});
const notReadable = demand("not-readable", "the end that is written to", { allow: allow("a0", WRITER) });
const notWritable = demand("not-writable", "the end that is read from", { allow: allow("a0", READER) });
/** A pipe's end that is not for it has nothing to give and no room either. */
const nothingThere = demand("would-block", "nothing in the pipe", {
  allow: allow("a0", READER, WRITER),
  preludes: ["drained"],
});
const noRoom = demand("would-block", "no room in the pipe", {
  allow: allow("a0", WRITER, READER),
  preludes: ["full"],
});
const noReader = demand("no-reader", "nobody to read it", {
  allow: allow("a0", WRITER),
  preludes: ["no-reader"],
});

const COMMON = {
  clash: { a0: ONE_DESCRIPTOR, a1: "a call has one buffer" },
  unobservable: {
    "count-negative": "what a 64-bit ssize_t cannot hold reaches beyond user space",
    "no-page": "no program can make the kernel's own memory run out",
    "no-memory-for-vector": "no program can make the kernel's own memory run out",
    "total-too-long": "until 2.6.36: since then what is too long is cut",
  },
} as const;

const range: WordDemand = demand("not-user-range", "a buffer beyond user space", {
  only: ["x86_64"],
  allow: allow("a1", KERNEL),
});

const READ = planOf({
  ...COMMON,
  call: "read",
  args: [READER, OUT, 16],
  always: ["pipe", "data"],
  preludes: ["own-pidfd", "drained"],
  demands: [
    badFd,
    notReadable,
    noOperation,
    range,
    nothingThere,
    demand("buffer-unwritable", "buffer in a hole", { allow: allow("a1", HOLE_AT, KERNEL) }),
  ],
});

const WRITE = planOf({
  ...COMMON,
  call: "write",
  args: [WRITER, OUT, 16],
  always: ["pipe"],
  preludes: ["own-pidfd", "full", "no-reader"],
  demands: [
    badFd,
    notWritable,
    noOperation,
    range,
    noReader,
    noRoom,
    demand("buffer-unreadable", "buffer in a hole", { allow: allow("a1", HOLE_AT, KERNEL) }),
  ],
});

/** The bytes of a segment: two longs. */
const SEGMENT = { x86_64: 16, i386: 8 } as const;
const WAYS = { x86_64: ["x86_64"], i386: ["i386", "int80"] } as const;
const WIDTHS = ["x86_64", "i386"] as const;

/** What import_iovec asks of two segments in memory, base and length each. */
const VECTOR: readonly WordDemand[] = [
  demand("too-many-segments", "1025 segments", { allow: allow("a2", 1025) }),
  ...WIDTHS.map((width) =>
    demand("vector-unreadable", "a vector that begins in a hole", {
      only: WAYS[width],
      allow: { at: [SECOND - SEGMENT[width]] },
    }),
  ),
  demand("segment-negative", "lengths of −1", { allow: { m1: [NEGATIVE], m3: [NEGATIVE] } }),
  // Segment by segment: the first is judged before the second is read.
  ...WIDTHS.map((width) =>
    demand("vector-unreadable", "a vector that ends in a hole", {
      rule: "vector-unreadable-later",
      only: WAYS[width],
      allow: { at: [READ_ONLY + 4096 - SEGMENT[width]] },
    }),
  ),
  demand("segment-not-user-range", "buffers beyond user space", {
    only: WAYS.x86_64,
    allow: { m0: [KERNEL], m2: [KERNEL] },
  }),
];

const inHole = (rung: string): WordDemand =>
  demand(rung, "buffers in a hole", { allow: { m0: [HOLE_AT, KERNEL], m2: [HOLE_AT, KERNEL] } });

const READV = planOf({
  ...COMMON,
  call: "readv",
  args: [READER, THERE, 2],
  words: ["long", OUT, 16, OUT, 16],
  always: ["pipe", "data"],
  preludes: ["own-pidfd", "drained"],
  demands: [badFd, notReadable, noOperation, ...VECTOR, nothingThere, inHole("buffer-unwritable")],
});

const WRITEV = planOf({
  ...COMMON,
  call: "writev",
  args: [WRITER, THERE, 2],
  words: ["long", OUT, 16, OUT, 16],
  always: ["pipe"],
  preludes: ["own-pidfd", "full", "no-reader"],
  demands: [badFd, notWritable, noOperation, ...VECTOR, noReader, noRoom, inHole("buffer-unreadable")],
});

/** The plans of calls that move bytes. */
export const TRANSFER_PLANS: readonly WordPlan[] = [READ, WRITE, READV, WRITEV];
