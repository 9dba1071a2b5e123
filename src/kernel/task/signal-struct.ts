import type { Link } from "../list.ts";
import type { Pid } from "../pid/pid.ts";
import { limitValue, type ResourceLimit } from "./rlimits.ts";
import { SignalQueue } from "./signal-queue.ts";
import type { Task } from "./task.ts";

const NO_THREADS: Task[] = [];

/** `struct signal_struct`: what the threads of one group share. */
export class SignalStruct {
  /** Threads that have not been released, the leader first. */
  threads: Task[] = NO_THREADS;
  /** Threads that have not exited. */
  live = 0;
  pgrp: Pid;
  session: Pid;
  private pgrpLink: Link<object> | null = null;
  private sessionLink: Link<object> | null = null;
  /** The group called setsid. */
  sessionLeader = false;
  /** The group ends as a whole, with this wait status. */
  groupExitStatus: number | null = null;
  /** Signals for the group as a whole. */
  readonly pending: SignalQueue = new SignalQueue();
  /** Threads that a stop signal has still to stop (group_stop_count). */
  stopping = 0;
  /** Every thread is stopped (SIGNAL_STOP_STOPPED). */
  stopped = false;
  /** The stop signal of the group, until a WUNTRACED waiter has seen it; 0 when there is none. */
  stopSignal = 0;
  /** SIGCONT came, and a WCONTINUED waiter has not seen it yet (SIGNAL_STOP_CONTINUED). */
  continueReport = false;
  /** What the first thread that goes on has to tell the parent (SIGNAL_CLD_MASK). */
  goingOn: "stopped" | "continued" | null = null;
  /** SIGNAL_UNKILLABLE: a namespace's init, deaf to signals from inside that it does not handle. */
  unkillable = false;
  /** CLONE_AUTOREAP: nobody waits for the group, and nobody is told when it ends. */
  autoreap = false;
  /** PR_SET_CHILD_SUBREAPER: orphans among its descendants become its children. */
  isSubreaper = false;
  /** An ancestor is a subreaper, so that it is worth while to look for it. */
  hasSubreaper = false;
  /** By resource, RLIMIT_CPU first; immutable, so fork shares it. */
  rlimits: readonly ResourceLimit[];

  constructor(pgrp: Pid, session: Pid, rlimits: readonly ResourceLimit[]) {
    this.pgrp = pgrp;
    this.session = session;
    this.rlimits = rlimits;
  }

  /** One more thread. */
  addThread(task: Task): void {
    // Most groups have one: an array that is made with it has no room to spare, one it is pushed on has sixteen.
    if (this.threads.length === 0) this.threads = [task];
    else this.threads.push(task);
  }

  /** A thread has been released. */
  removeThread(task: Task): void {
    if (this.threads.length === 1) this.threads = NO_THREADS;
    else this.threads.splice(this.threads.indexOf(task), 1);
  }

  /** `rlimit()`: a soft limit as a number, Infinity for none. */
  rlimit(resource: number): number {
    return limitValue((this.rlimits[resource] as ResourceLimit).soft);
  }

  /** Sets the limit of a resource. */
  setRlimit(resource: number, limit: ResourceLimit): void {
    this.rlimits = this.rlimits.map((old, i) => (i === resource ? limit : old));
  }

  /** The group, known by its leader, becomes a member of its process group and session. */
  join(leader: Task): void {
    this.pgrpLink = this.pgrp.join("pgid", leader);
    this.sessionLink = this.session.join("sid", leader);
  }

  /** Moves the group to another process group; the old one may be gone afterwards. */
  changePgrp(leader: Task, pgrp: Pid): void {
    if (this.pgrp === pgrp) return;
    const joined = pgrp.join("pgid", leader);
    this.leave("pgid");
    this.pgrp = pgrp;
    this.pgrpLink = joined;
  }

  /** Moves the group to another session; the old one may be gone afterwards. */
  changeSession(leader: Task, session: Pid): void {
    if (this.session === session) return;
    const joined = session.join("sid", leader);
    this.leave("sid");
    this.session = session;
    this.sessionLink = joined;
  }

  /** The group is no longer a member of its process group or session. */
  leave(kind: "pgid" | "sid"): void {
    const link = kind === "pgid" ? this.pgrpLink : this.sessionLink;
    if (link === null) return;
    if (kind === "pgid") this.pgrpLink = null;
    else this.sessionLink = null;
    (kind === "pgid" ? this.pgrp : this.session).leave(kind, link);
  }
}
