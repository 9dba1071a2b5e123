import { type Implementation, implement } from "trapgate";

/** As peek, with the same mistake, and in no hurry: a campaign of a few thousand runs takes a while. */
export const slow: Implementation = implement(
  {
    name: "peek",
    numbers: { x86_64: 1000 },
    args: { from: { in: "int" }, to: { out: "int" } },
    returns: "int",
    ladder: [
      ["from-unreadable", "EFAULT", [], "from cannot be read"],
      ["negative", "EINVAL", [], "the number is negative"],
      ["to-unwritable", "EFAULT", [], "to cannot be written"],
    ],
    support: "full",
    provenance: ["written for a test"],
  },
  (k, { from, to }) => {
    const { uaccess } = k;
    let spent = 0;
    for (let i = 0; i < 100_000; i++) spent = (spent + i) | 0;
    if (!uaccess.getUser(from, 4) || spent === 1) return k.fail("from-unreadable");
    const value = uaccess.lo | 0;
    if (!uaccess.putUser(to, 4, value)) return k.fail("to-unwritable");
    return value < 0 ? k.fail("negative") : 0;
  },
);
