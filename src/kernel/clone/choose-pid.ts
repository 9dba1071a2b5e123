import type { eclone, fork } from "../../abi/calls/index.ts";
import type { Call, Rungs } from "../call.ts";
import type { Result } from "../outcome.ts";
import { allocPid, type PidFailure } from "../pid/alloc.ts";
import { Pid } from "../pid/pid.ts";
import { fromSetTid, isPidRefusal } from "../pid/wish.ts";
import { undefinedBehaviour } from "../quirk/undefined.ts";
import type { Fork } from "./fork.ts";

/** Every rung there is for a number; a call that cannot choose never comes to those it does not have. */
type PidRung = Rungs<typeof fork> | Rungs<typeof eclone>;

/** Which rung speaks for which failure of the allocator. */
const RUNG: Readonly<Record<Exclude<PidFailure, "undefined">, PidRung>> = {
  negative: "pid-negative",
  "below-one": "pid-below-one",
  "beyond-pid-max": "pid-beyond-max",
  reserved: "pid-reserved",
  "without-init": "pid-without-init",
  "not-capable": "pid-not-capable",
  "no-memory": "pid-no-memory",
  taken: "pid-taken",
  exhausted: "pid-exhausted",
  dying: "namespace-dying",
};

/** A number at every level of the child's namespace: chosen ones and the kernel's (A-40 … A-49, B-14, T-01 … T-23). */
export function choosePid(f: Fork): Result {
  const k: Call<PidRung> = f.k;
  const ns = f.nsproxy.pidNs;
  let targets = f.targetPids;
  const { setTid } = f.request;
  if (setTid !== null) {
    const wish = fromSetTid(setTid, { level: ns.level, newpid: false });
    if (isPidRefusal(wish)) return k.fail("pid-count-too-deep");
    targets = wish.numbers;
  }
  if (!k.allocate("pid")) return k.fail("pid-object-no-memory");
  const pid = allocPid(ns, targets, k.machine.pidPolicy, k.machine.plan, f.current.cred);
  if (pid === "undefined")
    return undefinedBehaviour(k.machine, "Q-05", "a number in use beyond the first page");
  if (!(pid instanceof Pid)) return k.fail(RUNG[pid]);
  f.pid = pid;
  return 0;
}
