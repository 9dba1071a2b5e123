import type { Result } from "../outcome.ts";
import { allocPid, type PidFailure } from "../pid/alloc.ts";
import { Pid } from "../pid/pid.ts";
import type { Fork, ForkCall } from "./fork.ts";

type PidRung = Parameters<ForkCall["fail"]>[0];

/** Which rung speaks for which failure of the allocator. */
const RUNG: Readonly<Record<PidFailure, PidRung>> = {
  negative: "pid-negative",
  "beyond-pid-max": "pid-beyond-max",
  "no-memory": "pid-no-memory",
  taken: "pid-taken",
  exhausted: "pid-exhausted",
};

/** A number at every level of the child's namespace: chosen ones and the kernel's (A-40 … A-49, B-14). */
export function choosePid(f: Fork): Result {
  const { k } = f;
  if (!k.allocate("pid")) return k.fail("pid-object-no-memory");
  const pid = allocPid(f.nsproxy.pidNs, f.targetPids, k.machine.pidPolicy, k.machine.plan);
  if (!(pid instanceof Pid)) return k.fail(RUNG[pid]);
  f.pid = pid;
  return 0;
}
