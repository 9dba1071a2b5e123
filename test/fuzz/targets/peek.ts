import { type Implementation, implement } from "trapgate";

const decl = {
  name: "peek",
  numbers: { x86_64: 1000, i386: 1000 },
  args: { from: { in: "int" }, to: { out: "int" } },
  returns: "int",
  ladder: [
    ["from-unreadable", "EFAULT", [], "from cannot be read"],
    ["negative", "EINVAL", [], "the number is negative"],
    ["to-unwritable", "EFAULT", [], "to cannot be written"],
  ],
  support: "full",
  provenance: ["written for a test"],
} as const;

/** Writes first, and judges then. */
export const writesEarly: Implementation = implement(decl, (k, { from, to }) => {
  const { uaccess } = k;
  if (!uaccess.getUser(from, 4)) return k.fail("from-unreadable");
  const value = uaccess.lo | 0;
  if (!uaccess.putUser(to, 4, value)) return k.fail("to-unwritable");
  return value < 0 ? k.fail("negative") : 0;
});
