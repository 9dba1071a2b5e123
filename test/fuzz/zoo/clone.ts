import { type ArgsOf, CLONE, clone as cloneDecl } from "../../../src/abi/index.ts";
import { doFork, request2009 } from "../../../src/kernel/clone/do-fork.ts";
import type { ForkRequest } from "../../../src/kernel/clone/request.ts";
import type { Call, Rungs } from "../../../src/kernel/index.ts";
import { ZOO_NUMBERS, type ZooCall, zooCall } from "./planted.ts";

const decl = { ...cloneDecl, name: "zoo_clone", numbers: ZOO_NUMBERS } as const;

type Clone = Call<Rungs<typeof decl>>;

function requestOf(k: Clone, { flags, parent_tid, child_tid }: ArgsOf<typeof decl>): ForkRequest {
  const low = { lo: flags.lo, hi: 0 };
  return request2009(low, k.word("newsp"), parent_tid, child_tid, k.word("tls"));
}

/** clone of trapgate, in an era whose clone takes no chosen numbers, and its copies. */
export const zooClone: ZooCall = zooCall(
  decl,
  { handler: (k, args) => doFork(k, requestOf(k, args), null) },
  {
    "parent-tid-first": {
      about: "writes parent_tid before copy_process, which may still fail",
      detector: "write-on-failure",
      handler: (k, args) => {
        if ((args.flags.lo & CLONE.PARENT_SETTID) !== 0) k.uaccess.putUser(args.parent_tid, 4, 0);
        return doFork(k, requestOf(k, args), null);
      },
    },
    "memory-held-twice": {
      about: "takes two references to the shared memory of CLONE_VM, of which the child drops one",
      detector: "leak",
      handler: (k, args) => {
        const result = doFork(k, requestOf(k, args), null);
        if (result > 0 && (args.flags.lo & CLONE.VM) !== 0 && k.task.mm !== null) k.task.mm.users++;
        return result;
      },
    },
  },
);
