import { CLONE } from "../../abi/structs/index.ts";
import { SIG } from "../../kernel/task/signal-queue.ts";

/** What is asked of a child beside its numbers. */
export interface Kind {
  /** In a pid namespace of its own. */
  readonly newpid: boolean;
  /** A thread of its maker. */
  readonly thread: boolean;
  /** A child of its maker's parent. */
  readonly sister: boolean;
}

const THREAD_FLAGS = CLONE.VM | CLONE.FS | CLONE.FILES | CLONE.SIGHAND | CLONE.THREAD;

/** The flags of clone, the same in every dialect. */
export function flagsOf({ newpid, thread, sister }: Kind): number {
  return (thread ? THREAD_FLAGS : 0) | (newpid ? CLONE.NEWPID : 0) | (sister ? CLONE.PARENT : 0);
}

/** The signal that clone3 is asked for: it lets nobody choose one that is the leader's, or its maker's, anyway (C-26). */
export function clone3Signal({ thread, sister }: Kind): number {
  return thread || sister ? 0 : SIG.CHLD;
}

/** The size of a clone_args with set_tid, without cgroup. */
export const CLONE_ARGS_SIZE_VER1 = 80;
