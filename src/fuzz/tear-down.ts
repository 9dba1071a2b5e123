import { Guest } from "../kernel/guest.ts";
import type { Machine } from "../kernel/machine.ts";
import { SIG } from "../kernel/task/signal-queue.ts";

const WNOHANG_WALL = 0x4000_0001;

/** What is left of a machine when everybody but its init is gone, by name. */
export type Remains = Readonly<Record<string, number>>;

/** init kills everybody and reaps them; what is left then. The machine is good for nothing but a restore afterwards. */
export function tearDown(machine: Machine): Remains {
  machine.inject(null);
  const init = new Guest(machine, machine.init);
  if (machine.panicked === null && machine.init.state === "running") {
    init.call("kill", { pid: -1, sig: SIG.KILL });
    while ((init.call("wait4", { upid: -1, options: WNOHANG_WALL }) ?? -1) > 0);
  }
  const account = machine.rootUserNs.account(0);
  return {
    tasks: machine.tasks.size,
    threads: machine.nrThreads,
    numbers: machine.rootPidNs.live,
    "register images": machine.regsPool.live,
    "open files": machine.filp.used,
    pipes: machine.pipes.used,
    processes: account.processes,
    "pipe pages": account.pipeBuffers,
    frames: machine.pool.used,
  };
}
