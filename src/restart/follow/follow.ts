import { CLONE, PR } from "../../abi/structs/index.ts";
import { Guest } from "../../kernel/guest.ts";
import type { Machine } from "../../kernel/machine.ts";
import { isAlive } from "../../kernel/task/alive.ts";
import type { Task } from "../../kernel/task/task.ts";
import { PROT_READ, PROT_WRITE } from "../../mm/vma.ts";
import {
  type Actor,
  beginsNamespace,
  numberFor,
  rootIsInit,
  type Schedule,
  type Step,
} from "../plan/step.ts";
import { type Dialect, makeChild, type Unspeakable } from "./dialect.ts";

/** How a schedule is followed. */
export interface FollowOptions {
  /** Who restarts: the parent of the root. Default: the machine's init. */
  readonly restarter?: Task;
  /** Default clone3. */
  readonly dialect?: Dialect;
}

/** What became of following a schedule. */
export interface Followed {
  /** The task of the tree's root; null when it was never made. */
  readonly root: Task | null;
  /** Level of the machine that level 0 of the tree came to. */
  readonly base: number;
  /** Steps taken. */
  readonly steps: number;
  /** The step that failed, and how; null when all were taken. */
  readonly failure: FollowFailure | null;
}

/** A step that was not taken. */
export interface FollowFailure {
  readonly step: Step;
  readonly reason: string;
  /** The dialect, or its era, has no word for it; otherwise a call failed. */
  readonly unspeakable: boolean;
}

/** Where requests are written: shared, so that writing one gives nobody a page of its own. */
const ROOM = 0x1000_0000;

/**
 * Follows a schedule on an emulated machine: every step is a call that a task of the tree, or a helper, makes through the
 * gate, its structs in its own memory. Stops at the first step that fails.
 */
export function followSchedule(machine: Machine, schedule: Schedule, options: FollowOptions = {}): Followed {
  return new Follower(machine, schedule, options).follow();
}

class Follower {
  private readonly machine: Machine;
  private readonly schedule: Schedule;
  private readonly restarter: Guest;
  private readonly dialect: Dialect;
  private readonly guests: Map<Actor, Guest> = new Map();
  private readonly base: number;
  private root: Task | null = null;

  constructor(machine: Machine, schedule: Schedule, { restarter, dialect }: FollowOptions) {
    this.machine = machine;
    this.schedule = schedule;
    this.restarter = new Guest(machine, restarter ?? machine.init);
    this.dialect = dialect ?? "clone3";
    this.base = this.restarter.task.pidNs.level + (rootIsInit(schedule) ? 1 : 0);
    this.restarter.task.mm?.map(ROOM, 4096, PROT_READ | PROT_WRITE, { shared: true });
  }

  follow(): Followed {
    let steps = 0;
    const outside = this.restarter.task.signal.pgrp.nrIn(this.restarter.task.pidNs);
    if (outside === 0 && this.schedule.steps.some((step) => step.do === "setpgid" && step.group === null))
      this.restarter.call("setpgid");
    for (const step of this.schedule.steps) {
      const failed = this.take(step);
      if (failed !== null) {
        const unspeakable = typeof failed === "object";
        const reason = unspeakable ? failed.unspeakable : failed;
        return { root: this.root, base: this.base, steps, failure: { step, reason, unspeakable } };
      }
      steps++;
    }
    return { root: this.root, base: this.base, steps, failure: null };
  }

  /** Takes a step; why it failed, or null. */
  private take(step: Step): string | Unspeakable | null {
    switch (step.do) {
      case "clone":
        return this.clone(step.by === null ? this.restarter : this.guest(step.by), step);
      case "thread":
        return this.thread(this.guest(step.by), step.pid);
      case "enter":
        return this.enter(this.guest(step.by), numberFor(step.through, step.by));
      case "setsid":
        return refusalOf(this.guest(step.by), this.guest(step.by).call("setsid"));
      case "setpgid":
        return this.setpgid(step);
      case "unshare":
        return this.unshare(this.guest(step.by));
      case "adopt":
        return this.adopt(this.guest(step.by), step.on);
      case "kill":
        return this.kill(step);
      case "exit":
        this.guest(step.by).call("exit_group", { error_code: step.code });
        return null;
      case "wait": {
        const guest = this.guest(step.by);
        const number = numberFor(step.child, step.by);
        return refusalOf(guest, guest.call("wait4", { upid: number }));
      }
    }
  }

