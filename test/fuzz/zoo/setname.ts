import { type UserPtr, userPtr } from "../../../src/abi/index.ts";
import type { Call, Result, Rungs } from "../../../src/kernel/index.ts";
import { strncpyFromUser, strnlenUser } from "../../../src/mm/index.ts";
import { ZOO_NUMBERS, type ZooCall, zooCall } from "./planted.ts";

/** A call that takes a string: the caller's new name. */
const decl = {
  name: "zoo_setname",
  numbers: ZOO_NUMBERS,
  args: { name: { string: "in", max: 16 } },
  returns: "int",
  ladder: [
    ["name-unreadable", "EFAULT", "U-02", "the name cannot be read up to its NUL"],
    ["name-too-long", "ENAMETOOLONG", [], "none of the first 16 bytes is NUL"],
    ["name-empty", "EINVAL", [], "the name is empty"],
    ["no-memory", "ENOMEM", [], "no memory for the name"],
  ],
  effects: ["the task's name changes"],
  support: "full",
  provenance: ["the zoo"],
} as const;

type SetName = Call<Rungs<typeof decl>>;
type Name = UserPtr<"char", "in">;

const MAX = 16;

function rename(k: SetName, at: number, length: number): void {
  let comm = "";
  for (let i = 0; i < length; i++) comm += String.fromCharCode(k.view.getUint8(at + i));
  k.task.comm = comm;
}

/** What follows once the name is in kernel memory. */
function take(k: SetName, at: number, length: number): Result {
  if (length === MAX) return k.fail("name-too-long");
  if (length === 0) return k.fail("name-empty");
  if (!k.allocate("name")) return k.fail("no-memory");
  rename(k, at, length);
  return 0;
}

/** `zoo_setname` and its copies. */
export const zooSetname: ZooCall = zooCall(
  decl,
  {
    handler: (k, { name }) => {
      const at = k.kstack(MAX);
      const length = strncpyFromUser(k.uaccess, at, name, MAX);
      return length < 0 ? k.fail("name-unreadable") : take(k, at, length);
    },
  },
  {
    "measures-then-copies": {
      about: "measures the string, then copies as many bytes: they may be others by then",
      detector: "double-fetch",
      handler: (k, { name }) => {
        const length = strnlenUser(k.uaccess, name, MAX) - 1;
        if (length < 0) return k.fail("name-unreadable");
        if (length >= MAX) return k.fail("name-too-long");
        const at = k.kstack(MAX);
        if (k.uaccess.copyFromUser(at, name, length) !== 0) return k.fail("name-unreadable");
        return take(k, at, length);
      },
    },
    "all-sixteen": {
      about: "copies 16 bytes whatever the string: one that ends where its page ends cannot be read",
      detector: "partial-copy",
      handler: (k, { name }) => {
        const at = k.kstack(MAX);
        if (k.uaccess.copyFromUser(at, name, MAX) !== 0) return k.fail("name-unreadable");
        let length = 0;
        while (length < MAX && k.view.getUint8(at + length) !== 0) length++;
        return take(k, at, length);
      },
    },
    "letter-by-letter": {
      about: "renames the task letter by letter while it reads them: a fault leaves half a name",
      detector: "write-on-failure",
      handler: (k, { name }) => {
        const at = k.kstack(MAX);
        for (let length = 0; length < MAX; length++) {
          if (!k.uaccess.getUser(userPtr<"char", "in">(name + length) satisfies Name, 1))
            return k.fail("name-unreadable");
          if (k.uaccess.lo === 0) return take(k, at, length);
          k.view.setUint8(at + length, k.uaccess.lo);
          rename(k, at, length + 1);
        }
        return k.fail("name-too-long");
      },
    },
    "renames-then-allocates": {
      about: "renames the task before the allocation that may still fail",
      detector: "fault-atomicity",
      handler: (k, { name }) => {
        const at = k.kstack(MAX);
        const length = strncpyFromUser(k.uaccess, at, name, MAX);
        if (length < 0) return k.fail("name-unreadable");
        if (length > 0 && length < MAX) rename(k, at, length);
        return take(k, at, length);
      },
    },
  },
);
