import type { Machine } from "../kernel/machine.ts";
import type { Task } from "../kernel/task/task.ts";

/**
 * A quick look at what a call can change in the kernel: nearly free, so every run has one. What it does not see
 * (a changed array, another task's state) the {@link StateImage} does.
 */
export class Fingerprint {
  private readonly machine: Machine;
  private readonly task: Task;
  private readonly numbers: Float64Array = new Float64Array(24);
  private readonly objects: unknown[] = new Array<unknown>(20).fill(null);

  constructor(machine: Machine, task: Task) {
    this.machine = machine;
    this.task = task;
    this.take();
  }

  /** Remembers this moment. */
  take(): void {
    const { machine: m, task: t, numbers: n, objects: o } = this;
    n[0] = m.nrThreads;
    n[1] = m.filp.used;
    n[2] = m.pipes.used;
    n[3] = m.regsPool.live;
    n[4] = t.pidNs.lastPid;
    n[5] = t.pidNs.live;
    n[6] = t.files.users;
    n[7] = t.fs.users;
    n[8] = t.sighand.users;
    n[9] = t.mm?.users ?? -1;
    n[10] = t.clearChildTid;
    n[11] = t.setChildTid;
    n[12] = t.fsBase;
    n[13] = t.gsBase;
    n[14] = t.altStackAddress;
    n[15] = t.altStackSize;
    n[16] = t.personality;
    n[17] = t.timerSlack;
    n[18] = t.deathSignal;
    n[19] = t.children?.size ?? 0;
    n[20] = m.oopses.length;
    n[21] = (t.noNewPrivs ? 1 : 0) | (t.sigpending ? 2 : 0) | (t.signal.isSubreaper ? 4 : 0);
    n[22] = t.mm?.dumpable ?? -1;
    n[23] = m.tasks.size;
    o[0] = t.state;
    o[1] = t.cred;
    o[2] = t.nsproxy;
    o[3] = t.mm;
    o[4] = t.mm?.mappings ?? null;
    o[5] = t.files;
    o[6] = t.fs;
    o[7] = t.sighand;
    o[8] = t.sigmask;
    o[9] = t.savedSigmask;
    o[10] = t.blocked;
    o[11] = t.restart;
    o[12] = t.tls;
    o[13] = t.comm;
    o[14] = t.signal.rlimits;
    o[15] = t.signal.pgrp;
    o[16] = t.signal.session;
    o[17] = m.panicked;
    o[18] = t.realParent;
    o[19] = t.path;
  }

  /** Whether everything is as it was, and the next number chosen will be the same too. */
  same(): boolean {
    return this.numbers[4] === this.task.pidNs.lastPid && this.sameButCursor();
  }

  /** As {@link same}, but for the cursor of the numbers: a failed call may have moved it (B-26). */
  sameButCursor(): boolean {
    const { machine: m, task: t, numbers: n, objects: o } = this;
    return (
      n[0] === m.nrThreads &&
      n[1] === m.filp.used &&
      n[2] === m.pipes.used &&
      n[3] === m.regsPool.live &&
      n[5] === t.pidNs.live &&
      n[6] === t.files.users &&
      n[7] === t.fs.users &&
      n[8] === t.sighand.users &&
      n[9] === (t.mm?.users ?? -1) &&
      n[10] === t.clearChildTid &&
      n[11] === t.setChildTid &&
      n[12] === t.fsBase &&
      n[13] === t.gsBase &&
      n[14] === t.altStackAddress &&
      n[15] === t.altStackSize &&
      n[16] === t.personality &&
      n[17] === t.timerSlack &&
      n[18] === t.deathSignal &&
      n[19] === (t.children?.size ?? 0) &&
      n[20] === m.oopses.length &&
      n[21] === ((t.noNewPrivs ? 1 : 0) | (t.sigpending ? 2 : 0) | (t.signal.isSubreaper ? 4 : 0)) &&
      n[22] === (t.mm?.dumpable ?? -1) &&
      n[23] === m.tasks.size &&
      o[0] === t.state &&
      o[1] === t.cred &&
      o[2] === t.nsproxy &&
      o[3] === t.mm &&
      o[4] === (t.mm?.mappings ?? null) &&
      o[5] === t.files &&
      o[6] === t.fs &&
      o[7] === t.sighand &&
      o[8] === t.sigmask &&
      o[9] === t.savedSigmask &&
      o[10] === t.blocked &&
      o[11] === t.restart &&
      o[12] === t.tls &&
      o[13] === t.comm &&
      o[14] === t.signal.rlimits &&
      o[15] === t.signal.pgrp &&
      o[16] === t.signal.session &&
      o[17] === m.panicked &&
      o[18] === t.realParent &&
      o[19] === t.path
    );
  }
}