  private clone(
    maker: Guest,
    { makes, sister }: Extract<Step, { do: "clone" }>,
  ): string | Unspeakable | null {
    const { member } = makes;
    const newpid = beginsNamespace(makes);
    const numbers = [...new Array<null>(this.base).fill(null), ...makes.pid];
    const made = makeChild(maker, this.dialect, { numbers, newpid, thread: false, sister }, ROOM);
    if (typeof made === "object" && made !== null) return made;
    const refusal = refusalOf(maker, made);
    if (refusal !== null) return refusal;
    const child = maker.child(made);
    this.machine.start(child.task);
    this.guests.set(makes, child);
    if (member !== null && member.parent === null && !member.gone) this.root = child.task;
    return null;
  }

  private thread(maker: Guest, pid: readonly number[]): string | Unspeakable | null {
    const numbers = [...new Array<null>(this.base).fill(null), ...pid];
    const made = makeChild(
      maker,
      this.dialect,
      { numbers, newpid: false, thread: true, sister: false },
      ROOM,
    );
    if (typeof made === "object" && made !== null) return made;
    const refusal = refusalOf(maker, made);
    if (refusal === null) this.machine.start(maker.child(made).task);
    return refusal;
  }

  private enter(guest: Guest, number: number): string | Unspeakable | null {
    if (this.machine.numberOf("pidfd_open", guest.task.path) === undefined)
      return { unspeakable: "there is no pidfd to enter a namespace by: setns takes one since 5.8" };
    const fd = guest.call("pidfd_open", { pid: number, flags: 0 });
    const refusal =
      refusalOf(guest, fd) ?? refusalOf(guest, guest.call("setns", { fd: fd ?? 0, flags: CLONE.NEWPID }));
    if (fd !== null && fd >= 0) guest.call("close", { fd });
    return refusal;
  }

  private unshare(guest: Guest): string | Unspeakable | null {
    if ((this.machine.profile.unshareFlags & CLONE.NEWPID) === 0)
      return { unspeakable: "unshare makes no pid namespace before 3.8" };
    return refusalOf(guest, guest.call("unshare", { unshare_flags: CLONE.NEWPID }));
  }

  private adopt(guest: Guest, on: boolean): string | Unspeakable | null {
    const asked = { option: PR.SET_CHILD_SUBREAPER, arg2: Number(on) };
    const refusal = refusalOf(guest, guest.call("prctl", asked));
    return refusal === "EINVAL" ? { unspeakable: "prctl makes nobody a subreaper before 3.4" } : refusal;
  }

  private kill({ by, who, signal }: Step & { do: "kill" }): string | null {
    const guest = by === null ? this.restarter : this.guest(by);
    const { task } = this.guest(who);
    const result = guest.call("kill", { pid: task.pid.nrIn(guest.task.pidNs), sig: signal });
    // Who stops or kills itself does not return.
    return by === who && result === null ? null : refusalOf(guest, result);
  }

  private setpgid({ by, who, group }: Step & { do: "setpgid" }): string | null {
    const guest = this.guest(by);
    const pid = who === by ? 0 : numberFor(who, by);
    const pgid = group === null ? this.outsideGroup(guest) : numberFor(group, by);
    return refusalOf(guest, guest.call("setpgid", { pid, pgid }));
  }

  /** The number of the restarter's group: one of its own, where it has none that is known inside. */
  private outsideGroup({ task }: Guest): number {
    return this.restarter.task.signal.pgrp.nrIn(task.pidNs);
  }

  private guest(actor: Actor): Guest {
    return this.guests.get(actor) as Guest;
  }
}

/** Why a call did not do what was asked; null when it did. */
function refusalOf(guest: Guest, result: number | null): string | null {
  if (result === null) return isAlive(guest.task) ? "it waits" : "it is gone";
  return guest.errno(result);
}
