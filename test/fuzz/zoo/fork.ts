import { finishFork } from "../../../src/kernel/clone/do-fork.ts";
import { Fork } from "../../../src/kernel/clone/fork.ts";
import type { ForkRequest } from "../../../src/kernel/clone/request.ts";
import type { TargetPids } from "../../../src/kernel/clone/target-pids.ts";
import type { Call, Result } from "../../../src/kernel/index.ts";

/** A fork that lets go of all but one part when a step fails. */
class Forgetful extends Fork {
  private readonly part: "mm" | "pid" | "pidfd";

  constructor(k: Call, request: ForkRequest, pids: TargetPids, part: "mm" | "pid" | "pidfd") {
    super(k, request, pids);
    this.part = part;
  }

  override abort(): void {
    this[this.part] = null;
    super.abort();
  }
}

/** do_fork, but for what its way out forgets. */
export function doForkForgetting(
  part: "mm" | "pid" | "pidfd",
  k: Call,
  request: ForkRequest,
  pids: TargetPids,
): Result {
  return finishFork(new Forgetful(k, request, pids, part));
}
