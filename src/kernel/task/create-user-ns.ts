import type { Ladders } from "../../abi/ladders/index.ts";
import { RLIMIT } from "../../abi/structs/index.ts";
import type { RungsOf } from "../../abi/syscall.ts";
import type { Call } from "../call.ts";
import type { Result } from "../outcome.ts";
import { type Credentials, credentialsIn, UserNamespace } from "./credentials.ts";

type UserNsCall = Call<
  RungsOf<{ readonly ladder: readonly [{ readonly include: "create_user_ns" }] }, Ladders>
>;

/**
 * `create_user_ns`: credentials in a new user namespace below that of `old`, or the errno of a rung (P-15). The
 * namespace is owned by the euid of its maker, which has to have a name where the namespace is made.
 * Source: kernel/user_namespace.c.
 */
export function createUserNs(k: UserNsCall, old: Credentials): Credentials | Result {
  const { machine, task } = k;
  const above = old.userNs;
  if (above.level > k.profile.maxUserNsParent) return k.fail("user-namespace-too-deep");
  if (task.fs.root !== "/") return k.fail("user-namespace-chrooted");
  if (!above.mapped) return k.fail("user-namespace-unmapped");
  if (!k.allocate("user_namespace")) return k.fail("user-namespace-no-memory");
  const userNs = new UserNamespace(machine.nextId(), above, old.euid, above.rules);
  // enforced_nproc_rlimit: root of the initial namespace is bound by no limit, and so is what it makes.
  const { cred, signal } = task;
  if (cred.uid !== 0 || cred.userNs.level > 0) userNs.nprocLimit = signal.rlimit(RLIMIT.NPROC);
  return credentialsIn(userNs, old);
}
