import type { StructDecl } from "../../src/abi/index.ts";
import { type Implementation, implement } from "../../src/kernel/index.ts";

const common = { support: "full", provenance: ["written for a test"] } as const;

/** Copies one int: the small call every sample is a variation of. */
const peek = {
  ...common,
  name: "peek",
  numbers: { x86_64: 1000, i386: 1000 },
  args: { from: { in: "int" }, to: { out: "int" } },
  returns: "int",
  ladder: [
    ["from-unreadable", "EFAULT", [], "from cannot be read"],
    ["negative", "EINVAL", [], "the number is negative"],
    ["to-unwritable", "EFAULT", [], "to cannot be written"],
  ],
} as const;

/** As it should be. */
export const clean: Implementation = implement(peek, (k, { from, to }) => {
  const { uaccess } = k;
  if (!uaccess.getUser(from, 4)) return k.fail("from-unreadable");
  const value = uaccess.lo | 0;
  if (value < 0) return k.fail("negative");
  return uaccess.putUser(to, 4, value) ? 0 : k.fail("to-unwritable");
});

/** Writes first, and judges then. */
export const writesEarly: Implementation = implement(peek, (k, { from, to }) => {
  const { uaccess } = k;
  if (!uaccess.getUser(from, 4)) return k.fail("from-unreadable");
  const value = uaccess.lo | 0;
  if (!uaccess.putUser(to, 4, value)) return k.fail("to-unwritable");
  return value < 0 ? k.fail("negative") : 0;
});

/** Judges one number and copies another. */
export const readsTwice: Implementation = implement(peek, (k, { from, to }) => {
  const { uaccess } = k;
  if (!uaccess.getUser(from, 4)) return k.fail("from-unreadable");
  if ((uaccess.lo | 0) < 0) return k.fail("negative");
  if (!uaccess.getUser(from, 4)) return k.fail("from-unreadable");
  return uaccess.putUser(to, 4, uaccess.lo) ? 0 : k.fail("to-unwritable");
});

/** Copies as if the number had eight bytes. */
export const writesTooFar: Implementation = implement(peek, (k, { from, to }) => {
  const { uaccess } = k;
  if (!uaccess.getUser(from, 4)) return k.fail("from-unreadable");
  const value = uaccess.lo | 0;
  if (value < 0) return k.fail("negative");
  return uaccess.putUser(to, 8, value) ? 0 : k.fail("to-unwritable");
});

/** Throws for one number in four billion. */
export const throws: Implementation = implement(peek, (k, { from, to }) => {
  const { uaccess } = k;
  if (!uaccess.getUser(from, 4)) return k.fail("from-unreadable");
  const value = uaccess.lo | 0;
  if (value < 0) return k.fail("negative");
  if (value === 4096) throw new TypeError("4096 is special");
  return uaccess.putUser(to, 4, value) ? 0 : k.fail("to-unwritable");
});

const stat = {
  struct: "sample_stat",
  fields: { size: "u64", mode: "u32", kind: "u8", owner: "u32" },
} as const;
/** What the declarations below name. */
export const structs: readonly StructDecl[] = [stat];

const look = {
  ...common,
  name: "look",
  numbers: { x86_64: 1001, i386: 1001 },
  args: { flags: "int", from: { in: "int" }, size: "size_t", to: { out: "sample_stat" } },
  returns: "int",
  ladder: [
    ["flags", "EINVAL", [], "flags is not 0"],
    ["size", "E2BIG", [], "size is above 4096"],
    ["from-unreadable", "EFAULT", [], "from cannot be read"],
    ["no-memory", "ENOMEM", [], "no memory for a copy"],
    ["to-unwritable", "EFAULT", [], "to cannot be written"],
  ],
} as const;

interface Mistakes {
  /** from is read before flags and size are looked at, and nobody asks yet whether it could be. */
  readonly touches?: true;
  /** size is judged before flags. */
  readonly sizeFirst?: true;
  /** The struct is not cleared before it is filled. */
  readonly leaks?: true;
  /** The name changes before the copy is allocated. */
  readonly halfDone?: true;
  /** Every success leaves an open file behind. */
  readonly keeps?: true;
  /** 32-bit callers get another owner. */
  readonly drifts?: true;
}

/** A stat-like call with mistakes, or none. */
export function looker(mistakes: Mistakes = {}): Implementation {
  return implement(look, (k, { flags, from, size, to }) => {
    const { uaccess, view, task, machine } = k;
    let ok = mistakes.touches === true && uaccess.getUser(from, 4);
    if (mistakes.sizeFirst && size > 4096) return k.fail("size");
    if (flags !== 0) return k.fail("flags");
    if (size > 4096) return k.fail("size");
    ok = mistakes.touches ? ok : uaccess.getUser(from, 4);
    if (!ok) return k.fail("from-unreadable");
    const value = uaccess.lo;
    if (mistakes.halfDone) task.comm = "looked";
    const layout = k.layout(stat);
    const at = k.kalloc(layout.size);
    if (at === 0) return k.fail("no-memory");
    if (!mistakes.leaks) machine.pool.fill(at, 0, layout.size);
    const owner = mistakes.drifts && k.path.compat ? value & 0xffff : value;
    layout.write(view, at, { size, mode: 420, kind: 1, owner });
    if (uaccess.copyToUser(to, at, layout.size) !== 0) {
      if (mistakes.halfDone) task.comm = "main";
      return k.fail("to-unwritable");
    }
    if (mistakes.keeps) machine.filp.alloc();
    return 0;
  });
}
