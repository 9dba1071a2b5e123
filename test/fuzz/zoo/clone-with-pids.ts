import type { ArgsOf } from "../../../src/abi/index.ts";
import {
  clone_with_pids as cloneWithPidsDecl,
  layoutOf,
  type StructDecl,
  X86_64,
} from "../../../src/abi/index.ts";
import { CAP } from "../../../src/kernel/capability.ts";
import { checkNewUser, doFork, request2009 } from "../../../src/kernel/clone/do-fork.ts";
import type { ForkRequest } from "../../../src/kernel/clone/request.ts";
import { copyTargetPids, type TargetPidsOut } from "../../../src/kernel/clone/target-pids.ts";
import type { Call, Result, Rungs } from "../../../src/kernel/index.ts";
import { capable } from "../../../src/kernel/task/ns-capable.ts";
import { doForkForgetting } from "./fork.ts";
import { ZOO_NUMBERS, type ZooCall, zooCall } from "./planted.ts";
import { seenAs } from "./view.ts";

const decl = { ...cloneWithPidsDecl, name: "zoo_clone_with_pids", numbers: ZOO_NUMBERS } as const;

type Cwp = Call<Rungs<typeof decl>>;
type Args = ArgsOf<typeof decl>;

const mayChoose = (k: Cwp): boolean => capable(k.task.cred, CAP.SYS_ADMIN);

function requestOf(k: Cwp, { flags, parent_tid, child_tid }: Args): ForkRequest {
  return request2009(flags, k.word("newsp"), parent_tid, child_tid, k.word("tls"));
}

/** The set, then the capability for it; 0 or the errno of a rung. */
function targetPids(k: Cwp, { flags, pid_set }: Args, out: TargetPidsOut): Result {
  const copied = copyTargetPids(k, flags.lo, pid_set, out);
  if (copied !== 0) return copied;
  return out.pids !== null && !mayChoose(k) ? k.fail("not-capable") : 0;
}

/** clone_with_pids of trapgate and its copies. */
export const zooCloneWithPids: ZooCall = zooCall(
  decl,
  {
    profile: "cwp-v3",
    handler: (k, args) => {
      const out: TargetPidsOut = { pids: null };
      const refused = checkNewUser(k, args.flags.lo) || targetPids(k, args, out);
      return refused === 0 ? doFork(k, requestOf(k, args), out.pids) : refused;
    },
  },
  {
    "count-peeked": {
      about: "looks at num_pids by itself to be quick about an empty set, then reads the whole struct",
      detector: "double-fetch",
      handler: (k, args) => {
        const early = checkNewUser(k, args.flags.lo);
        if (early !== 0) return early;
        const { pid_set } = args;
        const out: TargetPidsOut = { pids: null };
        if (pid_set !== 0 && !k.uaccess.getUser(pid_set, 4)) return k.fail("set-unreadable");
        const refused = pid_set !== 0 && k.uaccess.lo === 0 ? 0 : targetPids(k, args, out);
        return refused === 0 ? doFork(k, requestOf(k, args), out.pids) : refused;
      },
    },
    "capability-first": {
      about: "asks for the capability as soon as there is a set, before the set is read",
      detector: "error-order",
      handler: (k, args) => {
        const early = checkNewUser(k, args.flags.lo);
        if (early !== 0) return early;
        if (args.pid_set !== 0 && !mayChoose(k)) return k.fail("not-capable");
        const out: TargetPidsOut = { pids: null };
        const refused = targetPids(k, args, out);
        return refused === 0 ? doFork(k, requestOf(k, args), out.pids) : refused;
      },
    },
    "set-before-newuser": {
      about: "reads the set before the rules for CLONE_NEWUSER have spoken",
      detector: "touch-before-turn",
      handler: (k, args) => {
        const out: TargetPidsOut = { pids: null };
        const copied = copyTargetPids(k, args.flags.lo, args.pid_set, out);
        const refused = checkNewUser(k, args.flags.lo) || copied;
        if (refused !== 0) return refused;
        if (out.pids !== null && !mayChoose(k)) return k.fail("not-capable");
        return doFork(k, requestOf(k, args), out.pids);
      },
    },
    "native-set": {
      about: "reads the set in its own layout: 16 bytes, where a 32-bit caller's has 8",
      detector: "compat-drift",
      handler: (k, args) => {
        const layout = (struct: StructDecl) => layoutOf(struct, X86_64, k.machine.registry.types);
        const out: TargetPidsOut = { pids: null };
        const refused = checkNewUser(k, args.flags.lo) || targetPids(seenAs(k, { layout }), args, out);
        return refused === 0 ? doFork(k, requestOf(k, args), out.pids) : refused;
      },
    },
    "keeps-pid": {
      about: "leaves the numbers of the child taken when a step after them fails",
      detector: "fault-atomicity",
      handler: (k, args) => {
        const out: TargetPidsOut = { pids: null };
        const refused = checkNewUser(k, args.flags.lo) || targetPids(k, args, out);
        return refused === 0 ? doForkForgetting("pid", k, requestOf(k, args), out.pids) : refused;
      },
    },
  },
);
