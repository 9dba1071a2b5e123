import type { Pid } from "../pid/pid.ts";
import { SignalQueue } from "./signal-queue.ts";
import type { Task } from "./task.ts";

/** A resource limit pair; Infinity is RLIM_INFINITY. */
export interface ResourceLimit {
  readonly soft: number;
  readonly hard: number;
}

/** `struct signal_struct`: what the threads of one group share. */
export class SignalStruct {
  /** Threads that have not been released, the leader first. */
  readonly threads: Task[] = [];
  /** Threads that have not exited. */
  live = 0;
  pgrp: Pid;
  session: Pid;
  /** The group called setsid. */
  sessionLeader = false;
  /** The group ends as a whole, with this wait status. */
  groupExitStatus: number | null = null;
  /** Signals for the group as a whole. */
  readonly pending: SignalQueue = new SignalQueue();
  /** The stop signal a WUNTRACED waiter has not seen yet; 0 when there is none. */
  stopReport = 0;
  /** SIGCONT came, and a WCONTINUED waiter has not seen it yet. */
  continueReport = false;
  /** SIGNAL_UNKILLABLE: a namespace's init, deaf to signals from inside that it does not handle. */
  unkillable = false;
  /** RLIMIT_NPROC. */
  nproc: ResourceLimit;

  constructor(pgrp: Pid, session: Pid, nproc: ResourceLimit) {
    this.pgrp = pgrp;
    this.session = session;
    this.nproc = nproc;
  }
}
