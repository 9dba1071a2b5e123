import { CLONE, clone3 as clone3Decl } from "../../../src/abi/index.ts";
import { checkCloneArgs, copyCloneArgs } from "../../../src/kernel/clone/clone-args.ts";
import { doFork } from "../../../src/kernel/clone/do-fork.ts";
import { ForkRequest } from "../../../src/kernel/clone/request.ts";
import { doForkForgetting } from "./fork.ts";
import { ZOO_NUMBERS, type ZooCall, zooCall } from "./planted.ts";

const decl = { ...clone3Decl, name: "zoo_clone3", numbers: ZOO_NUMBERS } as const;

/** clone3 of trapgate and its copies. */
export const zooClone3: ZooCall = zooCall(
  decl,
  {
    handler: (k, { uargs, size }) => {
      const kargs = copyCloneArgs(k, uargs, size);
      if (typeof kargs === "number") return kargs;
      const refused = checkCloneArgs(k, kargs);
      return refused === 0 ? doFork(k, kargs.request, null) : refused;
    },
  },
  {
    "flags-again": {
      about: "takes the flags from the caller's struct once more, after they have been judged",
      detector: "double-fetch",
      handler: (k, { uargs, size }) => {
        const kargs = copyCloneArgs(k, uargs, size);
        if (typeof kargs === "number") return kargs;
        const refused = checkCloneArgs(k, kargs);
        if (refused !== 0) return refused;
        if (!k.uaccess.getUser(uargs, 8)) return k.fail("struct-unreadable");
        const request = new ForkRequest({ ...kargs.request, flags: k.uaccess.lo, flagsHigh: k.uaccess.hi });
        return doFork(k, request, null);
      },
    },
    "pidfd-reset": {
      about: "sets the caller's pidfd to −1 before the arguments are judged",
      detector: "write-on-failure",
      handler: (k, { uargs, size }) => {
        const kargs = copyCloneArgs(k, uargs, size);
        if (typeof kargs === "number") return kargs;
        const { flags, pidfd } = kargs.request;
        if ((flags & CLONE.PIDFD) !== 0) k.uaccess.putUser(pidfd, 4, -1);
        const refused = checkCloneArgs(k, kargs);
        return refused === 0 ? doFork(k, kargs.request, null) : refused;
      },
    },
    "stack-before-flags": {
      about: "judges the stack before the flags and the exit signal",
      detector: "error-order",
      handler: (k, { uargs, size }) => {
        const kargs = copyCloneArgs(k, uargs, size);
        if (typeof kargs === "number") return kargs;
        // As if neither a flag nor a signal were there to refuse.
        const { stack } = kargs.request;
        const stackAlone = { ...kargs, request: new ForkRequest({ flags: 0, exitSignal: 0, stack }) };
        const refused = checkCloneArgs(k, stackAlone) || checkCloneArgs(k, kargs);
        return refused === 0 ? doFork(k, kargs.request, null) : refused;
      },
    },
    "keeps-pidfd": {
      about: "leaves descriptor and file behind when the pidfd cannot be written",
      detector: "leak",
      handler: (k, { uargs, size }) => {
        const kargs = copyCloneArgs(k, uargs, size);
        if (typeof kargs === "number") return kargs;
        const refused = checkCloneArgs(k, kargs);
        return refused === 0 ? doForkForgetting("pidfd", k, kargs.request, null) : refused;
      },
    },
    "keeps-memory": {
      about: "leaves the copy of the caller's memory behind when a later step fails",
      detector: "write-on-failure",
      handler: (k, { uargs, size }) => {
        const kargs = copyCloneArgs(k, uargs, size);
        if (typeof kargs === "number") return kargs;
        const refused = checkCloneArgs(k, kargs);
        return refused === 0 ? doForkForgetting("mm", k, kargs.request, null) : refused;
      },
    },
  },
);
