import type { getresgid, getresuid } from "../../abi/calls/index.ts";
import type { WritePtr } from "../../abi/pointer.ts";
import type { Call, Rungs } from "../call.ts";
import type { Result } from "../outcome.ts";
import { userId } from "../task/uid-map.ts";
import { low } from "./id16.ts";

const RUNGS = ["real-unwritable", "effective-unwritable", "saved-unwritable"] as const;

type OutCall = Call<Rungs<typeof getresuid> & Rungs<typeof getresgid>>;

/** The real, the effective and the saved number, one after the other; what lies before a fault stays written. */
export function putIds(k: OutCall, bytes: 2 | 4, to: readonly WritePtr[], ids: readonly number[]): Result {
  const { userNs } = k.task.cred;
  for (const [i, rung] of RUNGS.entries()) {
    const id = userId(userNs, ids[i] as number);
    if (!k.uaccess.putUser(to[i] as WritePtr, bytes, bytes === 2 ? low(id) : id)) return k.fail(rung);
  }
  return 0;
}
