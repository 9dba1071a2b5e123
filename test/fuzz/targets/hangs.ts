import { implement } from "trapgate";
import { type FuzzTarget, fuzzTarget } from "trapgate/fuzz";

const decl = {
  name: "spin",
  numbers: { x86_64: 1001 },
  args: { from: { in: "int" }, mask: "int" },
  returns: "int",
  ladder: [["from-unreadable", "EFAULT", [], "from cannot be read"]],
  support: "full",
  provenance: ["written for a test"],
} as const;

/** Never comes back for a few pairs of numbers. */
const spins = implement(decl, (k, { from, mask }) => {
  if (!k.uaccess.getUser(from, 4)) return k.fail("from-unreadable");
  const value = k.uaccess.lo;
  while (value >= 63 && value <= 65 && mask >= 31 && mask <= 33);
  return 0;
});

export const target: FuzzTarget = fuzzTarget({ calls: [spins], archs: ["x86_64"] });
