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
