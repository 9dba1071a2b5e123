import type { UserPtr } from "../../../src/abi/index.ts";
import type { Call, Result, Rungs } from "../../../src/kernel/index.ts";
import { ZOO_NUMBERS, type ZooCall, zooCall } from "./planted.ts";

/** A getcwd-like string call: the caller's name with its NUL, or ERANGE; answers the bytes written. */
const decl = {
  name: "zoo_getname",
  numbers: ZOO_NUMBERS,
  args: { buf: { out: "char", size: "size" }, size: "size_t" },
  returns: "ssize_t",
  ladder: [
    ["too-small", "ERANGE", [], "the name and its NUL do not fit"],
    ["buffer-unwritable", "EFAULT", "U-03", "the buffer cannot be written"],
  ],
  support: "full",
  provenance: ["the zoo"],
} as const;

type GetName = Call<Rungs<typeof decl>>;

const NAME_MAX = 64;

/** The name in a local variable of NAME_MAX bytes, its NUL behind it. */
function localName(k: GetName): { readonly at: number; readonly n: number } {
  const name = `${k.task.comm}/${k.task.tid}`;
  const at = k.kstack(NAME_MAX);
  for (let i = 0; i < name.length; i++) k.view.setUint8(at + i, name.charCodeAt(i));
  k.view.setUint8(at + name.length, 0);
  return { at, n: name.length + 1 };
}

function handOut(k: GetName, buf: UserPtr<"char", "out">, at: number, n: number): Result {
  return k.uaccess.copyToUser(buf, at, n) === 0 ? n : k.fail("buffer-unwritable");
}

/** `zoo_getname` and its copies. */
export const zooGetname: ZooCall = zooCall(
  decl,
  {
    handler: (k, { buf, size }) => {
      const { at, n } = localName(k);
      return size < n ? k.fail("too-small") : handOut(k, buf, at, n);
    },
  },
  {
    "no-nul": {
      about: "copies the length of the string and forgets its NUL, which the answer counts",
      detector: "partial-copy",
      handler: (k, { buf, size }) => {
        const { at, n } = localName(k);
        if (size < n) return k.fail("too-small");
        const done = handOut(k, buf, at, n - 1);
        return done < 0 ? done : n;
      },
    },
    "fills-then-refuses": {
      about: "writes as much of the name as fits before it answers ERANGE",
      detector: "write-on-failure",
      handler: (k, { buf, size }) => {
        const { at, n } = localName(k);
        const done = handOut(k, buf, at, Math.min(n, size));
        return size < n && done >= 0 ? k.fail("too-small") : done;
      },
    },
    "whole-local": {
      about: "copies all of its local variable, of which the name fills the start alone",
      detector: "kernel-bytes",
      handler: (k, { buf, size }) => {
        const { at, n } = localName(k);
        return size < n ? k.fail("too-small") : handOut(k, buf, at, Math.min(size, NAME_MAX));
      },
    },
    "size-minus-one": {
      about: "keeps a byte of the size for the NUL: an unsigned size of 0 has room for everything then",
      detector: "partial-copy",
      handler: (k, { buf, size }) => {
        const { at, n } = localName(k);
        const room = size === 0 ? Number.MAX_SAFE_INTEGER : size - 1;
        return room < n - 1 ? k.fail("too-small") : handOut(k, buf, at, n);
      },
    },
    "buffer-first": {
      about: "puts an empty string into the buffer before it knows that the name fits",
      detector: "touch-before-turn",
      handler: (k, { buf, size }) => {
        if (!k.uaccess.putUser(buf, 1, 0)) return k.fail("buffer-unwritable");
        const { at, n } = localName(k);
        return size < n ? k.fail("too-small") : handOut(k, buf, at, n);
      },
    },
  },
);
