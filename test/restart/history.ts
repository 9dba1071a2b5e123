import { CLONE, PR } from "../../src/abi/structs/index.ts";
import { boot, Guest, type Machine } from "../../src/kernel/index.ts";
import { isAlive } from "../../src/kernel/task/alive.ts";
import { SIG } from "../../src/kernel/task/signal-queue.ts";
import type { Task } from "../../src/kernel/task/task.ts";
import { PROT_READ, PROT_WRITE } from "../../src/mm/index.ts";
import { makeChild } from "../../src/restart/follow/dialect.ts";
import { portraitOf } from "../../src/restart/follow/portrait.ts";
import type { Tree } from "../../src/restart/index.ts";

/** One thing that a task of a living tree does; what does not work out changes nothing. */
export interface Deed {
  /** Which of the tasks alive. */
  readonly who: number;
  readonly what:
    | "fork"
    | "newpid"
    | "thread"
    | "sister"
    | "setsid"
    | "setpgid"
    | "move"
    | "exit"
    | "reap"
    | "enter"
    | "home"
    | "unshare"
    | "subreaper"
    | "stop"
    | "kill";
  /** A number for a child, or which of several. */
  readonly value: number;
}

const ROOM = 0x1000_0000;

/** Where a tree grows. */
export interface Garden {
  readonly machine: Machine;
  readonly root: Task;
  /** The level of the machine that is level 0 of the tree. */
  readonly base: number;
}

/** A tree with its root alone, which is init of a namespace of its own or has a number in the machine's. */
export function garden(rootIsInit: boolean): Garden {
  const machine = boot({ profile: "clone3-614", frames: 4096 });
  const init = new Guest(machine, machine.init);
  machine.init.mm?.map(ROOM, 4096, PROT_READ | PROT_WRITE, { shared: true });
  const numbers = rootIsInit ? [null, 1] : [77];
  const made = makeChild(init, "clone3", { numbers, newpid: rootIsInit, thread: false, sister: false }, ROOM);
  const root = init.child(made as number).task;
  machine.start(root);
  return { machine, root, base: rootIsInit ? 1 : 0 };
}

/** Lets a tree live, and takes its portrait: one that a kernel had, and so can have again. */
export function live({ machine, root, base }: Garden, deeds: readonly Deed[]): Tree {
  for (const deed of deeds) {
    const alive = below(root).filter((task) => isAlive(task) && task.state === "running");
    const task = alive[deed.who % alive.length];
    if (task !== undefined) act(machine, root, task, deed, alive);
  }
  return portraitOf(root, base);
}

function act(machine: Machine, root: Task, task: Task, { what, value }: Deed, alive: readonly Task[]): void {
  const guest = new Guest(machine, task);
  const other = alive[value % alive.length] as Task;
  switch (what) {
    case "fork":
    case "newpid":
    case "thread":
    case "sister":
      bear(guest, what, value);
      return;
    case "setsid":
      guest.call("setsid");
      return;
    case "setpgid":
      guest.call("setpgid", { pid: 0, pgid: value % 3 === 0 ? 0 : other.signal.pgrp.nrIn(task.pidNs) });
      return;
    case "move":
      guest.call("setpgid", {
        pid: other.pid.nrIn(task.pidNs),
        pgid: value % 2 === 0 ? 0 : task.signal.pgrp.nrIn(task.pidNs),
      });
      return;
    case "exit":
      if (task.groupLeader !== root) guest.call("exit_group", { error_code: value & 255 });
      return;
    case "kill":
    case "stop":
      signal(
        guest,
        value % 2 === 0 ? task : other,
        root,
        what === "stop" ? SIG.STOP : (DEADLY[value % DEADLY.length] as number),
      );
      return;
    case "subreaper":
      guest.call("prctl", { option: PR.SET_CHILD_SUBREAPER, arg2: value % 3 === 0 ? 0 : 1 });
      return;
    case "unshare":
      guest.call("unshare", { unshare_flags: CLONE.NEWPID });
      return;
    case "reap":
      guest.call("wait4", { upid: -1, options: 1 });
      return;
    case "enter":
    case "home": {
      const target = what === "home" ? task : other;
      const fd = guest.call("pidfd_open", { pid: target.groupLeader.pid.nrIn(task.pidNs), flags: 0 });
      if (fd === null || fd < 0) return;
      guest.call("setns", { fd, flags: CLONE.NEWPID });
      guest.call("close", { fd });
    }
  }
}

/** The root is left alone: without it there is no tree, and nobody's children would go on. */
function signal(guest: Guest, { groupLeader }: Task, root: Task, sig: number): void {
  const pid = groupLeader.pid.nrIn(guest.task.pidNs);
  if (pid !== 0 && groupLeader !== root) guest.call("kill", { pid, sig });
}

const DEADLY = [SIG.KILL, SIG.TERM, SIG.ABRT, 34];

/** A child with a number of its own at every level, small enough to meet others. */
function bear(guest: Guest, what: "fork" | "newpid" | "thread" | "sister", value: number): void {
  const { machine, task } = guest;
  const level = task.nsproxy.pidNs.level + (what === "newpid" ? 1 : 0);
  const numbers = Array.from({ length: level + 1 }, (_, i) => 2 + ((value + 7 * i) % 60));
  if (what === "newpid") numbers[level] = 1;
  const empty = (what === "fork" || what === "sister") && task.nsproxy.pidNs.find(1) === null;
  if (empty) numbers[level] = 1;
  const made = makeChild(
    guest,
    "clone3",
    { numbers, newpid: what === "newpid", thread: what === "thread", sister: what === "sister" },
    ROOM,
  );
  if (typeof made === "number" && made > 0) machine.start(guest.child(made).task);
}

/** The tasks of a tree, threads and zombies included. */
function below(root: Task): Task[] {
  const all = [root];
  for (const task of all) {
    if (task.groupLeader === task)
      for (const thread of task.signal.threads) if (thread !== task) all.push(thread);
    for (const child of task.children ?? []) all.push(child);
  }
  return all;
}
