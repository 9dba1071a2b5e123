import { eclone as ecloneDecl, type UserPtr } from "../../../src/abi/index.ts";
import { CAP } from "../../../src/kernel/capability.ts";
import { checkNewUser, doFork, request2009 } from "../../../src/kernel/clone/do-fork.ts";
import { type EcloneArgs, fetchCloneArgs } from "../../../src/kernel/clone/eclone-args.ts";
import { ZERO } from "../../../src/kernel/clone/request.ts";
import { copyPids, type TargetPids, type TargetPidsOut } from "../../../src/kernel/clone/target-pids.ts";
import type { Call, Result, Rungs } from "../../../src/kernel/index.ts";
import { fromTargetPids, isPidRefusal } from "../../../src/kernel/pid/wish.ts";
import { capable } from "../../../src/kernel/task/ns-capable.ts";
import { ZOO_NUMBERS, type ZooCall, zooCall } from "./planted.ts";

const decl = { ...ecloneDecl, name: "zoo_eclone", numbers: ZOO_NUMBERS } as const;

type Eclone = Call<Rungs<typeof decl>>;
type Pids = UserPtr<"pid_t", "in">;

/** The capability, and the fork. */
function fork(k: Eclone, flagsLow: number, kargs: EcloneArgs, pids: TargetPids): Result {
  if (pids !== null && !capable(k.task.cred, CAP.SYS_ADMIN)) return k.fail("not-capable");
  const flags = { lo: flagsLow, hi: kargs.flagsHigh };
  const { stack, parentTid, childTid } = kargs;
  // Without Q-04: nobody looks for a TLS word where the call has none.
  return doFork(k, request2009(flags, stack, parentTid, childTid, ZERO, "argument"), pids);
}

/** copy_target_pids with the bytes of the array in an unsigned int, and its count not looked at apart from them. */
function copyWrapping(k: Eclone, asked: number, pids: Pids, out: TargetPidsOut): Result {
  const bytes = (asked * 4) >>> 0;
  const { level } = k.task.pid;
  if (bytes > (level + 1) * 4) return k.fail("count-too-deep");
  const at = k.kalloc((level + 1) * 4);
  if (at === 0) return k.fail("array-no-memory");
  if (k.uaccess.copyFromUser(at, pids, bytes) !== 0) return k.fail("array-unreadable");
  // As C goes on: `asked` numbers from a buffer that holds fewer.
  const numbers = Array.from(new Int32Array(k.view.buffer, at, asked));
  const wish = fromTargetPids(numbers, { level, newpid: false }, "kernel-chooses-1");
  if (isPidRefusal(wish)) return k.fail("count-too-deep");
  out.pids = wish.numbers;
  return 0;
}

/** eclone of trapgate and its copies. */
export const zooEclone: ZooCall = zooCall(
  decl,
  {
    profile: "eclone",
    handler: (k, { flags_low, args, args_size, pids }) => {
      const kargs = fetchCloneArgs(k, args, args_size);
      if (typeof kargs === "number") return kargs;
      const out: TargetPidsOut = { pids: null };
      const refused = checkNewUser(k, flags_low) || copyPids(k, flags_low, kargs.nrPids, pids, out);
      return refused === 0 ? fork(k, flags_low, kargs, out.pids) : refused;
    },
  },
  {
    "array-before-newuser": {
      about: "reads the array before the rules for CLONE_NEWUSER have spoken",
      detector: "touch-before-turn",
      handler: (k, { flags_low, args, args_size, pids }) => {
        const kargs = fetchCloneArgs(k, args, args_size);
        if (typeof kargs === "number") return kargs;
        const out: TargetPidsOut = { pids: null };
        const refused = copyPids(k, flags_low, kargs.nrPids, pids, out) || checkNewUser(k, flags_low);
        return refused === 0 ? fork(k, flags_low, kargs, out.pids) : refused;
      },
    },
    "count-wraps": {
      about: "keeps nr_pids * 4 in 32 bits, and checks the product: 0x40000001 numbers take 4 bytes",
      detector: "oops",
      handler: (k, { flags_low, args, args_size, pids }) => {
        const kargs = fetchCloneArgs(k, args, args_size);
        if (typeof kargs === "number") return kargs;
        const out: TargetPidsOut = { pids: null };
        const { nrPids } = kargs;
        const early = checkNewUser(k, flags_low);
        const refused = early || (nrPids === 0 ? 0 : copyWrapping(k, nrPids, pids, out));
        return refused === 0 ? fork(k, flags_low, kargs, out.pids) : refused;
      },
    },
    "capability-before-newuser": {
      about: "asks for the capability to choose numbers before CLONE_NEWUSER is judged",
      detector: "error-order",
      handler: (k, { flags_low, args, args_size, pids }) => {
        const kargs = fetchCloneArgs(k, args, args_size);
        if (typeof kargs === "number") return kargs;
        if (kargs.nrPids !== 0 && !capable(k.task.cred, CAP.SYS_ADMIN)) return k.fail("not-capable");
        const out: TargetPidsOut = { pids: null };
        const refused = checkNewUser(k, flags_low) || copyPids(k, flags_low, kargs.nrPids, pids, out);
        return refused === 0 ? fork(k, flags_low, kargs, out.pids) : refused;
      },
    },
  },
);
