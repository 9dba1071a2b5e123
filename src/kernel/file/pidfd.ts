import type { Machine } from "../machine.ts";
import type { Pid } from "../pid/pid.ts";
import { sendSignal } from "../signal/send.ts";
import { SIG } from "../task/signal-queue.ts";
import type { Task } from "../task/task.ts";
import type { FileOperations } from "./file-operations.ts";
import type { OpenFile } from "./open-file.ts";

/** What open file a pidfd is: it stands for an identity, whose task may have gone. Source: fs/pidfs.c. */
export class Pidfd implements FileOperations {
  readonly name = "pidfd";
  readonly pid: Pid;
  /** CLONE_PIDFD_AUTOKILL: the process lives as long as this file. */
  private readonly autokill: boolean;

  constructor(pid: Pid, autokill = false) {
    this.pid = pid;
    this.autokill = autokill;
  }

  /** The process of a CLONE_PIDFD_AUTOKILL file goes with it. */
  release(machine: Machine): void {
    const task = this.pid.task("pid") as Task | null;
    if (this.autokill && task !== null) sendSignal(machine, task, SIG.KILL, null);
  }
}

/** `pidfd_pid`: the identity a pidfd stands for; null for every other file. */
export function pidOfPidfd(file: OpenFile): Pid | null {
  return file.op instanceof Pidfd ? file.op.pid : null;
}
