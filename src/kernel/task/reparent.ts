import { List } from "../list.ts";
import type { Machine } from "../machine.ts";
import type { PidNamespace } from "../pid/namespace.ts";
import { hangUpOrphans } from "../signal/orphans.ts";
import { mayKill } from "../signal/permission.ts";
import { sendSignal } from "../signal/send.ts";
import { isAlive } from "./alive.ts";
import { notifyParent } from "./notify.ts";
import { releaseTask } from "./release.ts";
import { SIG } from "./signal-queue.ts";
import type { Task } from "./task.ts";

/**
 * `forget_original_parent`: the children of a task that has exited go to another thread of its group, else to the
 * nearest subreaper above it, else to the init of its pid namespace. The children of an init that goes are those that
 * are left when its namespace has gone ({@link leaveNamespace}).
 */
export function reparentChildren(machine: Machine, father: Task): void {
  const childReaper = findChildReaper(machine, father);
  const children = father.children;
  if (children === null) return;
  const heir = findNewReaper(father) ?? childReaper;
  father.children = null;
  for (const child of children) {
    for (const thread of child.signal.threads) {
      thread.realParent = heir;
      if (thread.deathSignal !== 0 && mayKill(father, thread, thread.deathSignal))
        sendSignal(machine, thread, thread.deathSignal, father);
    }
    child.sibling = (heir.children ??= new List()).push(child);
    if (heir.groupLeader === father.groupLeader) continue;
    // A new parent knows no private exit signal.
    if (child.exitSignal !== -1) child.exitSignal = SIG.CHLD;
    if (child.state === "zombie" && child.signal.threads.length === 1) notifyParent(machine, child);
    hangUpOrphans(machine, child, father);
  }
}

/** `find_new_reaper`: another thread of the father's group, or the nearest subreaper; null when init inherits. */
function findNewReaper(father: Task): Task | null {
  const sibling = aliveThread(father);
  if (sibling !== null || !father.signal.hasSubreaper) return sibling;
  // Not past the father's own namespace, whose init ends the search.
  for (let reaper = father.realParent; reaper.pid.level === father.pid.level; reaper = reaper.realParent) {
    if (reaper === reaper.realParent) return null;
    const heir = reaper.signal.isSubreaper ? aliveThread(reaper) : null;
    if (heir !== null) return heir;
  }
  return null;
}

/** A thread of the task's group that has not exited. */
function aliveThread(task: Task): Task | null {
  return task.signal.threads.find((thread) => isAlive(thread)) ?? null;
}

/** `find_child_reaper`: the init of the father's namespace; of one that goes, what comes after it. */
function findChildReaper(machine: Machine, father: Task): Task {
  const ns = father.pidNs;
  if (ns.reaper !== father.groupLeader && ns.reaper !== father) return reaperOf(machine, father);
  const sibling = aliveThread(father);
  if (sibling !== null) {
    ns.reaper = sibling;
    return sibling;
  }
  return reaperOf(machine, father);
}

/** The last thread of a namespace's init has exited: its namespace goes with it, or the machine. */
export function leaveNamespace(machine: Machine, father: Task): void {
  const ns = father.pidNs;
  if (ns.reaper !== father.groupLeader && ns.reaper !== father) return;
  if (aliveThread(father) !== null) return;
  ns.reaper = father;
  if (ns.parent === null) machine.panic("Attempted to kill init!");
  else zapPidNamespace(machine, father);
}

/**
 * The init that inherits: of the task's own namespace, or of the nearest one above that still has one. An init that is
 * taking its namespace down inherits, and reaps, to the end.
 */
function reaperOf(machine: Machine, father: Task): Task {
  for (let ns: typeof father.pidNs | null = father.pidNs; ns !== null; ns = ns.parent) {
    const reaper = ns.reaper as Task | null;
    if (reaper !== null && reaper !== father && (isAlive(reaper) || ns.dying)) return reaper;
  }
  return machine.idle;
}

/**
 * `zap_pid_ns_processes`: the namespace of `init` takes no more tasks; everyone in it, deeper levels included, is
 * killed, and what is this init's own is reaped by it. A task that waits in vfork dies after the child it waits for.
 */
function zapPidNamespace(machine: Machine, init: Task): void {
  const ns = init.pidNs;
  ns.dying = true;
  // In the table of handlers, which others may share.
  if (machine.profile.processes.dyingInitIgnoresChildren) init.sighand.ignore(SIG.CHLD);
  for (let left = othersIn(ns, init); left.length > 0; left = othersIn(ns, init)) {
    const waiting = new Set(left.map((task) => task.vforkParent));
    for (const task of left) if (!waiting.has(task)) machine.kill(task);
  }
  for (const child of [...(init.children ?? [])]) if (child.state === "zombie") releaseTask(machine, child);
}

/** Who still lives in a namespace or below it, but for the threads of `init`. */
function othersIn(ns: PidNamespace, init: Task): Task[] {
  const found: Task[] = [];
  for (const pid of ns.pids()) {
    const task = pid.task("pid") as Task | null;
    if (task !== null && task.groupLeader !== init.groupLeader && isAlive(task)) found.push(task);
  }
  return found;
}
